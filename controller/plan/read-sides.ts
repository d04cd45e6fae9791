import { asMergedNow, type DesiredState, desiredState } from "../desired/desired-state.ts";
import type { Overlay } from "../desired/overlay.ts";
import type { GitRepository } from "../source/git-repository.ts";
import { findMergeBase } from "../source/merge-base.ts";
import { resolveCommit } from "../source/resolve-ref.ts";
import { commitSource, type StateSource } from "../source/state-source.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { readState } from "../state/read-state.ts";
import { StateCache } from "../state/state-cache.ts";
import { type StateAt, stateAt } from "../validate/state-at.ts";
import { PlanError } from "./plan-error.ts";

/** What two commits, or a commit and the work tree, ask of the fleet. */
export interface PlanSides {
  readonly before: DesiredState;
  /** As it will be once it is merged; `undefined` when it has errors, which `head` tells. */
  readonly after: DesiredState | undefined;
  readonly head: StateAt;
  /** Both as they are written, where both are sound. */
  readonly models: { readonly before: FleetModel; readonly after: FleetModel } | undefined;
}

export interface SidesRequest {
  readonly repository: GitRepository;
  /** State root inside the repository, with `/`. */
  readonly path: string;
  readonly base: string;
  readonly head: {
    readonly source: StateSource;
    /** The commit from which the change is: its own, or for a work tree the one that is checked out. */
    readonly ref: string;
  };
  /** Seconds since 1970. */
  readonly now: number;
  /** What a running controller adds on both sides; a commit that moves a channel on leaves it behind. */
  readonly overlays: readonly Overlay[];
  /** Keeps what was read from one plan to the next. */
  readonly cache?: StateCache;
}

/**
 * Reads both sides of a plan. `before` is the merge base and not the tip of `base`, so that what was merged into `base`
 * since then does not look as if this change took it back. It need not pass today's rules, only be readable.
 *
 * @throws PlanError, SourceError
 */
export async function readSides(request: SidesRequest): Promise<PlanSides> {
  const { repository, path, base, now, overlays } = request;
  const tip = await resolveCommit(repository, request.head.ref);
  const start = await mergeBase(repository, await resolveCommit(repository, base), tip);

  const { cache = new StateCache() } = request;
  const source = commitSource(repository, path, start);
  const { model } = readState(await source.snapshot(start), { cache });
  if (model === undefined) {
    throw new PlanError(
      "plan/unreadable-base",
      `the state at ${start.slice(0, 12)} (\`${base}\`) has errors`,
      {
        help: "run `fairlead validate` on it, or name a sound commit with --base",
      },
    );
  }
  const before = desiredState(model, await source.histories(start), now, overlays);
  const head = await stateAt(request.head.source, { now, before: model, cache });
  const after =
    head.model === undefined
      ? undefined
      : asMergedNow(before, desiredState(head.model, head.histories, now, overlays), now);
  const models = head.model === undefined ? undefined : { before: model, after: head.model };
  return { before, after, head, models };
}

async function mergeBase(repository: GitRepository, base: string, tip: string): Promise<string> {
  const commit = await findMergeBase(repository, base, tip);
  if (commit !== undefined) return commit;
  throw new PlanError(
    "plan/no-common-base",
    `\`${tip.slice(0, 12)}\` and \`${base.slice(0, 12)}\` share no history`,
    {
      help: "in CI, fetch the whole history (fetch-depth: 0), or name another --base",
    },
  );
}
