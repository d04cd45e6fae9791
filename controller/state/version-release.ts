import { releaseTargetPath } from "../../protocol/manifest-names.ts";
import type { Release } from "../../protocol/release.ts";
import type { VersionScheme } from "../../protocol/version.ts";
import type { ArtifactState, VersionState } from "../../schemas/state.generated.ts";

/** A version file as the release that its signature will make of it. */
export function releaseOf(
  { name, versionScheme }: { readonly name: string; readonly versionScheme: VersionScheme },
  state: VersionState,
): Release {
  const { version, active = true, severity = "normal", upgradeFrom, rollbackTo, releaseNotes } = state;
  return {
    version,
    active,
    severity,
    versionScheme,
    ...(upgradeFrom === undefined ? {} : { upgradeFrom }),
    ...(rollbackTo === undefined ? {} : { rollbackTo }),
    ...(releaseNotes === undefined ? {} : { releaseNotes }),
    artifacts: state.artifacts.map((artifact) => ({
      platform: artifact.platform,
      format: artifact.format,
      target: artifactTargetPath(name, version, artifact),
      size: artifact.size,
      sha256: artifact.sha256,
    })),
  };
}

/** The target path of one artifact: its file is called as in its URL, or like the product where that can't be a name. */
export function artifactTargetPath(product: string, version: string, artifact: ArtifactState): string {
  const [path = ""] = artifact.url.split(/[?#]/);
  const file = path.slice(path.lastIndexOf("/") + 1);
  const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(file) ? file : product;
  return releaseTargetPath(product, version, artifact.platform, name);
}
