import { KeptByIdentity } from "./kept-by-identity.ts";
import type { Release, Releases } from "./release.ts";
import { compareVersions, isPrerelease, type VersionScheme } from "./version.ts";

/**
 * The barriers of a product: versions that everybody older passes through on the way to a later one. A release accepts
 * only what is at its floor, the highest barrier below it, or above.
 *
 * What lifts a barrier is the yank that the release key signed, never the one that policy says: whoever holds the online
 * key must not lead a machine past it. One that was not built for a platform holds there all the same. One before a
 * finished version holds only on the way to another such.
 */
export class Barriers {
  private readonly scheme: VersionScheme;
  /** Lowest first. */
  private readonly all: readonly Release[];
  private readonly finished: readonly Release[];
  private readonly floors = new Map<string, Release | undefined>();

  /** @param platform of the machines that are asked about; `undefined`: what holds on any platform */
  constructor(scheme: VersionScheme, releases: Releases, platform?: string) {
    this.scheme = scheme;
    this.all = releases
      .filter((release) => release.barrier !== undefined && !isLifted(release, platform))
      .sort((a, b) => compareVersions(scheme, a.version, b.version));
    this.finished = this.all.filter(({ version }) => !isPrerelease(scheme, version));
  }

  /** The highest barrier on the way to a version; `undefined`: there is none, and it may be stepped to from any. */
  floorOf(version: string): Release | undefined {
    if (this.all.length === 0) return undefined;
    let floor = this.floors.get(version);
    if (floor === undefined && !this.floors.has(version)) {
      floor = this.on(version).findLast((barrier) => this.isLower(barrier.version, version));
      this.floors.set(version, floor);
    }
    return floor;
  }

  /** The barriers on the way from one version to another, lowest first. */
  between(from: string, to: string): readonly Release[] {
    return this.on(to).filter(({ version }) => this.isLower(from, version) && this.isLower(version, to));
  }

  private on(version: string): readonly Release[] {
    return isPrerelease(this.scheme, version) ? this.all : this.finished;
  }

  private isLower(a: string, b: string): boolean {
    return compareVersions(this.scheme, a, b) < 0;
  }
}

function isLifted({ active, artifacts }: Release, platform: string | undefined): boolean {
  if (!active || platform === undefined) return !active;
  const built = artifacts.filter((artifact) => artifact.platform === platform);
  return built.length > 0 && built.every((artifact) => artifact.active === false);
}

const known = new KeptByIdentity<Releases, Map<string, Barriers>>();

/** The barriers for machines of a platform, found once for all of them. */
export function barriersFor(scheme: VersionScheme, releases: Releases, platform: string): Barriers {
  const byPlatform = known.of(releases, () => new Map());
  const key = `${scheme} ${platform}`;
  let barriers = byPlatform.get(key);
  if (barriers === undefined) {
    barriers = new Barriers(scheme, releases, platform);
    if (byPlatform.size >= MAX_PLATFORMS) byPlatform.clear();
    byPlatform.set(key, barriers);
  }
  return barriers;
}

/** Far more than any product is built for: whoever asks names the platform, and must not fill memory with names. */
const MAX_PLATFORMS = 64;
