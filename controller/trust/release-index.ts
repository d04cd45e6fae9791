import {
  CRITICAL_OF_RELEASE,
  type Release,
  type ReleaseArtifact,
  type ReleaseCustom,
} from "../../protocol/release.ts";
import type { TargetFile, TargetsRole } from "../../protocol/tuf/roles.ts";
import type { VersionScheme } from "../../protocol/version.ts";
import type { VersionState } from "../../schemas/state.generated.ts";
import type { ArtifactLocation } from "../state/artifact-location.ts";
import { readArtifactLocation } from "../state/artifact-location.ts";
import { releaseOf } from "../state/version-release.ts";

/** A target of a release role: `custom` says what only the builder may say. */
export interface ReleaseTarget extends TargetFile {
  readonly hashes: { readonly sha256: string };
  readonly custom: ReleaseCustom;
}

/** What a product's files say that its release key signs. */
export interface ProductToSign {
  readonly name: string;
  readonly versionScheme: VersionScheme;
  readonly versions: Iterable<VersionState>;
}

/**
 * The targets that the release key of a product signs: one for each artifact of each version file, by target path.
 * Where two artifacts of a version would have the same path, the first counts; a rule refuses the second.
 */
export function releaseTargets(product: ProductToSign): Record<string, ReleaseTarget> {
  const targets: [string, ReleaseTarget][] = [];
  const seen = new Set<string>();
  for (const version of product.versions) {
    const release = releaseOf(product, version);
    for (const [index, artifact] of release.artifacts.entries()) {
      const path = artifact.target;
      if (seen.has(path)) continue;
      seen.add(path);
      const url = version.artifacts[index]?.url;
      const location = url === undefined ? undefined : readArtifactLocation(url);
      targets.push([path, releaseTarget(product.name, release, artifact, location)]);
    }
  }
  return Object.fromEntries(targets.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The release without its artifacts, said again of each of them. */
function releaseTarget(
  product: string,
  { version, severity, versionScheme, upgradeFrom, barrier, deadEnd, rollbackTo, releaseNotes }: Release,
  { platform, format, size, sha256, active, requires, package: named, deltas }: ReleaseArtifact,
  location: ArtifactLocation | undefined,
): ReleaseTarget {
  const critical = CRITICAL_OF_RELEASE.filter(
    (key) => ({ barrier, deadEnd, requires, package: named })[key] !== undefined,
  );
  const custom: ReleaseCustom = {
    product,
    version,
    platform,
    format,
    severity,
    // Not for semver: an index that was signed before schemes were says the same without it.
    ...(versionScheme === "semver" ? {} : { versionScheme }),
    ...(upgradeFrom === undefined ? {} : { upgradeFrom }),
    ...(barrier === undefined ? {} : { barrier }),
    ...(deadEnd === undefined ? {} : { deadEnd }),
    ...(rollbackTo === undefined ? {} : { rollbackTo }),
    ...(requires === undefined ? {} : { requires }),
    ...(named === undefined ? {} : { package: named }),
    ...(deltas === undefined ? {} : { deltas }),
    ...(critical.length === 0 ? {} : { critical }),
    ...(active === undefined ? {} : { active }),
    ...(releaseNotes === undefined ? {} : { releaseNotes }),
    ...(location?.kind === "external" ? { url: location.url } : {}),
  };
  return { length: size, hashes: { sha256 }, custom };
}

/**
 * How the signed index and the version files disagree about one artifact.
 *
 * - `unsigned`: a file names an artifact that the release key has not signed
 * - `orphaned`: the release key has signed an artifact that no file names
 * - `changed`: they say different things about it, in `field`
 * - `yank-unsigned`: the file yanks the version and the index does not yet; policy already holds it back
 * - `unyank-unsigned`: the index still yanks the version, so it stays yanked until it is signed again
 */
export type IndexDifferenceKind = "unsigned" | "orphaned" | "changed" | "yank-unsigned" | "unyank-unsigned";

export interface IndexDifference {
  readonly kind: IndexDifferenceKind;
  /** A warning where the two may differ for a while: yanks and notes, which may change after publication. */
  readonly severity: "error" | "warning";
  readonly version: string;
  readonly target: string;
  /** `size`, `sha256`, or the member of `custom`. */
  readonly field?: string;
  /** What the version file says, and what the index says, as text; absent where it says nothing. */
  readonly expected?: string;
  readonly got?: string;
}

/** Every way in which a release role differs from what `releaseTargets` makes of the files, sorted by target. */
export function compareReleaseIndex(
  role: TargetsRole,
  expected: Readonly<Record<string, ReleaseTarget>>,
): IndexDifference[] {
  const differences: IndexDifference[] = [];
  for (const target of [...new Set([...Object.keys(expected), ...Object.keys(role.targets)])].sort()) {
    const wanted = Object.hasOwn(expected, target) ? expected[target] : undefined;
    const signed = Object.hasOwn(role.targets, target) ? role.targets[target] : undefined;
    const version = wanted?.custom.version ?? target.split("/")[2] ?? "";
    if (wanted === undefined) {
      differences.push({ kind: "orphaned", severity: "error", version, target });
    } else if (signed === undefined) {
      differences.push({ kind: "unsigned", severity: "error", version, target });
    } else {
      differences.push(...compareTarget(target, wanted, signed));
    }
  }
  return differences;
}

function compareTarget(target: string, wanted: ReleaseTarget, signed: TargetFile): IndexDifference[] {
  const version = wanted.custom.version;
  const left = statements(wanted);
  const right = statements(signed);
  const differences: IndexDifference[] = [];
  for (const field of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    const expected = left.get(field);
    const got = right.get(field);
    if (expected === got) continue;
    differences.push({
      kind: field !== "active" ? "changed" : expected === "false" ? "yank-unsigned" : "unyank-unsigned",
      severity: field === "active" || field === "releaseNotes" ? "warning" : "error",
      version,
      target,
      field,
      ...(expected === undefined ? {} : { expected }),
      ...(got === undefined ? {} : { got }),
    });
  }
  return differences;
}

function statements(target: TargetFile): Map<string, string> {
  const custom = typeof target.custom === "object" && target.custom !== null ? target.custom : {};
  const said = new Map(
    Object.entries(custom).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  said.set("size", String(target.length));
  said.set("sha256", target.hashes.sha256 ?? "");
  return said;
}
