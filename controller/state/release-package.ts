import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import type { ReleasePackage } from "../../protocol/release.ts";
import type { ArtifactState } from "../../schemas/state.generated.ts";

/** What an artifact says of a package, as the release key signs it; `undefined` where it is none. */
export function releasePackage(artifact: ArtifactState): ReleasePackage | undefined {
  const { package: name, packageVersion: version, repository, size, sha256 } = artifact;
  if (name === undefined || version === undefined) return undefined;
  if (repository === undefined) return { name, version };
  const file = size === undefined || sha256 === undefined ? {} : { file: { size, sha256 } };
  return { name, version, repository, ...file };
}

/**
 * Size and SHA-256 of the TUF target that an artifact is: of its file, or where a package manager fetches that, of the
 * canonical JSON of what is signed about it.
 */
export function targetBytes(artifact: ArtifactState): { readonly size: number; readonly sha256: string } {
  const named = releasePackage(artifact);
  if (named?.repository !== undefined) {
    const bytes = canonicalBytes(named);
    return { size: bytes.length, sha256: sha256Hex(bytes) };
  }
  // The schema asks for both wherever there is a file.
  return { size: artifact.size ?? 0, sha256: artifact.sha256 ?? "" };
}
