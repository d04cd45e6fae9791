import { closeSync, openSync, readSync } from "node:fs";
import { ReleaseError } from "./release-error.ts";

/** How each kind that agents unpack begins: gzip (RFC 1952), Zstandard (RFC 8878), and a zip with an entry in it. */
const BEGINNINGS: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x50, 0x4b, 0x03, 0x04],
];

/**
 * Requires that a file which is called an archive begins as one: of what is in it, only a machine that unpacks it can tell.
 *
 * @throws ReleaseError `release/bad-artifact`
 */
export function requireArchive(path: string, name: string): void {
  const bytes = Buffer.alloc(4);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(descriptor);
  }
  if (BEGINNINGS.some((beginning) => beginning.every((byte, at) => bytes[at] === byte))) return;
  throw new ReleaseError("release/bad-artifact", `\`${name}\` is no archive: it begins otherwise`, {
    help: "pack it as .tar.gz, .tar.zst or .zip, or give a single file another name",
  });
}
