import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { Release } from "../../protocol/release.ts";
import { compareVersions, isRange, isVersion, type VersionScheme } from "../../protocol/version.ts";
import type { VersionState } from "../../schemas/state.generated.ts";
import { nearestMatch } from "../diagnostics/nearest-match.ts";
import type { ProductModel, StateDocument } from "./fleet-model.ts";
import type { PathSet } from "./sound-state.ts";
import { releaseOf } from "./version-release.ts";

export function schemeOf(product: ProductModel): VersionScheme {
  return product.product.value.versionScheme ?? "semver";
}

/** Whether a version can be compared in the product's scheme; `value/bad-version` reports one that cannot. */
export function isVersionOf(product: ProductModel, version: string): boolean {
  return isVersion(schemeOf(product), version);
}

/** Order of two versions of a product, or `undefined` when one of them is no version of its scheme. */
export function orderOf(product: ProductModel, a: string, b: string): number | undefined {
  if (!isVersionOf(product, a) || !isVersionOf(product, b)) return undefined;
  return compareVersions(schemeOf(product), a, b);
}

interface SortedVersions {
  readonly scheme: VersionScheme;
  readonly documents: readonly StateDocument<VersionState>[];
}

const sorted = new KeptByIdentity<ProductModel["versions"], SortedVersions>();

/** Files of versions that can be compared, newest first. Sorted once for as long as no version changes. */
export function versionsNewestFirst(product: ProductModel): readonly StateDocument<VersionState>[] {
  const scheme = schemeOf(product);
  const known = sorted.get(product.versions);
  if (known?.scheme === scheme) return known.documents;
  const documents = sortVersions(product);
  sorted.set(product.versions, { scheme, documents });
  return documents;
}

function sortVersions(product: ProductModel): readonly StateDocument<VersionState>[] {
  const scheme = schemeOf(product);
  return [...product.versions.values()]
    .filter(({ value }) => isVersion(scheme, value.version))
    .sort((a, b) => compareVersions(scheme, b.value.version, a.value.version));
}

/** Whether it is yanked for all: as a whole, or one platform after the other. */
export function isYanked({ value }: StateDocument<VersionState>): boolean {
  return value.active === false || value.artifacts.every(({ active }) => active === false);
}

/** The platforms for which alone a version is yanked; none where it is yanked for all. */
export function yankedPlatforms(document: StateDocument<VersionState>): readonly string[] {
  if (isYanked(document)) return [];
  const yanked = document.value.artifacts.filter(({ active }) => active === false);
  return [...new Set(yanked.map(({ platform }) => platform))].sort();
}

/** The newest version with `severity: security` that is not yanked and not above `upTo`; `undefined`: none. */
export function newestSecurity(product: ProductModel, upTo: string): string | undefined {
  return versionsNewestFirst(product).find(
    (document) =>
      document.value.severity === "security" &&
      !isYanked(document) &&
      (orderOf(product, document.value.version, upTo) ?? 1) <= 0,
  )?.value.version;
}

/** Whether everybody older passes through the version. */
export function isBarrier({ value }: StateDocument<VersionState>): boolean {
  return (value.barrier ?? false) !== false;
}

/**
 * What the version files say, as the protocol's functions read it. Versions and ranges that cannot be read are left
 * out: other rules report them.
 */
export function releasesOf(product: ProductModel): readonly Release[] {
  const scheme = schemeOf(product);
  // Most versions of a product name the same few ranges.
  const known = new Map<string, boolean>();
  const isSound = (range: string): boolean => {
    const verdict = known.get(range) ?? isRange(scheme, range);
    known.set(range, verdict);
    return verdict;
  };
  return versionsNewestFirst(product).map(({ value }) => {
    const { upgradeFrom, rollbackTo, ...release } = releaseOf(
      { name: product.name, versionScheme: scheme },
      value,
    );
    return {
      ...release,
      ...(upgradeFrom !== undefined && isSound(upgradeFrom) ? { upgradeFrom } : {}),
      ...(rollbackTo !== undefined && isSound(rollbackTo) ? { rollbackTo } : {}),
    };
  });
}

/** Names to show in a note: the first ones, and how many more there are. */
export function listNames(names: Iterable<string>): string {
  const all = [...names];
  const shown = all.slice(0, 8).join(", ");
  return all.length > 8 ? `${shown} and ${all.length - 8} more` : shown || "none";
}

/** What to say of a version that is not there: which there are, and which was meant. */
export function unknownVersion(product: ProductModel, version: string): { notes: string[]; help: string } {
  const near = nearestMatch(version, product.versions.keys());
  const file = `products/${product.name}/versions/${version}.yaml`;
  return {
    notes: [`defined here: ${listNames(versionsNewestFirst(product).map(({ value }) => value.version))}`],
    help: near === undefined ? `add ${file}` : `did you mean \`${near}\`? or add ${file}`,
  };
}

/** Whether the commit has a file for the version, even a broken one, whose mistake another rule reports. */
export function hasVersion(files: PathSet, product: ProductModel, version: string): boolean {
  return product.versions.has(version) || files.has(`products/${product.name}/versions/${version}.yaml`);
}
