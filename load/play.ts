import { cohort } from "../protocol/cohort.ts";
import type { ChannelPolicy } from "../protocol/policy.ts";
import { rolloutStart } from "../protocol/waves.ts";
import { PRODUCT } from "./fleet-state.ts";
import { type Settings, WAVES } from "./settings.ts";
import type { Traffic } from "./traffic.ts";
import type { VerifiedManifest } from "./verified-manifest.ts";

/** Seconds of a poll of a real fleet: what the code of agents computes with. */
export const MODEL_INTERVAL = 300;
/** Seconds by which clocks of two processes of one machine may seem to differ, since both count whole ones. */
const GRACE = 1;

/** What all devices of a run share. */
export interface Play {
  readonly settings: Settings;
  readonly url: string;
  /** SHA-256 of the first root. */
  readonly repository: string;
  readonly traffic: Traffic;
  readonly manifest: VerifiedManifest;
  readonly log: PlayLog;
  readonly signal: AbortSignal;
  /** Whether this version fails on this device. */
  readonly fails: (version: string, device: string, platform: string) => boolean;
}

/** Of all that devices did, what the story is judged by. */
export class PlayLog {
  /** Attempts by id that the controller has acknowledged; each counts once. */
  readonly acknowledged = new Map<
    string,
    { readonly device: string; readonly to: string; readonly ok: boolean }
  >();
  /** Devices that took each version, failed or not. */
  readonly reached = new Map<string, Set<string>>();
  readonly confirmed = new Map<string, Set<string>>();
  /** What no device may do and one did. */
  readonly broken: string[] = [];
  checkIns = 0;
  refusedCheckIns = 0;

  /** A device begins to install. Its turn is computed here from what was written, not by the code that decided. */
  begins(device: string, version: string, channel: ChannelPolicy, wave: number): void {
    setOf(this.reached, version).add(device);
    if (channel.current.version !== version) return;
    const elapsed = Date.now() / 1000 - rolloutStart(channel, channel.current).at + GRACE;
    const open = WAVES.filter((_, turn) => turn * wave <= elapsed).at(-1) ?? 0;
    if (cohort(PRODUCT, version, device) * 100 < open) return;
    this.broken.push(`${device} took ${version} with ${open} % open, before its turn`);
  }

  confirms(device: string, version: string): void {
    setOf(this.confirmed, version).add(device);
  }

  countOf(version: string): number {
    return this.confirmed.get(version)?.size ?? 0;
  }
}

function setOf<Key>(sets: Map<Key, Set<string>>, key: Key): Set<string> {
  let set = sets.get(key);
  if (set === undefined) {
    set = new Set();
    sets.set(key, set);
  }
  return set;
}
