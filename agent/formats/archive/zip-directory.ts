import { fstatSync, readSync } from "node:fs";
import { type ArchiveLimits, badArchive, badEntry } from "./archive-entry.ts";
import type { Compression } from "./decompress.ts";
import { decodeName } from "./tar-header.ts";

/** One entry, as the central directory describes it and the header before its bytes confirms. */
export interface ZipEntry {
  readonly name: string;
  readonly compression: Compression;
  readonly crc32: number;
  /** Bytes, as stored and as they come out. */
  readonly packedSize: number;
  readonly size: number;
  /** Of a Unix system; 0 where another one made it. */
  readonly mode: number;
  /** Where its own header begins, and where its bytes do. */
  readonly header: number;
  readonly start: number;
}

const END = { signature: 0x06054b50, length: 22, longestComment: 0xffff };
const END_64 = { locator: 0x07064b50, locatorLength: 20, signature: 0x06064b50, length: 56 };
const CENTRAL = { signature: 0x02014b50, length: 46 };
const LOCAL = { signature: 0x04034b50, length: 30 };
const ZIP64_EXTRA = 0x0001;
const FULL_32 = 0xffffffff;
const FULL_16 = 0xffff;
const FLAGS = {
  encrypted: 1,
  sizesFollow: 1 << 3,
  patch: 1 << 5,
  strongEncryption: 1 << 6,
  utf8: 1 << 11,
  masked: 1 << 13,
};
const MADE_ON_UNIX = [3, 19];

/**
 * Reads the directory of a zip archive (PKWARE APPNOTE 6.3.10), and holds each entry's own header against it: tools that
 * go by the one and tools that go by the other must see the same archive. No two entries share bytes.
 *
 * @returns in the order of their bytes
 * @throws InstallError `install/bad-archive`; the file system's errors
 */
export function readZipDirectory(descriptor: number, limits: ArchiveLimits): readonly ZipEntry[] {
  const file = new FileBytes(descriptor);
  const { count, at, length } = findDirectory(file, limits);
  const directory = file.read(at, length);
  const entries: ZipEntry[] = [];
  let place = 0;
  for (let index = 0; index < count; index++) {
    const { entry, next } = readCentral(directory, place, file, at);
    entries.push(entry);
    place = next;
  }
  if (place !== length) throw badArchive("has a directory with more in it than it says");
  entries.sort((a, b) => a.header - b.header);
  let free = 0;
  for (const { name, header, start, packedSize } of entries) {
    if (header < free) throw badEntry(name, "shares its bytes with another entry");
    free = start + packedSize;
    if (free > at) throw badEntry(name, "lies beyond the archive's files");
  }
  return entries;
}

/** An open file, of which any part can be read. */
class FileBytes {
  readonly size: number;
  private readonly descriptor: number;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
    this.size = fstatSync(descriptor).size;
  }

  read(at: number, length: number): Buffer {
    if (at < 0 || at + length > this.size) throw badArchive("breaks off, or points beyond its end");
    const bytes = Buffer.alloc(length);
    for (let got = 0; got < length; ) {
      const count = readSync(this.descriptor, bytes, got, length - got, at + got);
      if (count === 0) throw badArchive("breaks off");
      got += count;
    }
    return bytes;
  }
}

interface Directory {
  readonly count: number;
  readonly at: number;
  /** Bytes. */
  readonly length: number;
}

/** The end record stands last, with nothing behind its comment: of two that could be it, nobody could tell which. */
function findDirectory(file: FileBytes, limits: ArchiveLimits): Directory {
  const tailLength = Math.min(file.size, END.length + END.longestComment);
  const tail = file.read(file.size - tailLength, tailLength);
  for (let at = tail.length - END.length; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END.signature) continue;
    if (at + END.length + tail.readUInt16LE(at + 20) !== tail.length) continue;
    const found = readEnd(file, tail.subarray(at), file.size - tailLength + at);
    if (found.count > limits.entries) {
      throw badArchive("has too many entries", {
        expected: `at most ${limits.entries}`,
        got: String(found.count),
      });
    }
    if (found.length > 4 * limits.allPathBytes)
      throw badArchive("has a directory that is longer than any has to be");
    return found;
  }
  throw badArchive("has no directory at its end, as a zip archive must");
}

function readEnd(file: FileBytes, end: Buffer, at: number): Directory {
  const found = { count: end.readUInt16LE(10), length: end.readUInt32LE(12), at: end.readUInt32LE(16) };
  const disks = [end.readUInt16LE(4), end.readUInt16LE(6)];
  const isLarge = found.count === FULL_16 || found.length === FULL_32 || found.at === FULL_32;
  const directory = isLarge ? readEnd64(file, at - END_64.locatorLength) : { ...found, end: at };
  if (!isLarge && (disks.some((disk) => disk !== 0) || end.readUInt16LE(8) !== found.count)) {
    throw badArchive("is one part of several");
  }
  if (directory.at + directory.length !== directory.end) {
    throw badArchive("has a directory that does not end where it says");
  }
  return directory;
}

function readEnd64(file: FileBytes, at: number): Directory & { readonly end: number } {
  const locator = file.read(at, END_64.locatorLength);
  if (locator.readUInt32LE(0) !== END_64.locator) throw badArchive("lacks the place of its zip64 directory");
  const start = safe(locator.readBigUInt64LE(8));
  const end = file.read(start, END_64.length);
  const isSound =
    end.readUInt32LE(0) === END_64.signature &&
    start + 12 + safe(end.readBigUInt64LE(4)) === at &&
    end.readUInt32LE(16) === 0 &&
    end.readUInt32LE(20) === 0 &&
    end.readBigUInt64LE(24) === end.readBigUInt64LE(32);
  if (!isSound) throw badArchive("has a zip64 directory that cannot be read");
  return {
    count: safe(end.readBigUInt64LE(32)),
    length: safe(end.readBigUInt64LE(40)),
    at: safe(end.readBigUInt64LE(48)),
    end: start,
  };
}

