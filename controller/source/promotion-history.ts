import { isOnFirstParentLine, readFirstParentLog } from "./first-parent-log.ts";
import type { GitRepository } from "./git-repository.ts";
import type { LoggedCommit } from "./logged-commit.ts";
import type { ChannelHistories, PromotionRecord } from "./promotion-record.ts";
import { readPastFiles } from "./read-past-files.ts";
import { memberOf, textAt } from "./unchecked-yaml.ts";

/** Promotions kept for a channel, the current one included: as far back as a barrier may want to lead. */
export const MAX_PROMOTIONS = 1000;

/** The histories at a commit, from which those of a later commit can be continued. */
export interface KnownHistories {
  readonly commit: string;
  readonly histories: ChannelHistories;
}

/** More waves no rollout has. */
const MAX_WAVES = 100;

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
  const contents = await readPastFiles(repository, log);
  return foldPromotions(base?.histories ?? new Map(), log, contents);
}

/**
 * Adds the commits of a log (newest first) to the histories. Commits that leave the version as it is add nothing, so
 * each record is the commit that promoted; a removed channel loses its history; a blob without a readable version
 * is passed over; where nothing is added, the very same are returned. A version that stood halted when the channel moved on is marked, and one whose waves a hand had opened
 * with their number.
 *
 * @param contents what `readPastFiles` gives
 */
function foldPromotions(
  histories: ChannelHistories,
  log: readonly LoggedCommit[],
  contents: ReadonlyMap<string, unknown>,
): ChannelHistories {
  const folded = new Map(histories);
  let isSame = true;
  for (const { commit, author, at, subject, changes } of log.toReversed()) {
    for (const { path, before: blobBefore, after } of changes) {
      const match = CHANNEL_PATH.exec(path);
      if (match === null) continue;
      const channel = `${match[1]}/${match[2]}`;
      if (after === undefined) {
        if (folded.delete(channel)) isSame = false;
        continue;
      }
      const version = textAt(contents.get(after), "version");
      const [last, ...older] = folded.get(channel) ?? [];
      if (version === undefined || version === last?.version) continue;
      const past = blobBefore === undefined ? undefined : contents.get(blobBefore);
      const before = last === undefined ? [] : [{ ...last, ...marksOf(past, last.version) }, ...older];
      isSame = false;
      folded.set(channel, [{ version, at, commit, author, subject }, ...before].slice(0, MAX_PROMOTIONS));
    }
  }
  return isSame ? histories : folded;
}

/** What the channel's file said of the version that it was about to leave. */
function marksOf(channel: unknown, version: string): Pick<PromotionRecord, "halted" | "opened"> {
  const isHalted = textAt(memberOf(channel, "halted"), "version") === version;
  const advance = textAt(memberOf(channel, "rollout"), "advance");
  const opened = memberOf(channel, "opened");
  const waves = textAt(opened, "version") === version ? Number(textAt(opened, "waves")) : 0;
  return {
    ...(isHalted ? { halted: true } : {}),
    ...(advance === "manual" || advance === "healthy" ? { opened: openedIn(waves) } : {}),
  };
}

/** Files of old commits may say anything: what is no number of waves opens none. */
function openedIn(waves: number): number {
  return Number.isInteger(waves) && waves >= 0 && waves <= MAX_WAVES ? waves : 0;
}
