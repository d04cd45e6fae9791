import { readSync } from "node:fs";
import { type ArchiveEntry, type ArchiveLimits, badArchive } from "./archive-entry.ts";
import { decompress } from "./decompress.ts";
import { readTar } from "./read-tar.ts";
import { readZip } from "./read-zip.ts";

type ArchiveKind = "tar.zst" | "tar.gz" | "zip";

/** By the first bytes: RFC 8878 (3.1.1), RFC 1952 (2.3.1), PKWARE APPNOTE (4.3.7). */
const KINDS: readonly (readonly [ArchiveKind, Buffer])[] = [
  ["tar.zst", Buffer.of(0x28, 0xb5, 0x2f, 0xfd)],
  ["tar.gz", Buffer.of(0x1f, 0x8b, 0x08)],
  ["zip", Buffer.of(0x50, 0x4b, 0x03, 0x04)],
];

/**
 * What an archive holds, entry by entry, as a stream. Its kind is told by its bytes and not by its name, so that a vendor
 * can change how it is packed from one version to the next.
 *
 * @throws InstallError `install/bad-archive`, on the iterator; the file system's errors
 */
export function openArchive(descriptor: number, limits: ArchiveLimits): AsyncGenerator<ArchiveEntry> {
  switch (kindOf(descriptor)) {
    case "tar.zst":
      return readTar(decompress(descriptor, "zstd"), limits);
    case "tar.gz":
      return readTar(decompress(descriptor, "gzip"), limits);
    case "zip":
      return readZip(descriptor, limits);
  }
}

function kindOf(descriptor: number): ArchiveKind {
  const start = Buffer.alloc(4);
  const count = readSync(descriptor, start, 0, start.length, 0);
  const found = KINDS.find(([, magic]) => start.subarray(0, Math.min(count, magic.length)).equals(magic));
  if (found !== undefined) return found[0];
  throw badArchive("is none that is known here", {
    expected: "a tar.zst, tar.gz or zip file with something in it",
    got: `a file that begins with ${start.subarray(0, count).toString("hex")}`,
  });
}
