import { type ArchiveEntry, type ArchiveLimits, badArchive, badEntry } from "./archive-entry.ts";
import { ByteStream } from "./byte-stream.ts";
import { readEntryName, readLinkTarget } from "./entry-names.ts";
import { decodeName, readTarHeader, TAR_BLOCK, type TarHeader } from "./tar-header.ts";

/** Of one header that describes the entry after it. */
const LONGEST_DESCRIPTION = 64 * 1024;
/** tar pads an archive with zeros; more than this is no padding. */
const MOST_PADDING = 1024 * 1024;
const SET_ID_BITS = 0o6000;

/** What headers of their own say of the entry that follows: its real values. */
interface Described {
  path?: string;
  linkTarget?: string;
  size?: number;
}

/**
 * Reads a tar archive as a stream: ustar with the extended headers of pax, and GNU tar's long names.
 *
 * Files, folders and symbolic links that stay inside are all that a product needs. Hard links, devices, sparse files and
 * set-id bits are refused rather than passed over, as an archive without them would be another one than was signed.
 *
 * @throws InstallError `install/bad-archive`, on the iterator
 */
export async function* readTar(
  source: AsyncIterable<Buffer>,
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveEntry> {
  const bytes = new ByteStream(source);
  try {
    let described: Described = {};
    for (let headers = 0; ; headers++) {
      if (headers > 4 * limits.entries) throw badArchive("has too many headers");
      const block = await bytes.exactly(TAR_BLOCK);
      if (isZero(block)) break;
      const header = readTarHeader(block);
      if (await describes(bytes, header, described)) continue;
      const size = described.size ?? header.size;
      const content = bytes.pieces(size);
      const entry = readEntry(header, described, size, content, limits);
      described = {};
      if (entry !== undefined) yield entry;
      for await (const _ of content) {
        // What the reader left of the entry.
      }
      await skipPadding(bytes, size);
    }
    await requireOnlyPadding(bytes);
  } finally {
    await bytes.close();
  }
}

/** Takes what a header says that describes the next entry. @returns whether it was such a header */
async function describes(bytes: ByteStream, header: TarHeader, described: Described): Promise<boolean> {
  switch (header.type) {
    case "x":
    case "g": {
      const records = paxRecords(await readDescription(bytes, header));
      requirePlain(records);
      if (header.type === "x") takeRecords(records, described);
      else if (["path", "linkpath", "size"].some((key) => records.has(key))) {
        throw badArchive("has a global header that names or measures every entry");
      }
      return true;
    }
    case "L":
      described.path = withoutEnd(await readDescription(bytes, header));
      return true;
    case "K":
      described.linkTarget = withoutEnd(await readDescription(bytes, header));
      return true;
    default:
      return false;
  }
}

async function readDescription(bytes: ByteStream, { size }: TarHeader): Promise<Buffer> {
  if (size > LONGEST_DESCRIPTION) throw badArchive("has a header that is longer than any has to be");
  const description = Buffer.from(await bytes.exactly(size));
  await skipPadding(bytes, size);
  return description;
}

/** `<length> <key>=<value>\n`, again and again; the length counts all of it. */
function paxRecords(description: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < description.length; ) {
    const blank = description.indexOf(0x20, at);
    const digits = blank === -1 ? "" : description.toString("latin1", at, blank);
    const end = at + (/^[1-9]\d{0,5}$/.test(digits) ? Number(digits) : 0);
    const equals = description.indexOf(0x3d, blank);
    if (end <= equals || equals === -1 || end > description.length || description[end - 1] !== 0x0a) {
      throw badArchive("has an extended header that cannot be read");
    }
    const key = description.toString("latin1", blank + 1, equals);
    // Only names have to be text: an attribute of a file system may be any bytes.
    const value = description.subarray(equals + 1, end - 1);
    records.set(key, key === "path" || key === "linkpath" ? decodeName(value) : value.toString("latin1"));
    at = end;
  }
  return records;
}

function requirePlain(records: ReadonlyMap<string, string>): void {
  const sparse = [...records.keys()].find((key) => key.startsWith("GNU.sparse"));
  if (sparse !== undefined) throw badArchive("has a sparse file");
}

function takeRecords(records: ReadonlyMap<string, string>, described: Described): void {
  const path = records.get("path");
  const linkTarget = records.get("linkpath");
  const size = records.get("size");
  if (path !== undefined) described.path = path;
  if (linkTarget !== undefined) described.linkTarget = linkTarget;
  if (size === undefined) return;
  if (!/^\d{1,15}$/.test(size)) throw badArchive("has a number that cannot be read");
  described.size = Number(size);
}

function withoutEnd(name: Buffer): string {
  const end = name.indexOf(0);
  return decodeName(end === -1 ? name : name.subarray(0, end));
}

/** @returns `undefined` for the root folder itself */
function readEntry(
  header: TarHeader,
  described: Described,
  size: number,
  content: AsyncIterable<Buffer>,
  limits: ArchiveLimits,
): ArchiveEntry | undefined {
  const raw = described.path ?? header.name;
  const path = readEntryName(raw, limits);
  if ((header.mode & SET_ID_BITS) !== 0) throw badEntry(raw, "has a set-user-id or set-group-id bit");
  const isFolder =
    header.type === "5" || (raw.endsWith("/") && (header.type === "0" || header.type === "\0"));
  if (path === "" && !isFolder) throw badEntry(raw, "has no name");
  if (header.type !== "0" && header.type !== "\0" && size > 0)
    throw badEntry(raw, "has bytes, and is no file");
  if (isFolder) return path === "" ? undefined : { kind: "folder", path };
  switch (header.type) {
    case "0":
    case "\0":
      return { kind: "file", path, size, executable: (header.mode & 0o111) !== 0, content };
    case "2":
      return {
        kind: "link",
        path,
        target: readLinkTarget(path, described.linkTarget ?? header.linkTarget, limits),
      };
    case "1":
      throw badEntry(raw, "is a hard link (pack with --hard-dereference)");
    case "3":
    case "4":
    case "6":
      throw badEntry(raw, "is a device or a pipe");
    case "S":
      throw badEntry(raw, "is a sparse file");
    default:
      throw badEntry(raw, "is of a kind that is unknown here");
  }
}

async function skipPadding(bytes: ByteStream, size: number): Promise<void> {
  const padding = (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
  if (padding > 0) await bytes.exactly(padding);
}

/** What comes after the end would be seen by some tools and not by others. */
async function requireOnlyPadding(bytes: ByteStream): Promise<void> {
  let skipped = 0;
  for (
    let piece = await bytes.some(MOST_PADDING);
    piece !== undefined;
    piece = await bytes.some(MOST_PADDING)
  ) {
    skipped += piece.length;
    if (!isZero(piece) || skipped > MOST_PADDING) throw badArchive("goes on after its end");
  }
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
