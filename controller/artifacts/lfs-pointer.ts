/** What stands in git for a file that Git LFS keeps elsewhere. */
export interface LfsPointer {
  /** SHA-256 of the file. */
  readonly oid: string;
  /** Bytes of the file. */
  readonly size: number;
}

/** A pointer is shorter than this (Git LFS specification, "The Pointer"). */
export const POINTER_BYTES = 1024;

const VERSION = "version https://git-lfs.github.com/spec/v1\n";

/** Reads a pointer file; `undefined` for anything else. */
export function parseLfsPointer(bytes: Buffer): LfsPointer | undefined {
  if (bytes.length >= POINTER_BYTES) return undefined;
  const text = bytes.toString("utf8");
  if (!text.startsWith(VERSION)) return undefined;
  const [, oid] = /^oid sha256:([0-9a-f]{64})$/m.exec(text) ?? [];
  const [, size] = /^size (\d{1,15})$/m.exec(text) ?? [];
  return oid === undefined || size === undefined ? undefined : { oid, size: Number(size) };
}
