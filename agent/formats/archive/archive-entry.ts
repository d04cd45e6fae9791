import { quote } from "../../../protocol/printable.ts";
import { InstallError } from "../../installation/install-error.ts";

/** One thing that an archive holds. Its path is relative to the archive's root, with `/`, and leads nowhere else. */
export type ArchiveEntry =
  | { readonly kind: "folder"; readonly path: string }
  | {
      readonly kind: "file";
      readonly path: string;
      /** Bytes. */
      readonly size: number;
      readonly executable: boolean;
      /** Exactly so many bytes, or it throws. Good until the next entry is asked for. */
      readonly content: AsyncIterable<Buffer>;
    }
  | { readonly kind: "link"; readonly path: string; readonly target: string };

/** What stands behind a bomb, or a mistake that does as much harm: nothing that people ship is near any of these. */
export interface ArchiveLimits {
  /** Files, folders and links. */
  readonly entries: number;
  /** Bytes of all files. */
  readonly totalBytes: number;
  /** Bytes of all files, for each byte of the archive; up to `freeBytes` nobody asks. */
  readonly ratio: number;
  readonly freeBytes: number;
  /** Bytes of a path, in UTF-8; of all paths together. */
  readonly pathBytes: number;
  readonly allPathBytes: number;
  /** Folders above an entry. */
  readonly depth: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 100_000,
  totalBytes: 32 * 1024 ** 3,
  ratio: 200,
  freeBytes: 64 * 1024 ** 2,
  pathBytes: 1024,
  allPathBytes: 8 * 1024 ** 2,
  depth: 32,
};

/** An archive that no machine should unpack: evidence against the build, since its bytes are the signed ones. */
export function badArchive(problem: string, options: { expected?: string; got?: string } = {}): InstallError {
  return new InstallError("install/bad-archive", `the archive ${problem}`, {
    ...options,
    help: "yank the version, pack it again as the docs say, and release it under a new number",
  });
}

/** The same, of one entry. */
export function badEntry(name: string, problem: string): InstallError {
  return badArchive(`has ${quote(name)}, which ${problem}`);
}
