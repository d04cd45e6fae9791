import { integer, object, oneOf, optional, text } from "../../protocol/read-json.ts";
import {
  ARTIFACT_FORMATS,
  type Release,
  type ReleaseArtifact,
  type ReleaseCustom,
  type Releases,
  SEVERITIES,
} from "../../protocol/release.ts";
import type { TargetFile, TargetsRole } from "../../protocol/tuf-metadata.ts";

const readCustom = object(
  {
    product: text({ max: 63 }),
    version: text({ max: 64 }),
    platform: text({ max: 64 }),
    format: oneOf(...ARTIFACT_FORMATS),
    severity: oneOf(...SEVERITIES),
    upgradeFrom: optional(text({ max: 256 })),
    rollbackTo: optional(text({ max: 256 })),
    active: optional(oneOf(false)),
    releaseNotes: optional(text({ max: 10_000 })),
    url: optional(text({ max: 2000 })),
  },
  "ignore",
);
const readLength = integer(1);

/** What the builder signed about one artifact. @throws ProtocolError `bad-document` */
export function readReleaseCustom(path: string, target: TargetFile): ReleaseCustom {
  return readCustom(target.custom, `/targets/${path}/custom`);
}

const known = new WeakMap<TargetsRole, Releases>();

/**
 * A verified release role as versions with their artifacts. A role that was read before gives the same value.
 *
 * @throws ProtocolError `bad-document`: `custom` of a target is not what Fairlead signs
 */
export function readReleases(role: TargetsRole): Releases {
  const before = known.get(role);
  if (before !== undefined) return before;
  const releases = collectReleases(role);
  known.set(role, releases);
  return releases;
}

function collectReleases(role: TargetsRole): Releases {
  const releases = new Map<string, Release & { artifacts: ReleaseArtifact[] }>();
  for (const [target, file] of Object.entries(role.targets)) {
    const custom = readReleaseCustom(target, file);
    const { version, platform, format, severity, upgradeFrom, rollbackTo, releaseNotes } = custom;
    const release = releases.get(version) ?? {
      version,
      active: custom.active !== false,
      severity,
      ...(upgradeFrom === undefined ? {} : { upgradeFrom }),
      ...(rollbackTo === undefined ? {} : { rollbackTo }),
      ...(releaseNotes === undefined ? {} : { releaseNotes }),
      artifacts: [],
    };
    release.artifacts.push({
      platform,
      format,
      target,
      size: readLength(file.length, `/targets/${target}/length`),
      sha256: file.hashes.sha256 ?? "",
    });
    releases.set(version, release);
  }
  return [...releases.values()];
}
