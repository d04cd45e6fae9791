import { findRelease } from "./candidates.ts";
import { newestAfter } from "./newest-confirmed.ts";
import type { Releases } from "./release.ts";
import { isVersion, type VersionScheme, versionInRange } from "./version.ts";

/** What a machine ran and runs. */
export interface RanHere {
  readonly installed: string;
  /** As in `LocalState`. */
  readonly newestConfirmed: string | undefined;
}

/**
 * Why the release key does not allow a rollback to `target`; `undefined`: it does, both for the installed version and for
 * the newest that this machine ever confirmed. What the newest one wrote is still on the machine, so its builder's word
 * holds after the first step down as well: otherwise two allowed steps would reach what one must not.
 */
export function beyondSignedRange(
  scheme: VersionScheme,
  releases: Releases,
  { installed, newestConfirmed }: RanHere,
  target: string,
): string | undefined {
  for (const version of new Set([installed, newestOf(scheme, newestConfirmed, installed)])) {
    const range = findRelease(releases, version)?.rollbackTo;
    if (range !== undefined && versionInRange(scheme, target, range)) continue;
    const ranHere = version === installed ? version : `${version}, the newest that ran here,`;
    const allowed = range === undefined ? "to nothing" : `only to ${range}`;
    return `the release key allows ${ranHere} to be rolled back ${allowed}, not to ${target}`;
  }
  return undefined;
}

/** One that nobody can read stands for itself: no release has its name, so nothing allows a rollback. */
function newestOf(scheme: VersionScheme, newest: string | undefined, installed: string): string {
  return newest !== undefined && !isVersion(scheme, newest) ? newest : newestAfter(scheme, newest, installed);
}
