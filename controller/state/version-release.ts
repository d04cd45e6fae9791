import { releaseTargetPath } from "../../protocol/manifest-names.ts";
import type { Barrier, Release, ReleaseDelta } from "../../protocol/release.ts";
import type { VersionScheme } from "../../protocol/version.ts";
import type { ArtifactState, DeltaState, VersionState } from "../../schemas/state.generated.ts";
import { readArtifactLocation } from "./artifact-location.ts";
import { releasePackage, targetBytes } from "./release-package.ts";
import { requirementsOf } from "./requirements-of.ts";

/** A version file as the release that its signature will make of it. */
export function releaseOf(
  { name, versionScheme }: { readonly name: string; readonly versionScheme: VersionScheme },
  state: VersionState,
): Release {
  const { version, severity = "normal", upgradeFrom, deadEnd, rollbackTo, releaseNotes } = state;
  const barrier = barrierOf(state);
  const isYanked = (artifact: ArtifactState): boolean => state.active === false || artifact.active === false;
  return {
    version,
    active: !state.artifacts.every(isYanked),
    severity,
    versionScheme,
    ...(upgradeFrom === undefined ? {} : { upgradeFrom }),
    ...(barrier === undefined ? {} : { barrier }),
    ...(deadEnd === undefined ? {} : { deadEnd }),
    ...(rollbackTo === undefined ? {} : { rollbackTo }),
    ...(releaseNotes === undefined ? {} : { releaseNotes }),
    artifacts: state.artifacts.map((artifact) => {
      const requires = requirementsOf(state.requires, artifact.requires);
      const named = releasePackage(artifact);
      return {
        platform: artifact.platform,
        format: artifact.format,
        target: artifactTargetPath(name, version, artifact),
        ...targetBytes(artifact),
        ...(isYanked(artifact) ? { active: false } : {}),
        ...(requires === undefined ? {} : { requires }),
        ...(artifact.deltas === undefined ? {} : { deltas: artifact.deltas.map(toDelta) }),
        ...(named === undefined ? {} : { package: named }),
      };
    }),
  };
}

function toDelta(delta: DeltaState): ReleaseDelta {
  const { from, url, size, sha256 } = delta;
  const location = readArtifactLocation(url);
  return {
    ...{ from, file: deltaFile(delta), size, sha256 },
    ...(location.kind === "external" ? { url: location.url } : {}),
  };
}

function barrierOf({ barrier }: VersionState): Barrier | undefined {
  if (barrier === undefined || barrier === false) return undefined;
  return barrier === true ? {} : { reason: barrier.reason };
}

/** Last segment of the path under which a delta is served, beside its artifact. */
export function deltaFile({ url, sha256 }: DeltaState): string {
  return fileOf(url) ?? `${sha256.slice(0, 16)}.zst`;
}

/**
 * The target path of one artifact: its file is called as in its URL, or like the product where that can't be a name or where
 * there is none.
 */
export function artifactTargetPath(product: string, version: string, artifact: ArtifactState): string {
  const { platform, format, url } = artifact;
  const file = url === undefined ? `${product}.${format}.json` : (fileOf(url) ?? product);
  return releaseTargetPath(product, version, platform, file);
}

/** What the file at an address is called, where that can be a name in a target path. */
function fileOf(url: string): string | undefined {
  const [path = ""] = url.split(/[?#]/);
  const file = path.slice(path.lastIndexOf("/") + 1);
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(file) ? file : undefined;
}
