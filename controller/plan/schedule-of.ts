import type { ScheduleEntry } from "./plan.ts";

const MAX_SCHEDULE_ENTRIES = 12;

/**
 * Devices by the second from which each may go on, as a reader takes them in. Cumulative. With more times than anybody reads (linear waves): when each tenth of the devices is reached.
 */
export function scheduleOf(starts: ReadonlyMap<number, number>): ScheduleEntry[] {
  let devices = 0;
  const all = [...starts]
    .sort(([a], [b]) => a - b)
    .map(([at, count]) => {
      devices += count;
      return { at, devices };
    });
  if (all.length <= MAX_SCHEDULE_ENTRIES) return all;
  const tenths = Array.from({ length: 11 }, (_, i) => Math.max(1, Math.ceil((devices * i) / 10)));
  return tenths.flatMap((share) => all.find((entry) => entry.devices >= share) ?? []);
}
