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
 * @throws SourceError `commit-not-found`, `limit-exceeded`, `timeout`, `corrupt-repository`, `git-missing`
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
  const versions = await readVersions(repository, log);
  return foldPromotions(base?.histories ?? new Map(), log, versions);
}

/**
 * Adds the commits of a log (newest first) to the histories. Commits that leave the version as it is add nothing, so
 * each record is the commit that promoted; a removed channel loses its history; a blob without a readable version
 * is passed over. `versions` maps blob ids to versions.
 */
export function foldPromotions(
  histories: ChannelHistories,
  log: readonly LoggedCommit[],
  versions: ReadonlyMap<string, string>,
): ChannelHistories {
  const folded = new Map(histories);
  for (const { commit, author, at, subject, changes } of log.toReversed()) {
    for (const { path, after } of changes) {
      const match = CHANNEL_PATH.exec(path);
      if (match === null) continue;
      const channel = `${match[1]}/${match[2]}`;
      if (after === undefined) {
        folded.delete(channel);
        continue;
      }
      const version = versions.get(after);
      const before: readonly PromotionRecord[] = folded.get(channel) ?? [];
      if (version === undefined || version === before[0]?.version) continue;
      folded.set(channel, [{ version, at, commit, author, subject }, ...before].slice(0, MAX_PROMOTIONS));
    }
  }
  return folded;
}

async function readVersions(
  repository: GitRepository,
  log: readonly LoggedCommit[],
): Promise<Map<string, string>> {
  const blobs = new Set<string>();
  for (const { changes } of log) {
    for (const { after } of changes) if (after !== undefined) blobs.add(after);
  }
  const ids = [...blobs];
  const objects = await repository.objects.read(ids, SNAPSHOT_LIMITS.yamlBytes);
  const versions = new Map<string, string>();
  for (const [index, id] of ids.entries()) {
    const version = versionOf(objects[index]?.bytes);
    if (version !== undefined) versions.set(id, version);
  }
  return versions;
}

/** The `version` of an old channel file, as it is written; old files may be anything, so nothing here is an error. */
function versionOf(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    // Only strings: `1.10` must not become the number 1.1.
    const channel: unknown = load(bytes.toString("utf8"), { schema: FAILSAFE_SCHEMA });
    if (typeof channel !== "object" || channel === null || !("version" in channel)) return undefined;
    return typeof channel.version === "string" && channel.version !== "" ? channel.version : undefined;
  } catch {
    return undefined;
  }
}
