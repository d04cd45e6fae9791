import { releaseTargetPath } from "../../protocol/manifest-names.ts";
import type { Barrier, Release } from "../../protocol/release.ts";
import type { VersionScheme } from "../../protocol/version.ts";
import type { ArtifactState, VersionState } from "../../schemas/state.generated.ts";
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
        ...(named === undefined ? {} : { package: named }),
      };
    }),
  };
}

function barrierOf({ barrier }: VersionState): Barrier | undefined {
  if (barrier === undefined || barrier === false) return undefined;
  return barrier === true ? {} : { reason: barrier.reason };
}

/**
 * The target path of one artifact: its file is called as in its URL, or like the product where that can't be a name or where
 * there is none.
 */
export function artifactTargetPath(product: string, version: string, artifact: ArtifactState): string {
  if (artifact.url === undefined) {
    return releaseTargetPath(product, version, artifact.platform, `${product}.${artifact.format}.json`);
  }
  const [path = ""] = artifact.url.split(/[?#]/);
  const file = path.slice(path.lastIndexOf("/") + 1);
  const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(file) ? file : product;
  return releaseTargetPath(product, version, artifact.platform, name);
}