function readCentral(
  directory: Buffer,
  at: number,
  file: FileBytes,
  directoryAt: number,
): { readonly entry: ZipEntry; readonly next: number } {
  if (at + CENTRAL.length > directory.length || directory.readUInt32LE(at) !== CENTRAL.signature) {
    throw badArchive("has a directory that cannot be read");
  }
  const fixed = directory.subarray(at, at + CENTRAL.length);
  const nameEnd = at + CENTRAL.length + fixed.readUInt16LE(28);
  const extraEnd = nameEnd + fixed.readUInt16LE(30);
  const next = extraEnd + fixed.readUInt16LE(32);
  if (next > directory.length) throw badArchive("has a directory that cannot be read");
  const flags = fixed.readUInt16LE(8);
  const rawName = directory.subarray(at + CENTRAL.length, nameEnd);
  const name = readName(rawName, flags);
  const wide = new WideNumbers(directory.subarray(nameEnd, extraEnd), name);
  const size = wide.orWide(fixed.readUInt32LE(24));
  const packedSize = wide.orWide(fixed.readUInt32LE(20));
  const header = wide.orWide(fixed.readUInt32LE(42));
  if (fixed.readUInt16LE(34) !== 0) throw badEntry(name, "lies in another part");
  if (header + LOCAL.length > directoryAt) throw badEntry(name, "lies beyond the archive's files");
  const method = fixed.readUInt16LE(10);
  const madeOn = fixed[5] ?? 0;
  const described = {
    name,
    compression: compressionOf(name, flags, method),
    crc32: fixed.readUInt32LE(16),
    ...{ packedSize, size, header },
    mode: MADE_ON_UNIX.includes(madeOn) ? fixed.readUInt16LE(40) : 0,
  };
  return {
    entry: { ...described, start: requireSameLocal(file, described, { flags, method, rawName }) },
    next,
  };
}

function readName(raw: Buffer, flags: number): string {
  const isAscii = raw.every((byte) => byte < 0x80);
  if (isAscii || (flags & FLAGS.utf8) !== 0) return decodeName(raw);
  throw badEntry(raw.toString("latin1"), "has a name in an unknown character set");
}

function compressionOf(name: string, flags: number, method: number): Compression {
  if ((flags & (FLAGS.encrypted | FLAGS.strongEncryption | FLAGS.masked)) !== 0) {
    throw badEntry(name, "is encrypted");
  }
  if ((flags & FLAGS.patch) !== 0) throw badEntry(name, "is a patch");
  switch (method) {
    case 0:
      return "stored";
    case 8:
      return "deflate";
    case 93:
      return "zstd";
    default:
      throw badEntry(name, `is compressed by method ${method}, and neither deflate nor zstd`);
  }
}

/** @returns where the entry's bytes begin */
function requireSameLocal(
  file: FileBytes,
  entry: Omit<ZipEntry, "start">,
  central: { readonly flags: number; readonly method: number; readonly rawName: Buffer },
): number {
  const { header, name } = entry;
  const fixed = file.read(header, LOCAL.length);
  const differs = (): never => {
    throw badEntry(name, "is described differently in the directory and before its bytes");
  };
  if (fixed.readUInt32LE(0) !== LOCAL.signature) return differs();
  const flags = fixed.readUInt16LE(6);
  const nameLength = fixed.readUInt16LE(26);
  const extraLength = fixed.readUInt16LE(28);
  const rest = file.read(header + LOCAL.length, nameLength + extraLength);
  const isSame =
    fixed.readUInt16LE(8) === central.method &&
    (flags & FLAGS.encrypted) === 0 &&
    (flags & FLAGS.sizesFollow) === (central.flags & FLAGS.sizesFollow) &&
    rest.subarray(0, nameLength).equals(central.rawName);
  if (!isSame) return differs();
  const wide = new WideNumbers(rest.subarray(nameLength), name);
  const crc32 = fixed.readUInt32LE(14);
  const size = wide.orWide(fixed.readUInt32LE(22));
  const packedSize = wide.orWide(fixed.readUInt32LE(18));
  // Whoever packs a stream knows them afterwards only, and leaves them out here.
  const follow = (flags & FLAGS.sizesFollow) !== 0;
  const agrees = (said: number, known: number): boolean => said === known || (follow && said === 0);
  if (!agrees(crc32, entry.crc32) || !agrees(size, entry.size) || !agrees(packedSize, entry.packedSize)) {
    return differs();
  }
  return header + LOCAL.length + nameLength + extraLength;
}

/** The zip64 field of an entry: numbers that have no room in their own places, in the order of those. */
class WideNumbers {
  private rest: Buffer = Buffer.alloc(0);
  private readonly name: string;

  constructor(extra: Buffer, name: string) {
    this.name = name;
    for (let at = 0; at + 4 <= extra.length; ) {
      const end = at + 4 + extra.readUInt16LE(at + 2);
      if (end > extra.length) throw badEntry(name, "has a field that cannot be read");
      if (extra.readUInt16LE(at) === ZIP64_EXTRA) this.rest = extra.subarray(at + 4, end);
      at = end;
    }
  }

  orWide(narrow: number): number {
    if (narrow !== FULL_32) return narrow;
    if (this.rest.length < 8) throw badEntry(this.name, "has a size that it does not say");
    const wide = safe(this.rest.readBigUInt64LE(0));
    this.rest = this.rest.subarray(8);
    return wide;
  }
}

function safe(value: bigint): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw badArchive("has a number that is beyond reason");
}
