import type { Release } from "./release.ts";
import { compareVersions, isPrerelease, type VersionScheme, versionInRange } from "./version.ts";

/** The versions to install one after the other; the last is the target. */
export type UpgradePath = readonly [string, ...string[]];

/** Whether a release may be installed over `installed` (`null`: over nothing, which every release accepts). */
export function accepts(scheme: VersionScheme, release: Release, installed: string | null): boolean {
  if (installed === null || release.upgradeFrom === undefined) return true;
  return versionInRange(scheme, installed, release.upgradeFrom);
}

/**
 * The versions to install one after the other to get from `installed` to `target`, without what is installed and
 * with the target. Where the target does not accept the installed version (a barrier), the path goes through the
 * newest usable version that does and from which the target can be reached. A pre-release is a step only towards
 * another pre-release: who asks for finished versions is never led through a nightly. `undefined`: no such path.
 *
 * @param usable releases that may be a step: active, and with an artifact for the device's platform
 */
export function upgradePath(
  scheme: VersionScheme,
  usable: readonly Release[],
  installed: string | null,
  target: Release,
): UpgradePath | undefined {
  if (accepts(scheme, target, installed)) return [target.version];

  const takesPrereleases = isPrerelease(scheme, target.version);
  const newestFirst = usable
    .filter(({ version }) => compareVersions(scheme, version, target.version) < 0)
    .filter(({ version }) => takesPrereleases || !isPrerelease(scheme, version))
    .sort((a, b) => compareVersions(scheme, b.version, a.version));
  const deadEnds = new Set<string>();

  const search = (from: string): UpgradePath | undefined => {
    if (accepts(scheme, target, from)) return [target.version];
    for (const step of newestFirst) {
      if (compareVersions(scheme, step.version, from) <= 0) break;
      if (deadEnds.has(step.version) || !accepts(scheme, step, from)) continue;
      const rest = search(step.version);
      if (rest !== undefined) return [step.version, ...rest];
      deadEnds.add(step.version);
    }
    return undefined;
  };
  return installed === null ? undefined : search(installed);
}
