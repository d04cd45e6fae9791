import type { DeviceState } from "./store/fleet-store.ts";
import type { DeviceRecord } from "./store/records.ts";

/** Seconds without a check-in after which a device is `silent`, and `gone`. */
export const SILENT_AFTER = 86_400;
export const GONE_AFTER = 30 * 86_400;

/** States of the agent's journal in which no installation is under way. */
export const AT_REST: readonly string[] = ["idle", "confirmed", "rolled-back", "not-restored"];

/**
 * How a device stands at a time, and since when: what its last check-in said, or that it has been silent since.
 *
 * @param now seconds since 1970
 * @returns `since`: `null` where nobody kept it
 */
export function stateOf(
  { lastSeenAt, enrolledAt, condition, conditionSince }: DeviceRecord,
  now: number,
): { readonly state: DeviceState; readonly since: number | null } {
  const heardAt = lastSeenAt ?? enrolledAt;
  if (heardAt <= now - GONE_AFTER) return { state: "gone", since: heardAt };
  if (heardAt <= now - SILENT_AFTER) return { state: "silent", since: heardAt };
  return { state: condition, since: conditionSince };
}
