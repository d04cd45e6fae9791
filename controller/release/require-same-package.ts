import type { ReleasePackage } from "../../protocol/release.ts";
import { compareVersions, isVersion, type VersionScheme } from "../../protocol/version.ts";
import type { VersionState } from "../../schemas/state.generated.ts";
import type { PackageKind } from "./read-package.ts";
import { ReleaseError } from "./release-error.ts";

/** As what a package file is released. */
export interface ClaimedPackage {
  readonly version: string;
  readonly versionScheme: VersionScheme;
  readonly platform: string;
  readonly kind: PackageKind;
  /** What the product has released so far. */
  readonly released: readonly VersionState[];
}

/**
 * Requires that a package is what it is released as: its own version is that of the release, and its name that of the
 * product's other packages, as a machine's config names one.
 *
 * @throws ReleaseError `release/wrong-package`
 */
export function requireSamePackage({ name, version }: ReleasePackage, claimed: ClaimedPackage): void {
  const { platform, kind, released, versionScheme } = claimed;
  if (!upstreamVersions(version).some((own) => isSame(versionScheme, own, claimed.version))) {
    throw wrongPackage(`the package of ${platform} is of version ${version}, not ${claimed.version}`);
  }
  const named = released
    .filter((other) => other.version !== claimed.version)
    .flatMap(({ artifacts }) => artifacts)
    .findLast((other) => other.format === kind && other.platform === platform)?.package;
  if (named !== undefined && named !== name) {
    throw wrongPackage(`the package of ${platform} is \`${name}\`, and that of other versions \`${named}\``);
  }
}

/**
 * What the program's own version may be in a package's: `[epoch:]upstream[-revision]` (deb-version(7)), where `~` stands
 * before a pre-release. A package of its own vendor may have no revision, and a hyphen all the same.
 */
function upstreamVersions(version: string): readonly string[] {
  const whole = version.replace(/^\d+:/, "").replaceAll("~", "-");
  const dash = whole.lastIndexOf("-");
  return dash === -1 ? [whole] : [whole.slice(0, dash), whole];
}

function isSame(scheme: VersionScheme, one: string, other: string): boolean {
  return isVersion(scheme, one) && compareVersions(scheme, one, other) === 0;
}

function wrongPackage(what: string): ReleaseError {
  return new ReleaseError("release/wrong-package", what, {
    help: "name the right file or version; `--allow-mismatch` releases it all the same",
  });
}
