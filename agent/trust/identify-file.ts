import type { Release, ReleaseArtifact, Releases } from "../../protocol/release.ts";

/** A file that came by another way, as far as names and digests go. */
export interface FoundFile {
  /** Last segment of its path. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** An artifact with whose version it is. */
export interface SignedFile {
  readonly product: string;
  readonly release: Release;
  readonly artifact: ReleaseArtifact;
  /** As signed; for a package that a repository hosts, those of the package. */
  readonly size: number;
  readonly sha256: string;
  /** Whether it is a delta and not the artifact itself. */
  readonly isDelta: boolean;
}

/**
 * What the release key says of a file. `tampered`: it goes by a signed file's name or is exactly as long as one, and is
 * not that file.
 */
export type FileVerdict =
  | { readonly kind: "signed"; readonly file: SignedFile }
  | { readonly kind: "tampered"; readonly claimed: readonly [SignedFile, ...SignedFile[]] }
  | { readonly kind: "unknown" };

/** Product by product, what its release key signed. */
export type SignedProducts = ReadonlyMap<string, Releases>;

/** @param version only this one will do */
export function identifyFile(
  products: SignedProducts,
  { name, size, sha256 }: FoundFile,
  version?: string,
): FileVerdict {
  const signed = [...products].flatMap(([product, releases]) => signedFiles(product, releases));
  const asked = version === undefined ? signed : signed.filter(({ release }) => release.version === version);
  const same = asked.find((file) => file.sha256 === sha256 && file.size === size);
  if (same !== undefined) return { kind: "signed", file: same };
  const [first, ...others] = asked.filter(
    (file) => version !== undefined || file.size === size || nameOf(file) === name,
  );
  return first === undefined ? { kind: "unknown" } : { kind: "tampered", claimed: [first, ...others] };
}

function signedFiles(product: string, releases: Releases): readonly SignedFile[] {
  return releases.flatMap((release) =>
    release.artifacts.flatMap((artifact): SignedFile[] => {
      const about = { product, release, artifact };
      const deltas = (artifact.deltas ?? []).map(({ size, sha256 }) => ({
        ...about,
        size,
        sha256,
        isDelta: true,
      }));
      const { package: named } = artifact;
      if (named?.repository !== undefined) {
        return named.file === undefined ? [] : [{ ...about, ...named.file, isDelta: false }];
      }
      return [{ ...about, size: artifact.size, sha256: artifact.sha256, isDelta: false }, ...deltas];
    }),
  );
}

function nameOf({ artifact }: SignedFile): string | undefined {
  return artifact.target.split("/").at(-1);
}
