import { compareVersions, isVersion, type VersionScheme } from "./version.ts";

/**
 * The newest version that a machine ever confirmed, once it has confirmed `version` too. One that the scheme cannot
 * read gives way to one that it can.
 *
 * @param newest the one before; `undefined`: none
 */
export function newestAfter(scheme: VersionScheme, newest: string | undefined, version: string): string {
  if (newest === undefined || !isVersion(scheme, newest)) return version;
  if (!isVersion(scheme, version)) return newest;
  return compareVersions(scheme, version, newest) > 0 ? version : newest;
}
