import { cohort } from "./cohort.ts";
import { isMember } from "./membership.ts";
import type { Rollout } from "./policy.ts";
import { WHOLE_PPM } from "./share.ts";

/**
 * Seconds after the promotion at which the device with this cohort fraction gets its turn, or `undefined` when no
 * wave ever reaches it. Waves are cumulative and ascending.
 *
 * `linear` spreads a wave evenly over the time since the wave before it; the first opens at its own time. (The
 * fraction is taken relative to the start of the wave: interpolating on the bare fraction would land a whole wave
 * at its end.)
 */
export function waveDelay(rollout: Rollout, fraction: number): number | undefined {
  let before = { share: 0, after: 0 };
  let first = true;
  for (const wave of rollout.waves) {
    const share = wave.ppm / WHOLE_PPM;
    if (fraction < share) {
      if (rollout.strategy === "steps" || first) return wave.after;
      const progress = (fraction - before.share) / (share - before.share);
      return Math.ceil(before.after + progress * (wave.after - before.after));
    }
    before = { share, after: wave.after };
    first = false;
  }
  return undefined;
}

/**
 * Whether the device is a canary: by its own id, by a group (`tenant/group`) it is in, or because it is among the first
 * of the queue.
 *
 * @param fraction its place in the queue for the version, as `cohort` has it
 */
export function isCanary(
  rollout: Rollout,
  deviceId: string,
  groups: readonly string[],
  fraction: number,
): boolean {
  const canary = rollout.canary;
  if (canary === undefined) return false;
  if (canary.share !== undefined && fraction < canary.share / WHOLE_PPM) return true;
  return isMember(canary.devices, deviceId) || groups.some((group) => isMember(canary.groups, group));
}

/**
 * The second at which a device may have a version that was promoted at `promotedAt`: at once for everybody where
 * there is no rollout, and for canaries; else by its cohort. `undefined`: no wave reaches it.
 */
export function eligibleAt(
  rollout: Rollout | undefined,
  promotedAt: number,
  product: string,
  version: string,
  device: { readonly id: string; readonly groups: readonly string[] },
): number | undefined {
  if (rollout === undefined) return promotedAt;
  const fraction = cohort(product, version, device.id);
  if (isCanary(rollout, device.id, device.groups, fraction)) return promotedAt;
  const delay = waveDelay(rollout, fraction);
  return delay === undefined ? undefined : promotedAt + delay;
}
