import type { VersionScheme } from "./version.ts";

/**
 * What the offline release key says of a version. Each artifact is one TUF target
 * `releases/<product>/<version>/<platform>/<file>`; what only the builder may say stands in its signed `custom`.
 */

export const SEVERITIES = ["normal", "security"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The installable forms of an artifact that this version of Fairlead knows. */
export const ARTIFACT_FORMATS = ["binary"] as const;
export type ArtifactFormat = (typeof ARTIFACT_FORMATS)[number];

/** `custom` of a release target: signed offline, repeated on each artifact of a version. */
export interface ReleaseCustom {
  readonly product: string;
  readonly version: string;
  readonly platform: string;
  readonly format: ArtifactFormat;
  readonly severity: Severity;
  /** How this product counts its versions, and so what the ranges below mean. Absent: `semver`. */
  readonly versionScheme?: VersionScheme;
  /** Installed versions that may step to this one directly. Absent: all. */
  readonly upgradeFrom?: string;
  /** Versions that this one may be rolled back to. Absent: none. */
  readonly rollbackTo?: string;
  /** `false` once the yank was signed; policy may say so earlier. Absent means active. */
  readonly active?: false;
  readonly releaseNotes?: string;
  /** Where the bytes are when the controller does not host them. */
  readonly url?: string;
}

/** One artifact of a version, as verified. */
export interface ReleaseArtifact {
  readonly platform: string;
  readonly format: ArtifactFormat;
  /** TUF target path. */
  readonly target: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** One version of a product: its artifacts and what the release key declared about it. */
export interface Release {
  readonly version: string;
  readonly active: boolean;
  readonly severity: Severity;
  /** The scheme of the product as it was signed, the same in all of its releases. Absent: `semver`. */
  readonly versionScheme?: VersionScheme;
  readonly upgradeFrom?: string;
  readonly rollbackTo?: string;
  readonly releaseNotes?: string;
  readonly artifacts: readonly ReleaseArtifact[];
}

/** All versions of one product that the release key has signed, in no particular order. */
export type Releases = readonly Release[];

/** The scheme in which the release key counted this version and wrote its ranges. */
export function signedScheme({ versionScheme = "semver" }: Pick<Release, "versionScheme">): VersionScheme {
  return versionScheme;
}
