import type { StandingRollout } from "../http/rollout-metrics.ts";
import type { CommitStatus } from "./forge-request.ts";
import { type SetStatuses, statusKey } from "./kept-statuses.ts";
import { replacedStatus, SERVED_CONTEXT } from "./wanted-statuses.ts";

/**
 * What the forge has to be told, newest promises last: what it was not told yet, or was told otherwise; and of rollouts that
 * it believes to be under way and that are not the channel's any more, that they have ended.
 *
 * A rollout that was through before the forge was ever told of it is left alone: there is nobody who waits for it.
 */
export function statusChanges(
  wanted: readonly CommitStatus[],
  set: SetStatuses,
  standing: readonly StandingRollout[] | undefined,
): CommitStatus[] {
  const changes = wanted.filter((status) => {
    const before = set.get(statusKey(status));
    if (before === undefined) return status.context === SERVED_CONTEXT || status.state !== "passed";
    return before.state !== status.state || before.description !== status.description;
  });
  if (standing === undefined) return changes;
  const current = new Set(wanted.map(statusKey));
  for (const status of set.values()) {
    const isOpen = status.state === "pending" || status.state === "running";
    if (!isOpen || status.context === SERVED_CONTEXT || current.has(statusKey(status))) continue;
    changes.push(replacedStatus(status, standing));
  }
  return changes;
}
