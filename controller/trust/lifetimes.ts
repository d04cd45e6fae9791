const DAY = 86_400;

/** How long each role that the online key signs is good for, in seconds. */
export interface OnlineLifetimes {
  readonly policy: number;
  readonly snapshot: number;
  readonly timestamp: number;
}

/**
 * Agents stop updating when the timestamp expires. Three days let them go on over a weekend without a controller, and
 * bound for how long a hostile mirror can withhold a newer manifest.
 */
export const ONLINE_LIFETIMES: OnlineLifetimes = { policy: 7 * DAY, snapshot: 7 * DAY, timestamp: 3 * DAY };

/** How long offline signatures are good for, and how long before the end the alarm begins, in seconds. */
export const OFFLINE_LIFETIMES = {
  root: { life: 400 * DAY, alarm: 90 * DAY },
  targets: { life: 400 * DAY, alarm: 90 * DAY },
  releases: { life: 180 * DAY, alarm: 30 * DAY },
} as const;

/** Whether a role has passed a third of its life: time to sign it anew, while two thirds are left to notice trouble. */
export function isDueForSigning(expires: number, life: number, now: number): boolean {
  return now >= expires - Math.floor((life * 2) / 3);
}
