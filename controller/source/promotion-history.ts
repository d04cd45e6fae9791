import { FAILSAFE_SCHEMA, load } from "js-yaml";
import { isOnFirstParentLine, type LoggedCommit, readFirstParentLog } from "./first-parent-log.ts";
import type { GitRepository } from "./git-repository.ts";
import type { ChannelHistories, PromotionRecord } from "./promotion-record.ts";
import { SNAPSHOT_LIMITS } from "./state-file.ts";

/** Promotions kept for a channel, the current one included. */
export const MAX_PROMOTIONS = 32;

/** The histories at a commit, from which those of a later commit can be continued. */
export interface KnownHistories {
  readonly commit: string;
  readonly histories: ChannelHistories;
}

const CHANNEL_GLOB = "products/*/channels/*.yaml";
const CHANNEL_PATH = /^products\/([^/]+)\/channels\/([^/]+)\.yaml$/;

/**
 * What each channel pointed to, from the first-parent line of `commit`. With `known` of an earlier commit on that
 * line only the commits since are read.
 *
 * @throws SourceError `source/commit-not-found`, `source/limit-exceeded`, `source/timeout`,
 *   `source/corrupt-repository`, `source/git-missing`
 */
export async function readChannelHistories(
  repository: GitRepository,
  commit: string,
  path: string,
  known?: KnownHistories,
): Promise<ChannelHistories> {
  if (known?.commit === commit) return known.histories;
  const base =
    known !== undefined && (await isOnFirstParentLine(repository, known.commit, commit)) ? known : undefined;
  const log = await readFirstParentLog(repository, commit, {
    path,
    globs: [CHANNEL_GLOB],
    ...(base === undefined ? {} : { since: base.commit }),
  });
  const contents = await readChannels(repository, log);
  return foldPromotions(base?.histories ?? new Map(), log, contents);
}

/** What an old channel file says that history needs. */
export interface PastChannel {
  readonly version: string;
  /** The version that it halts. */
  readonly halts?: string;
}

/**
 * Adds the commits of a log (newest first) to the histories. Commits that leave the version as it is add nothing, so
 * each record is the commit that promoted; a removed channel loses its history; a blob without a readable version
 * is passed over. A version that stood halted when the channel moved on is marked. `contents` is by blob id.
 */
export function foldPromotions(
  histories: ChannelHistories,
  log: readonly LoggedCommit[],
  contents: ReadonlyMap<string, PastChannel>,
): ChannelHistories {
  const folded = new Map(histories);
  for (const { commit, author, at, subject, changes } of log.toReversed()) {
    for (const { path, before: blobBefore, after } of changes) {
      const match = CHANNEL_PATH.exec(path);
      if (match === null) continue;
      const channel = `${match[1]}/${match[2]}`;
      if (after === undefined) {
        folded.delete(channel);
        continue;
      }
      const version = contents.get(after)?.version;
      const [last, ...older] = folded.get(channel) ?? [];
      if (version === undefined || version === last?.version) continue;
      const halted = blobBefore === undefined ? undefined : contents.get(blobBefore)?.halts;
      const left = last !== undefined && halted === last.version ? { ...last, halted: true } : last;
      const before: readonly PromotionRecord[] = left === undefined ? [] : [left, ...older];
      folded.set(channel, [{ version, at, commit, author, subject }, ...before].slice(0, MAX_PROMOTIONS));
    }
  }
  return folded;
}

async function readChannels(
  repository: GitRepository,
  log: readonly LoggedCommit[],
): Promise<Map<string, PastChannel>> {
  const blobs = new Set<string>();
  for (const { changes } of log) {
    for (const { before, after } of changes) {
      if (before !== undefined) blobs.add(before);
      if (after !== undefined) blobs.add(after);
    }
  }
  const ids = [...blobs];
  const objects = await repository.objects.read(ids, SNAPSHOT_LIMITS.yamlBytes);
  const contents = new Map<string, PastChannel>();
  for (const [index, id] of ids.entries()) {
    const channel = readPastChannel(objects[index]?.bytes);
    if (channel !== undefined) contents.set(id, channel);
  }
  return contents;
}

/** An old channel file; it may be anything, so nothing here is an error. */
function readPastChannel(bytes: Buffer | undefined): PastChannel | undefined {
  if (bytes === undefined) return undefined;
  try {
    // Only strings: `1.10` must not become the number 1.1.
    const channel: unknown = load(bytes.toString("utf8"), { schema: FAILSAFE_SCHEMA });
    const version = versionIn(channel);
    if (version === undefined || !isObject(channel)) return undefined;
    const halts = "halted" in channel ? versionIn(channel.halted) : undefined;
    return halts === undefined ? { version } : { version, halts };
  } catch {
    return undefined;
  }
}

function versionIn(value: unknown): string | undefined {
  if (!isObject(value) || !("version" in value)) return undefined;
  return typeof value.version === "string" && value.version !== "" ? value.version : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
