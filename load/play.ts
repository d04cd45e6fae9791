import { createHash } from "node:crypto";
import { cohort } from "../protocol/cohort.ts";
import type { ChannelPolicy } from "../protocol/policy.ts";
import { rolloutStart } from "../protocol/waves.ts";
import { Traffic } from "../simulated-fleet/traffic.ts";
import { VerifiedManifest } from "../simulated-fleet/verified-manifest.ts";
import type { Ending, Watch, World } from "../simulated-fleet/world.ts";
import { PRODUCT } from "./fleet-state.ts";
import { BAD, FAILING_PLATFORM, type Settings, WAVES } from "./settings.ts";

/** Seconds by which clocks of two processes of one machine may seem to differ, since both count whole ones. */
const GRACE = 1;

/** What all devices of a run share. */
export interface Play extends World {
  readonly settings: Settings;
  readonly watch: PlayLog;
}

/** @param directory where what devices verify is kept */
export async function openPlay(
  settings: Settings,
  url: string,
  directory: string,
  signal: AbortSignal,
): Promise<Play> {
  const root = Buffer.from(await (await fetch(`${url}/tuf/1.root.json`)).arrayBuffer());
  return {
    ...{ settings, url, signal, product: PRODUCT, interval: settings.interval },
    ...{ watch: new PlayLog(settings.wave), traffic: new Traffic(url) },
    repository: createHash("sha256").update(root).digest("hex"),
    manifest: new VerifiedManifest(url, PRODUCT, directory, root),
    endingOf: (version, { id, platform }) =>
      version === BAD && platform === FAILING_PLATFORM && place(id) * 100 < settings.failing
        ? selfTestFailed(id)
        : { kind: "confirmed" },
  };
}

/** A number of each device's own, in [0, 1), that has nothing to do with its turn. */
function place(device: string): number {
  return createHash("sha256").update(`fails ${device}`).digest().readUInt32BE(0) / 2 ** 32;
}

function selfTestFailed(device: string): Ending {
  return {
    ...{ kind: "failed", step: "staged", outcome: "failed", cause: "self-test-failed" },
    ...{ code: "install/self-test-failed", message: `the self-test of ${device} ended with 139` },
  };
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
