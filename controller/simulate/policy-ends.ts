import type { ProductPolicy } from "../../protocol/policy.ts";

/**
 * The seconds since 1970 after `from`, ascending, at which a pause or a pin ends by itself. Those are what a decision
 * does not name itself, unlike waves, freezes and windows.
 */
export function policyEnds({ fleet, paused, channels }: ProductPolicy, from: number): number[] {
  const pauses = [fleet.paused, paused, ...Object.values(channels).map((channel) => channel.paused)];
  const ends = [...pauses.map((pause) => pause?.until), fleet.pin?.expires].flatMap((end) => end ?? []);
  return [...new Set(ends)].filter((end) => end > from).sort((a, b) => a - b);
}
