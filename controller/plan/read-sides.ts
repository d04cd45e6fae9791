import { checkState } from "../check-state.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { GitRepository } from "../source/git-repository.ts";
import { readChannelHistories } from "../source/promotion-history.ts";
import { resolveCommit } from "../source/read-commit.ts";
import { readSnapshot } from "../source/read-snapshot.ts";
import { readWorktreeSnapshot } from "../source/read-worktree-snapshot.ts";
import type { Snapshot } from "../source/snapshot.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { readState } from "../state/read-state.ts";
import { StateCache } from "../state/state-cache.ts";
import { asMergedNow, type DesiredState, desiredState } from "./desired-state.ts";
import { PlanError } from "./plan-error.ts";

/** What two commits, or a commit and the work tree, ask of the fleet. */
export interface PlanSides {
  readonly before: DesiredState;
  /** As it will be once it is merged; `undefined` when it has errors. */
  readonly after: DesiredState | undefined;
  readonly afterModel: FleetModel | undefined;
  /** What is wrong with the side that is to be merged, and the text to show it in. */
  readonly diagnostics: readonly Diagnostic[];
  readonly snapshot: Snapshot;
}

export interface SidesRequest {
  readonly repository: GitRepository;
  /** State root inside the repository, with `/`. */
  readonly path: string;
  readonly base: string;
  /** A ref, or the folder of a work tree as it lies on disk. */
  readonly head: { readonly ref: string } | { readonly worktree: string };
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * Reads both sides of a plan. The first is where the branch left `base`, so that what was merged into `base` since
 * does not look as if this change took it back.
 *
 * @throws PlanError, SourceError
 */
export async function readSides(request: SidesRequest): Promise<PlanSides> {
  const { repository, path, base, head, now } = request;
  const tip = await resolveCommit(repository, "ref" in head ? head.ref : "HEAD");
  const start = await mergeBase(repository, await resolveCommit(repository, base), tip);

  const cache = new StateCache();
  const baseHistories = await readChannelHistories(repository, start, path);
  const { model } = readState(await readSnapshot(repository, start, path), { cache });
  if (model === undefined) {
    throw new PlanError("unreadable-base", `the state at ${start.slice(0, 12)} (\`${base}\`) has errors`, {
      help: `run \`fairlead validate\` on it, or name a sound commit with --base`,
    });
  }
  const before = desiredState(model, baseHistories);

  const snapshot =
    "ref" in head
      ? await readSnapshot(repository, tip, path)
      : await readWorktreeSnapshot(head.worktree, now);
  const histories = await readChannelHistories(repository, tip, path);
  const checked = checkState(snapshot, { now, histories, before: model, cache });
  const after =
    checked.model === undefined
      ? undefined
      : asMergedNow(before, desiredState(checked.model, histories), now);
  return { before, after, afterModel: checked.model, diagnostics: checked.diagnostics, snapshot };
}

async function mergeBase(repository: GitRepository, base: string, tip: string): Promise<string> {
  const result = await repository.run(["merge-base", "--end-of-options", base, tip]);
  const commit = result.stdout.toString().trim();
  if (result.exitCode === 0 && commit !== "") return commit;
  throw new PlanError(
    "no-common-base",
    `\`${tip.slice(0, 12)}\` and \`${base.slice(0, 12)}\` share no history`,
    {
      help: "in CI, fetch the whole history (fetch-depth: 0), or name another --base",
    },
  );
}
