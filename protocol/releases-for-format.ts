import { KeptByIdentity } from "./kept-by-identity.ts";
import type { Releases } from "./release.ts";

const known = new KeptByIdentity<Releases, Map<string, Releases>>();

/**
 * The releases as a device sees them that has a product in this format: artifacts of others are left out, as if they were not
 * there. A release without any that is left stays, so that it is said what it lacks. Filtering the same releases again gives
 * the same value; where nothing is left out, it is the value itself.
 *
 * @param format as the device says it; `undefined`: nobody knows, and nothing is left out
 */
export function releasesForFormat(releases: Releases, format: string | undefined): Releases {
  if (format === undefined) return releases;
  const formats = known.of(releases, () => new Map());
  const before = formats.get(format);
  if (before !== undefined) return before;
  const filtered = filter(releases, format);
  // A device may call its format anything: what is kept by its word is bounded.
  if (formats.size < MAX_FORMATS) formats.set(format, filtered);
  return filtered;
}

const MAX_FORMATS = 16;

function filter(releases: Releases, format: string): Releases {
  const isOther = (artifact: { readonly format: string }): boolean => artifact.format !== format;
  if (!releases.some(({ artifacts }) => artifacts.some(isOther))) return releases;
  return releases.map((release) =>
    release.artifacts.some(isOther)
      ? { ...release, artifacts: release.artifacts.filter((artifact) => !isOther(artifact)) }
      : release,
  );
}
