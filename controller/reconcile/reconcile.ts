import { type DesiredPolicies, desiredPolicies } from "../desired/desired-policies.ts";
import type { PublishedManifest } from "../publish/published-manifest.ts";
import { type ChannelPromoter, promotersOf } from "../source/promotion-record.ts";
import type { RemovedState } from "../source/removed-state.ts";
import type { StateSource } from "../source/state-source.ts";
import { type ChannelLag, channelLags } from "../state/channel-lag.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import type { StateCache } from "../state/state-cache.ts";
import { stateAt } from "../validate/state-at.ts";
import { faultOf } from "./fault.ts";
import type { Hold, ReconcileOutcome } from "./outcome.ts";
import { isSameRewind, type Rewind } from "./rewind.ts";
import type { ServedModel } from "./served-model.ts";

/** What a reconcile needs from other rooms; the steps between are in this file. */
export interface ReconcileParts {
  readonly source: StateSource & {
    /** Whether `commit` descends from `ancestor`; false also when that is no longer there. */
    descends(commit: string, ancestor: string): Promise<boolean>;
    /** What was removed on the way to a commit, from `since` on or ever. */
    removed(commit: string, since: string | undefined): Promise<RemovedState>;
  };
  /** The source is a work tree. All of its states have one name, so none can be said to descend from another. */
  readonly editing: boolean;
  /** The commit that a person accepted although it does not descend from what is served. */
  readonly accepted: () => Rewind | undefined;
  /** Why a commit is held for what nobody who may sign has signed (`judgeSignatures`); absent: nobody has to. */
  readonly judgeSignatures:
    | ((commit: string, served: string | undefined) => Promise<Hold | undefined>)
    | undefined;
  /** The state that is served: what a new commit is compared with. */
  readonly servedModel: ServedModel;
  /** Keeps what was read of one commit for the next. */
  readonly cache?: StateCache;
  /** Whether the publisher may have forgotten what agents were shown, and the last commit that it knows of. */
  readonly gap: (model: FleetModel) => { readonly since: string | undefined } | undefined;
  readonly publish: (
    model: FleetModel,
    policies: DesiredPolicies,
    now: number,
    removed: RemovedState | undefined,
  ) => Promise<PublishedManifest>;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** How a reconcile ended, and the manifest where there is a new one. */
export interface Reconciled {
  readonly outcome: ReconcileOutcome;
  readonly manifest?: PublishedManifest;
  /** Channels of that manifest's state that are behind: time alone makes them stale. */
  readonly lags?: readonly ChannelLag[];
  /** Who promoted what its channels point to. */
  readonly promoters?: readonly ChannelPromoter[];
  /** When the source answered what is due, seconds since 1970; absent when it did not. */
  readonly sourceSeenAt?: number;
  /** What was thrown, for the log. */
  readonly error?: unknown;
}

/**
 * Brings what is served to what the source says. The steps only compute; how it ended is said once, in the outcome.
 * Whatever goes wrong leaves `served` as it is.
 *
 * @param served the last good manifest
 * @param again  go through all steps also for the commit that is served (a start, after an upgrade of the program)
 */
export async function reconcile(
  parts: ReconcileParts,
  served: PublishedManifest | undefined,
  again: boolean,
): Promise<Reconciled> {
  const { source, now } = parts;
  try {
    const commit = await source.head();
    const sourceSeenAt = now();
    return { ...(await reconcileCommit(parts, commit, served, again)), sourceSeenAt };
  } catch (error) {
    return failed(error, now());
  }
}

async function reconcileCommit(
  parts: ReconcileParts,
  commit: string,
  served: PublishedManifest | undefined,
  again: boolean,
): Promise<Reconciled> {
  const { now } = parts;
  try {
    if (served?.commit === commit && !again && !parts.editing) {
      const { version } = served;
      return {
        outcome: { kind: "published", commit, version, diagnostics: [], acknowledged: 0, at: now() },
      };
    }
    const hold = await reasonToHold(parts, commit, served);
    if (hold !== undefined) return { outcome: { kind: "held", commit, hold, at: now() } };

    const before = await stateBefore(parts, commit, served);
    const state = await stateAt(parts.source, { commit, now: now(), before, cache: parts.cache });
    const { model, histories = new Map(), diagnostics } = state;
    if (model === undefined) return { outcome: { kind: "refused", commit, diagnostics, at: now() } };
    const policies = desiredPolicies(model, histories);
    const gap = parts.gap(model);
    const removed = gap === undefined ? undefined : await parts.source.removed(commit, gap.since);
    const manifest = await parts.publish(model, policies, now(), removed);
    parts.servedModel.keep(model);

    const { version } = manifest;
    const lags = channelLags(model.products.values(), histories);
    const acknowledged = state.acknowledged.length;
    return {
      outcome: { kind: "published", commit, version, diagnostics, acknowledged, at: now() },
      manifest,
      lags,
      promoters: promotersOf(histories),
    };
  } catch (error) {
    return failed(error, now());
  }
}

function failed(error: unknown, at: number): Reconciled {
  return { outcome: { ...faultOf(error), at }, error };
}

/** Whether a person has to act before anything of the commit is read. */
async function reasonToHold(
  parts: ReconcileParts,
  commit: string,
  served: PublishedManifest | undefined,
): Promise<Hold | undefined> {
  if (parts.editing) return undefined;
  if (served !== undefined && !(await mayFollow(parts, commit, served.commit))) {
    return { cause: "not-descendant", servedCommit: served.commit };
  }
  return parts.judgeSignatures?.(commit, served?.commit);
}

/** Whether the commit descends from the served one, or a person accepted it. Else somebody rewrote history. */
async function mayFollow(parts: ReconcileParts, commit: string, servedCommit: string): Promise<boolean> {
  if (commit === servedCommit || (await parts.source.descends(commit, servedCommit))) return true;
  return isSameRewind(parts.accepted(), { commit, servedCommit });
}

/** What the commit is compared with. A work tree is compared with nothing, so that a mistake can be undone there. */
async function stateBefore(
  parts: ReconcileParts,
  commit: string,
  served: PublishedManifest | undefined,
): Promise<FleetModel | undefined> {
  if (served === undefined || served.commit === commit || parts.editing) return undefined;
  return parts.servedModel.of(served.commit);
}
