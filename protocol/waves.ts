import { cohort } from "./cohort.ts";
import { isMember } from "./membership.ts";
import type { ChannelPolicy, Promotion, Rollout, Spread } from "./policy.ts";
import type { Severity } from "./release.ts";
import { WHOLE_PPM } from "./share.ts";

/** Since when the waves of a promotion count, and what says so. */
export interface RolloutStart {
  /** Seconds since 1970. */
  readonly at: number;
  /** `commit`: the time of the commit that promoted it. */
  readonly by: "commit" | "publication" | "startsAt";
}

/** `startsAt` is said of what the channel points to now: what it pointed to before had begun already. */
export function rolloutStart({ current, rollout }: ChannelPolicy, promotion: Promotion): RolloutStart {
  const { at, startedBy: by = "commit" } = promotion;
  const startsAt = promotion === current ? (rollout?.startsAt ?? 0) : 0;
  return startsAt > at ? { at: startsAt, by: "startsAt" } : { at, by };
}

/** The waves by which versions of this severity spread. */
export function spreadFor(rollout: Rollout, severity: Severity): Spread {
  return severity === "security" ? (rollout.bySeverity?.security ?? rollout) : rollout;
}

/**
 * How many waves of a promotion are open, where something else than time opens them; `undefined`: each opens at its
 * time. Of an earlier promotion it is how many were, when the channel moved on.
 */
export function openedWaves(
  { current, rollout }: ChannelPolicy,
  promotion: Promotion,
  severity: Severity,
): number | undefined {
  if (rollout === undefined || spreadFor(rollout, severity) !== rollout) return undefined;
  return promotion === current ? rollout.opened : promotion.opened;
}

/** The wave that a device is in: its number, counted from 1, and when it gets its turn. */
export interface WavePlace {
  readonly wave: number;
  /** Seconds after the start. */
  readonly delay: number;
}

/**
 * The wave in which the device with this cohort fraction gets its turn, or `undefined` when no wave ever reaches it.
 * Waves are cumulative and ascending.
 *
 * `linear` spreads a wave evenly over the time since the wave before it; the first opens at its own time. (The
 * fraction is taken relative to the start of the wave: interpolating on the bare fraction would land a whole wave
 * at its end.)
 */
export function placeInWaves({ strategy, waves }: Spread, fraction: number): WavePlace | undefined {
  let before = { share: 0, after: 0 };
  let number = 0;
  for (const wave of waves) {
    number++;
    const share = wave.ppm / WHOLE_PPM;
    if (fraction < share) {
      if (strategy === "steps" || number === 1) return { wave: number, delay: wave.after };
      const progress = (fraction - before.share) / (share - before.share);
      return { wave: number, delay: Math.ceil(before.after + progress * (wave.after - before.after)) };
    }
    before = { share, after: wave.after };
  }
  return undefined;
}

/** Seconds after the start at which the device with this cohort fraction gets its turn; see `placeInWaves`. */
export function waveDelay(spread: Spread, fraction: number): number | undefined {
  return placeInWaves(spread, fraction)?.delay;
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

/** What spreads: a version, since when, and as far as it is open. */
export interface Spreading {
  readonly release: { readonly version: string; readonly severity: Severity };
  readonly start: RolloutStart;
  /** See `openedWaves`. */
  readonly opened?: number | undefined;
}

/** When a device gets its turn for a version. */
export interface Turn {
  /** Second from which it may have the version; absent: no time is known. */
  readonly at?: number;
  /** Its place in the queue for the version, a fraction of 1; absent for a canary, and where there are no waves. */
  readonly fraction?: number;
  /** The wave that it waits for, counted from 1, where that one is not opened yet. */
  readonly shutWave?: number;
}

/**
 * When a device may have a version: at the start where there is no rollout, and for canaries; else by its cohort, once
 * its wave is open.
 */
export function turnOf(
  rollout: Rollout | undefined,
  { release, start, opened }: Spreading,
  product: string,
  device: { readonly id: string; readonly groups: readonly string[] },
): Turn {
  if (rollout === undefined) return { at: start.at };
  const fraction = cohort(product, release.version, device.id);
  if (isCanary(rollout, device.id, device.groups, fraction)) return { at: start.at };
  const place = placeInWaves(spreadFor(rollout, release.severity), fraction);
  if (place === undefined) return { fraction };
  if (opened !== undefined && place.wave > opened) return { fraction, shutWave: place.wave };
  return { fraction, at: start.at + place.delay };
}
