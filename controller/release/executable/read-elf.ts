import { type Block, BrokenHeader, type ByteSource, readBlock } from "./byte-source.ts";

/** What an ELF file says of the machine that it needs. */
export interface ElfFile {
  readonly kind: "elf";
  /** As node names it; what node has no name for as `ELF machine 8`. */
  readonly architecture: string;
  /** The one system that it says it is for; most files say nothing. */
  readonly system?: "freebsd" | "linux" | "netbsd" | "openbsd";
  /** The C library that it is linked to; absent in a static file. */
  readonly libc?: {
    readonly name: "glibc" | "musl" /** The newest that it asks for. */;
    readonly version?: string;
  };
  /** Shared libraries that it needs (`DT_NEEDED`). */
  readonly needed: readonly string[];
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_STRSZ = 10;
const DT_VERNEED = 0x6ffffffe;
const DT_VERNEEDNUM = 0x6fffffff;
/** A version that is not missed where the library lacks it. */
const VER_FLG_WEAK = 2;
const MOST_SEGMENTS = 256;
const MOST_DYNAMIC_ENTRIES = 10_000;
const MOST_NAMES = 10_000;

/**
 * Reads an ELF file by what the loader goes by, its segments: a stripped file may have no sections at all. (System V ABI,
 * "Object Files" and "Dynamic Linking"; LSB Core, "Symbol Versioning".)
 *
 * @throws BrokenHeader where the file is cut off or lies about itself
 */
export function readElf(source: ByteSource): ElfFile {
  const ident = readBlock(source, 0, 20, { littleEndian: true });
  const is64 = ident.u8(4) === 2;
  const littleEndian = ident.u8(5) !== 2;
  const layout = { source, is64, littleEndian };
  const header = readBlock(source, 0, is64 ? 64 : 52, { littleEndian });
  const architecture = architectureOf(header.u16(18), is64, littleEndian);
  const segments = readSegments(layout, header);
  const interpreter = readInterpreter(layout, segments);
  const dynamic = readDynamic(layout, segments);
  const libc = libcOf(interpreter, dynamic);
  const system = systemOf(ident.u8(7), interpreter);
  return {
    kind: "elf",
    architecture,
    ...(system === undefined ? {} : { system }),
    ...(libc === undefined ? {} : { libc }),
    needed: dynamic.needed,
  };
}

interface Layout {
  readonly source: ByteSource;
  readonly is64: boolean;
  readonly littleEndian: boolean;
}

function architectureOf(machine: number, is64: boolean, littleEndian: boolean): string {
  switch (machine) {
    case 3:
      return "ia32";
    case 8:
      return littleEndian ? "mipsel" : "mips";
    case 21:
      return "ppc64";
    case 22:
      return is64 ? "s390x" : "s390";
    case 40:
      return "arm";
    case 62:
      return is64 ? "x64" : "x32";
    case 183:
      return "arm64";
    case 243:
      return is64 ? "riscv64" : "riscv32";
    case 258:
      return "loong64";
    default:
      return `ELF machine ${machine}`;
  }
}

function systemOf(abi: number, interpreter: string | undefined): ElfFile["system"] {
  switch (abi) {
    case 2:
      return "netbsd";
    case 3:
      return "linux";
    case 9:
      return "freebsd";
    case 12:
      return "openbsd";
    default:
      return interpreter !== undefined && libcOfInterpreter(interpreter) !== undefined ? "linux" : undefined;
  }
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function readSegments({ source, is64, littleEndian }: Layout, header: Block): Segment[] {
  const offset = is64 ? header.u64(32) : header.u32(28);
  const entrySize = header.u16(is64 ? 54 : 42);
  const count = header.u16(is64 ? 56 : 44);
  if (count === 0) return [];
  if (count > MOST_SEGMENTS) throw new BrokenHeader(`${count} segments`);
  if (entrySize < (is64 ? 56 : 32)) throw new BrokenHeader(`segments of ${entrySize} bytes`);
  const table = readBlock(source, offset, count * entrySize, { littleEndian });
  return Array.from({ length: count }, (_, index) => {
    const at = index * entrySize;
    return is64
      ? {
          type: table.u32(at),
          offset: table.u64(at + 8),
          address: table.u64(at + 16),
          size: table.u64(at + 32),
        }
      : {
          type: table.u32(at),
          offset: table.u32(at + 4),
          address: table.u32(at + 8),
          size: table.u32(at + 16),
        };
  });
}

function readInterpreter({ source, littleEndian }: Layout, segments: readonly Segment[]): string | undefined {
  const segment = segments.find(({ type }) => type === PT_INTERP);
  if (segment === undefined) return undefined;
  if (segment.size > 4096) throw new BrokenHeader(`an interpreter's name of ${segment.size} bytes`);
  return readBlock(source, segment.offset, segment.size, { littleEndian }).name(0);
}

interface Dynamic {
  readonly needed: readonly string[];
  /** Symbol versions that it needs, with the library that has to have them. */
  readonly versions: readonly { readonly library: string; readonly name: string }[];
}

function readDynamic(layout: Layout, segments: readonly Segment[]): Dynamic {
  const { source, is64, littleEndian } = layout;
  const segment = segments.find(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined) return { needed: [], versions: [] };
  const width = is64 ? 8 : 4;
  const count = Math.floor(segment.size / (2 * width));
  if (count > MOST_DYNAMIC_ENTRIES) throw new BrokenHeader(`${count} dynamic entries`);
  const table = readBlock(source, segment.offset, count * 2 * width, { littleEndian });
  const neededAt: number[] = [];
  const values = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    const at = index * 2 * width;
    // Tags of processors and systems may lie above what a number holds exactly; none of them is of interest.
    const tag = is64 && table.u32(at + (littleEndian ? 4 : 0)) !== 0 ? -1 : table.u32(lowHalf(at, layout));
    if (tag === 0) break;
    if (![DT_NEEDED, DT_STRTAB, DT_STRSZ, DT_VERNEED, DT_VERNEEDNUM].includes(tag)) continue;
    const value = is64 ? table.u64(at + width) : table.u32(at + width);
    if (tag === DT_NEEDED) neededAt.push(value);
    else values.set(tag, value);
  }
  const namesAt = values.get(DT_STRTAB);
  if (namesAt === undefined) return { needed: [], versions: [] };
  const names: NameTable = {
    source,
    offset: fileOffset(segments, namesAt),
    size: values.get(DT_STRSZ) ?? 0,
  };
  const needed = neededAt.slice(0, MOST_NAMES).map((at) => readName(names, at));
  const versionsAt = values.get(DT_VERNEED);
  return {
    needed,
    versions:
      versionsAt === undefined
        ? []
        : readVersions(layout, fileOffset(segments, versionsAt), values.get(DT_VERNEEDNUM) ?? 0, names),
  };
}

function lowHalf(at: number, { is64, littleEndian }: Layout): number {
  return is64 && !littleEndian ? at + 4 : at;
}

/** Where in the file an address of the loaded program is. */
function fileOffset(segments: readonly Segment[], address: number): number {
  for (const segment of segments) {
    const into = address - segment.address;
    if (segment.type === PT_LOAD && into >= 0 && into < segment.size) return segment.offset + into;
  }
  throw new BrokenHeader("an address that no segment holds");
}

interface NameTable {
  readonly source: ByteSource;
  readonly offset: number;
  readonly size: number;
}

function readName({ source, offset, size }: NameTable, at: number): string {
  if (at >= size || offset + at >= source.size) throw new BrokenHeader("a name outside of the names");
  const length = Math.min(256, size - at, source.size - offset - at);
  return readBlock(source, offset + at, length, { littleEndian: true }).name(0);
}

/** `Elfxx_Verneed` and `Elfxx_Vernaux`: 16 bytes each, chained by distances, the same in both classes. */
function readVersions(
  { source, littleEndian }: Layout,
  offset: number,
  count: number,
  names: NameTable,
): Dynamic["versions"] {
  if (count > MOST_NAMES) throw new BrokenHeader(`symbol versions of ${count} libraries`);
  const versions: { library: string; name: string }[] = [];
  let at = offset;
  let left = MOST_NAMES;
  for (let index = 0; index < count; index++) {
    const need = readBlock(source, at, 16, { littleEndian });
    const library = readName(names, need.u32(4));
    let auxiliaryAt = at + need.u32(8);
    for (let entry = 0; entry < need.u16(2); entry++) {
      if (left-- <= 0) throw new BrokenHeader(`more than ${MOST_NAMES} symbol versions`);
      const auxiliary = readBlock(source, auxiliaryAt, 16, { littleEndian });
      const isWeak = (auxiliary.u16(4) & VER_FLG_WEAK) !== 0;
      if (!isWeak) versions.push({ library, name: readName(names, auxiliary.u32(8)) });
      const next = auxiliary.u32(12);
      if (next === 0) break;
      auxiliaryAt += next;
    }
    const next = need.u32(12);
    if (next === 0) break;
    at += next;
  }
  return versions;
}

function libcOfInterpreter(interpreter: string): "glibc" | "musl" | undefined {
  const file = interpreter.slice(interpreter.lastIndexOf("/") + 1);
  if (/^ld-musl-/.test(file)) return "musl";
  // ld-linux-x86-64.so.2, ld-linux-armhf.so.3, ld64.so.2 (ppc64), ld.so.1 (mips)
  return /^(ld-linux.*|ld64|ld)\.so\.\d$/.test(file) ? "glibc" : undefined;
}

function libcOf(interpreter: string | undefined, { needed, versions }: Dynamic): ElfFile["libc"] {
  const byInterpreter = interpreter === undefined ? undefined : libcOfInterpreter(interpreter);
  const version = newest(versions.flatMap((needs) => glibcVersion(needs.name) ?? []));
  const name = byInterpreter ?? libcOfLibraries(needed) ?? (version === undefined ? undefined : "glibc");
  if (name === undefined) return undefined;
  return name === "musl" || version === undefined ? { name } : { name, version };
}

function libcOfLibraries(needed: readonly string[]): "glibc" | "musl" | undefined {
  // Alpine calls it by its processor, others as musl does itself.
  if (needed.some((library) => /^libc\.(musl-.*|so$)/.test(library))) return "musl";
  return needed.some((library) => /^libc\.so\.6(\.1)?$/.test(library)) ? "glibc" : undefined;
}

/** `GLIBC_2.34`; a file that packs its relocations asks for them by a name of their own, which came with 2.36. */
function glibcVersion(symbolVersion: string): string | undefined {
  if (symbolVersion === "GLIBC_ABI_DT_RELR") return "2.36";
  return /^GLIBC_(\d{1,4}(?:\.\d{1,4}){1,3})$/.exec(symbolVersion)?.[1];
}

function newest(versions: readonly string[]): string | undefined {
  const parts = (version: string): number[] => version.split(".").map(Number);
  return [...versions]
    .sort((a, b) => {
      const [left, right] = [parts(a), parts(b)];
      for (let index = 0; index < Math.max(left.length, right.length); index++) {
        const difference = (left[index] ?? 0) - (right[index] ?? 0);
        if (difference !== 0) return difference;
      }
      return 0;
    })
    .at(-1);
}
