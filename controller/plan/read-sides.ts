import { asMergedNow, type DesiredState, desiredState } from "../desired/desired-state.ts";
import type { GitRepository } from "../source/git-repository.ts";
import { readChannelHistories } from "../source/promotion-history.ts";
import { resolveCommit } from "../source/read-commit.ts";
import { readSnapshot } from "../source/read-snapshot.ts";
import { readState } from "../state/read-state.ts";
import { StateCache } from "../state/state-cache.ts";
import { type ReadDesired, readDesired, type StatePlace } from "../validate/read-desired.ts";
import { PlanError } from "./plan-error.ts";

/** What two commits, or a commit and the work tree, ask of the fleet. */
export interface PlanSides {
  readonly before: DesiredState;
  /** As it will be once it is merged; `undefined` when it has errors, which `head` tells. */
  readonly after: DesiredState | undefined;
  readonly head: ReadDesired;
}

export interface SidesRequest {
  readonly repository: GitRepository;
  /** State root inside the repository, with `/`. */
  readonly path: string;
  readonly base: string;
  readonly head: StatePlace;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * Reads both sides of a plan. `before` is the merge base and not the tip of `base`, so that what was merged into `base`
 * since then does not look as if this change took it back. It need not pass today's rules, only be readable.
 *
 * @throws PlanError, SourceError
 */
export async function readSides(request: SidesRequest): Promise<PlanSides> {
  const { repository, path, base, now } = request;
  const tip = await resolveCommit(repository, "ref" in request.head ? request.head.ref : "HEAD");
  const start = await mergeBase(repository, await resolveCommit(repository, base), tip);

  const cache = new StateCache();
  const { model } = readState(await readSnapshot(repository, start, path), { cache });
  if (model === undefined) {
    throw new PlanError(
      "plan/unreadable-base",
      `the state at ${start.slice(0, 12)} (\`${base}\`) has errors`,
      {
        help: "run `fairlead validate` on it, or name a sound commit with --base",
      },
    );
  }
  const before = desiredState(model, await readChannelHistories(repository, start, path));
  const head = await readDesired(repository, path, request.head, now, { before: model, cache });
  const after = head.sound === undefined ? undefined : asMergedNow(before, head.sound.state, now);
  return { before, after, head };
}

async function mergeBase(repository: GitRepository, base: string, tip: string): Promise<string> {
  const result = await repository.run(["merge-base", "--end-of-options", base, tip]);
  const commit = result.stdout.toString().trim();
  if (result.exitCode === 0 && commit !== "") return commit;
  throw new PlanError(
    "plan/no-common-base",
    `\`${tip.slice(0, 12)}\` and \`${base.slice(0, 12)}\` share no history`,
    {
      help: "in CI, fetch the whole history (fetch-depth: 0), or name another --base",
    },
  );
}
