import { cohort } from "../protocol/cohort.ts";
import type { ChannelPolicy } from "../protocol/policy.ts";
import { rolloutStart } from "../protocol/waves.ts";
import type { Watch, World } from "../simulated-fleet/world.ts";
import { PRODUCT } from "./fleet-state.ts";
import { type Settings, WAVES } from "./settings.ts";

/** Seconds by which clocks of two processes of one machine may seem to differ, since both count whole ones. */
const GRACE = 1;

/** What all devices of a run share. */
export interface Play extends World {
  readonly settings: Settings;
  readonly watch: PlayLog;
}

/** Of all that devices did, what the story is judged by. */
export class PlayLog implements Watch {
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
  private readonly wave: number;

  /** @param wave seconds between two waves */
  constructor(wave: number) {
    this.wave = wave;
  }

  /** Its turn is computed here from what was written, not by the code that decided. */
  begins(device: string, version: string, channel: ChannelPolicy | undefined): void {
    setOf(this.reached, version).add(device);
    if (channel?.current.version !== version) return;
    const elapsed = Date.now() / 1000 - rolloutStart(channel, channel.current).at + GRACE;
    const open = WAVES.filter((_, turn) => turn * this.wave <= elapsed).at(-1) ?? 0;
    if (cohort(PRODUCT, version, device) * 100 < open) return;
    this.broken.push(`${device} took ${version} with ${open} % open, before its turn`);
  }

  confirms(device: string, version: string): void {
    setOf(this.confirmed, version).add(device);
  }

  takes(
    device: string,
    attempts: readonly { readonly id: string; readonly to: string; readonly ok: boolean }[],
  ): void {
    this.checkIns++;
    for (const { id, to, ok } of attempts) this.acknowledged.set(id, { device, to, ok });
  }

  refuses(): void {
    this.refusedCheckIns++;
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
