import type { Requirements } from "./requirements.ts";
import type { VersionScheme } from "./version.ts";

/**
 * What the offline release key says of a version. Each artifact is one TUF target
 * `releases/<product>/<version>/<platform>/<file>`; what only the builder may say stands in its signed `custom`.
 */

export const SEVERITIES = ["normal", "security"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The installable forms of an artifact that this version of Fairlead knows. */
export const ARTIFACT_FORMATS = ["binary", "archive", "deb", "rpm", "pkg", "windows"] as const;
export type ArtifactFormat = (typeof ARTIFACT_FORMATS)[number];

/** Formats whose artifacts name the package that they are. */
export const PACKAGE_FORMATS = ["deb", "rpm"] as const satisfies readonly ArtifactFormat[];

/**
 * What an artifact is called by the machine's package manager.
 *
 * Where it has a `repository`, the package manager fetches it from there, and the target's bytes are not the package
 * but the canonical JSON of this object: what is signed is which package it is, and `file` where the builder had it.
 * Without one, the target is the package itself, and the agent downloads it like any other artifact.
 */
export interface ReleasePackage {
  readonly name: string;
  /** Whole, as the package manager prints it: with epoch and revision. */
  readonly version: string;
  /** As the vendor calls it; a machine may know it by another name. */
  readonly repository?: string;
  /** What the fetched file must be. Only beside `repository`. */
  readonly file?: { readonly size: number; readonly sha256: string };
}

/** A way to make an artifact out of an earlier build. Hosted beside the artifact; what comes out must be its bytes. */
export interface ReleaseDelta {
  /** SHA-256 of the earlier file. */
  readonly from: string;
  /** Last segment of its path: `releases/<product>/<version>/<platform>/<file>`. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** Where the bytes are when the controller does not host them. */
  readonly url?: string;
}

/** Why everybody older passes through a version. */
export interface Barrier {
  readonly reason?: string;
}

/** Why machines that run a version stay there. */
export interface DeadEnd {
  readonly reason: string;
  /** Where a person reads what to do. */
  readonly url?: string;
}

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
  /** Everybody older passes through this version on the way to a later one. */
  readonly barrier?: Barrier;
  /** No way leads up from this version. */
  readonly deadEnd?: DeadEnd;
  /** Versions that this one may be rolled back to. Absent: none. */
  readonly rollbackTo?: string;
  /** What a machine must have for this artifact to run. */
  readonly requires?: Requirements;
  /** Artifacts of `PACKAGE_FORMATS` have it, no others. */
  readonly package?: ReleasePackage;
  /** Smaller ways to the same bytes: an agent may use one, and needs none. */
  readonly deltas?: readonly ReleaseDelta[];
  /**
   * Members of `custom` that a reader has to know, of those that this artifact has: an agent that does not know one does
   * not install it.
   */
  readonly critical?: readonly string[];
  /** `false` once the yank of this artifact was signed; policy may say so earlier. Absent means active. */
  readonly active?: false;
  readonly releaseNotes?: string;
  /** Where the bytes are when the controller does not host them. */
  readonly url?: string;
}

/** What `critical` names where an artifact has it. */
export const CRITICAL_OF_RELEASE = ["barrier", "deadEnd", "requires", "package"] as const;

/** One artifact of a version, as verified. */
export interface ReleaseArtifact {
  readonly platform: string;
  readonly format: ArtifactFormat;
  /** TUF target path. */
  readonly target: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** The release key has yanked it. Absent: active. */
  readonly active?: false;
  readonly requires?: Requirements;
  readonly package?: ReleasePackage;
  readonly deltas?: readonly ReleaseDelta[];
}

/** One version of a product: its artifacts and what the release key declared about it. */
export interface Release {
  readonly version: string;
  /** Whether any of its artifacts is; each says for itself. */
  readonly active: boolean;
  readonly severity: Severity;
  /** The scheme of the product as it was signed, the same in all of its releases. Absent: `semver`. */
  readonly versionScheme?: VersionScheme;
  readonly upgradeFrom?: string;
  readonly barrier?: Barrier;
  readonly deadEnd?: DeadEnd;
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
