import type { Barriers } from "./barriers.ts";
import { firstNotBelow, type IndexSpan, spansInRange } from "./range-bounds.ts";
import type { Release } from "./release.ts";
import { compareVersions, isPrerelease, type VersionScheme, versionInRange } from "./version.ts";

/** The versions to install one after the other; the last is the target. */
export type UpgradePath = readonly [string, ...string[]];

/**
 * Whether a release may be installed over `installed` (`null`: over nothing, which every release accepts): no barrier
 * stands between them, and its own `upgradeFrom` has it.
 */
export function accepts(
  scheme: VersionScheme,
  release: Release,
  installed: string | null,
  barriers: Barriers,
): boolean {
  if (installed === null) return true;
  const floor = barriers.floorOf(release.version);
  if (floor !== undefined && compareVersions(scheme, installed, floor.version) < 0) return false;
  return release.upgradeFrom === undefined || versionInRange(scheme, installed, release.upgradeFrom);
}

/**
 * The versions to install one after the other to get from `installed` to `target`, without what is installed and
 * with the target. `undefined`: no such path.
 *
 * @param usable   releases that may be a step: active, no dead ends, and with an artifact for the device's platform
 * @param barriers of the whole product, whether they are usable or not
 */
export function upgradePath(
  scheme: VersionScheme,
  usable: readonly Release[],
  installed: string | null,
  target: Release,
  barriers: Barriers,
): UpgradePath | undefined {
  if (accepts(scheme, target, installed, barriers)) return [target.version];
  return installed === null ? undefined : new WaysTo(scheme, usable, target, barriers).from(installed);
}

/**
 * All ways to one release. Where it does not accept a version, the way goes through the newest usable release that does
 * and from which the target can be reached. A pre-release is a step only towards another pre-release: who asks for
 * finished versions is never led through a nightly.
 *
 * Made once for many questions: n log n in the number of releases, because a range is a few spans of sorted versions.
 */
export class WaysTo {
  private readonly scheme: VersionScheme;
  private readonly target: Release;
  private readonly barriers: Barriers;
  /** Releases below the target from which it can be reached, newest first. */
  private readonly steps: readonly Release[];

  /** @param usable releases that may be a step */
  constructor(scheme: VersionScheme, usable: readonly Release[], target: Release, barriers: Barriers) {
    this.scheme = scheme;
    this.target = target;
    this.barriers = barriers;
    const takesPrereleases = isPrerelease(scheme, target.version);
    const lower = usable
      .filter(({ version }) => compareVersions(scheme, version, target.version) < 0)
      .filter(({ version }) => takesPrereleases || !isPrerelease(scheme, version))
      .sort((a, b) => compareVersions(scheme, a.version, b.version));
    const reached = new Reached(
      scheme,
      lower.map(({ version }) => version),
      barriers,
    );
    reached.add(target);
    const steps: Release[] = [];
    for (let index = lower.length - 1; index >= 0; index--) {
      const step = lower[index];
      if (step === undefined || !reached.has(index)) continue;
      steps.push(step);
      reached.add(step);
    }
    this.steps = steps;
  }

  /** The way from one version, or `undefined` where there is none. */
  from(installed: string): UpgradePath | undefined {
    const { scheme, target, steps, barriers } = this;
    if (accepts(scheme, target, installed, barriers)) return [target.version];
    for (const step of steps) {
      if (compareVersions(scheme, step.version, installed) <= 0) break;
      if (!accepts(scheme, step, installed, barriers)) continue;
      const rest = this.from(step.version);
      if (rest !== undefined) return [step.version, ...rest];
    }
    return undefined;
  }

  /**
   * Of many versions those that are below the target and have no way to it.
   *
   * @param sorted lowest first
   */
  stranded(sorted: readonly string[]): string[] {
    const { scheme, target, barriers } = this;
    const lower = sorted.filter((version) => compareVersions(scheme, version, target.version) < 0);
    const reached = new Reached(scheme, lower, barriers);
    for (const release of [target, ...this.steps]) reached.add(release);
    return lower.filter((_, index) => !reached.has(index));
  }
}

/** Marks, in a sorted list of versions, those from which a release can be installed directly. */
class Reached {
  private readonly scheme: VersionScheme;
  private readonly sorted: readonly string[];
  private readonly barriers: Barriers;
  /** For each index the next one, itself included, that is not marked: marked runs are passed over in one step. */
  private readonly next: Uint32Array;
  /** Floors from which everything up to some release is marked. */
  private readonly marked = new Set<Release | undefined>();

  constructor(scheme: VersionScheme, sorted: readonly string[], barriers: Barriers) {
    this.scheme = scheme;
    this.sorted = sorted;
    this.barriers = barriers;
    this.next = Uint32Array.from({ length: sorted.length + 1 }, (_, index) => index);
  }

  has(index: number): boolean {
    return this.next[index] !== index;
  }

  /** Marks every version below the release that it accepts. Releases are added newest first. */
  add({ version, upgradeFrom }: Release): void {
    const { scheme, sorted } = this;
    const floor = this.barriers.floorOf(version);
    if (upgradeFrom === undefined) {
      // A newer release with the same floor has marked all that this one accepts.
      if (this.marked.has(floor)) return;
      this.marked.add(floor);
    }
    const to = firstNotBelow(scheme, sorted, version);
    const from = floor === undefined ? 0 : firstNotBelow(scheme, sorted, floor.version);
    const accepted = upgradeFrom === undefined ? [{ from, to }] : spansInRange(scheme, upgradeFrom, sorted);
    for (const span of accepted) this.mark({ from: Math.max(span.from, from), to: Math.min(span.to, to) });
  }

  private mark({ from, to }: IndexSpan): void {
    for (let index = this.unmarkedFrom(from); index < to; index = this.unmarkedFrom(index)) {
      this.next[index] = index + 1;
    }
  }

  private unmarkedFrom(index: number): number {
    let at = index;
    for (let next = this.next[at] ?? at; next !== at; next = this.next[at] ?? at) {
      // Halving the way for whoever comes next.
      this.next[at] = this.next[next] ?? next;
      at = next;
    }
    return at;
  }
}
