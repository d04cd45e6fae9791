import { crc32 } from "node:zlib";
import { type ArchiveEntry, type ArchiveLimits, badEntry } from "./archive-entry.ts";
import { decompress } from "./decompress.ts";
import { readEntryName, readLinkTarget } from "./entry-names.ts";
import { decodeName } from "./tar-header.ts";
import { readZipDirectory, type ZipEntry } from "./zip-directory.ts";

/** File types and bits of a mode, as Unix systems have them. */
const TYPE = { mask: 0o170000, file: 0o100000, folder: 0o040000, link: 0o120000 };
const SET_ID_BITS = 0o6000;

/**
 * Reads a zip archive in the order of its bytes. What holds of tar archives holds here; nothing is decrypted.
 *
 * @throws InstallError `install/bad-archive`, on the iterator
 */
export async function* readZip(descriptor: number, limits: ArchiveLimits): AsyncGenerator<ArchiveEntry> {
  for (const found of readZipDirectory(descriptor, limits)) {
    const { name, mode, size } = found;
    const path = readEntryName(name, limits);
    if ((mode & SET_ID_BITS) !== 0) throw badEntry(name, "has a set-user-id or set-group-id bit");
    const type = mode & TYPE.mask;
    const isFolder = name.endsWith("/");
    if (isFolder !== (type === TYPE.folder) && type !== 0) throw badEntry(name, "is a folder, or it is not");
    if (path === "" && !isFolder) throw badEntry(name, "has no name");
    if (isFolder) {
      if (size > 0) throw badEntry(name, "has bytes, and is no file");
      if (path !== "") yield { kind: "folder", path };
      continue;
    }
    const content = readContent(descriptor, found);
    switch (type) {
      case 0:
      case TYPE.file:
        yield { kind: "file", path, size, executable: (mode & 0o111) !== 0, content };
        break;
      case TYPE.link: {
        if (size > limits.pathBytes)
          throw badEntry(name, "is a link that leads out of the archive, or might");
        const pieces: Buffer[] = [];
        for await (const piece of content) pieces.push(piece);
        yield { kind: "link", path, target: readLinkTarget(path, decodeName(Buffer.concat(pieces)), limits) };
        break;
      }
      default:
        throw badEntry(name, "is a device or a pipe");
    }
  }
}

/** Exactly the bytes that the directory promises: not one more is decompressed to be found too many. */
async function* readContent(descriptor: number, entry: ZipEntry): AsyncGenerator<Buffer> {
  const { name, compression, start, packedSize, size } = entry;
  let sum = 0;
  let got = 0;
  for await (const piece of decompress(descriptor, compression, start, start + packedSize)) {
    got += piece.length;
    if (got > size) throw badEntry(name, `has more than the ${size} bytes that it says`);
    sum = crc32(piece, sum);
    yield piece;
  }
  if (got !== size) throw badEntry(name, `has ${got} of the ${size} bytes that it says`);
  if (sum !== entry.crc32) throw badEntry(name, "has another checksum than it says");
}
