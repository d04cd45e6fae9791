import { BrokenHeader, type ByteSource, readBlock } from "./byte-source.ts";

/** What a Mach-O file says of the machines that it needs: one slice, or several in a fat file. */
export interface MachOFile {
  readonly kind: "mach-o";
  readonly slices: readonly MachOSlice[];
}

export interface MachOSlice {
  /** As node names it; what node has no name for as `Mach-O processor 18`. */
  readonly architecture: string;
  /** The oldest macOS that it runs on, where it says so: `11.0`. */
  readonly macos?: string;
  /** It is for another of Apple's systems. */
  readonly otherSystem?: true;
}

const FAT = 0xcafebabe;
const FAT_64 = 0xcafebabf;
const LC_VERSION_MIN_MACOSX = 0x24;
const LC_BUILD_VERSION = 0x32;
const PLATFORM_MACOS = 1;
const MOST_SLICES = 20;
const MOST_COMMANDS = 10_000;

/** A Java class begins like a fat file, and then has its version, which is no count of slices. */
export function isMachO(source: ByteSource): boolean {
  if (source.size < 8) return false;
  const begin = readBlock(source, 0, 8, { littleEndian: false });
  const magic = begin.u32(0);
  if (magic === FAT || magic === FAT_64) return begin.u32(4) <= MOST_SLICES;
  return orderOf(magic) !== undefined;
}

/**
 * Reads a Mach-O file, thin or fat. (`mach-o/loader.h` and `mach-o/fat.h` of xnu.)
 *
 * @throws BrokenHeader where the file is cut off or lies about itself
 */
export function readMachO(source: ByteSource): MachOFile {
  const begin = readBlock(source, 0, 8, { littleEndian: false });
  const magic = begin.u32(0);
  if (magic !== FAT && magic !== FAT_64) return { kind: "mach-o", slices: [readSlice(source, 0)] };
  const count = begin.u32(4);
  if (count > MOST_SLICES) throw new BrokenHeader(`${count} slices`);
  const entrySize = magic === FAT ? 20 : 32;
  const table = readBlock(source, 8, count * entrySize, { littleEndian: false });
  const slices = Array.from({ length: count }, (_, index) => {
    const at = index * entrySize + 8;
    return readSlice(source, magic === FAT ? table.u32(at) : table.u64(at));
  });
  return { kind: "mach-o", slices };
}

/** Whether the numbers after this magic number, read as big-endian, are the other way round; and how wide they are. */
function orderOf(magic: number): { readonly littleEndian: boolean; readonly is64: boolean } | undefined {
  switch (magic) {
    case 0xfeedface:
      return { littleEndian: false, is64: false };
    case 0xfeedfacf:
      return { littleEndian: false, is64: true };
    case 0xcefaedfe:
      return { littleEndian: true, is64: false };
    case 0xcffaedfe:
      return { littleEndian: true, is64: true };
    default:
      return undefined;
  }
}

function readSlice(source: ByteSource, offset: number): MachOSlice {
  const order = orderOf(readBlock(source, offset, 4, { littleEndian: false }).u32(0));
  if (order === undefined) throw new BrokenHeader("a slice that is no Mach-O file");
  const { littleEndian, is64 } = order;
  const headerSize = is64 ? 32 : 28;
  const header = readBlock(source, offset, headerSize, { littleEndian });
  const architecture = architectureOf(header.u32(4));
  const count = header.u32(16);
  if (count > MOST_COMMANDS) throw new BrokenHeader(`${count} load commands`);
  const commands = readBlock(source, offset + headerSize, header.u32(20), { littleEndian });
  let at = 0;
  let isOther = false;
  for (let index = 0; index < count; index++) {
    const command = commands.u32(at);
    const size = commands.u32(at + 4);
    if (size < 8) throw new BrokenHeader(`a load command of ${size} bytes`);
    if (command === LC_VERSION_MIN_MACOSX) {
      return { architecture, macos: versionOf(commands.u32(at + 8)) };
    }
    if (command === LC_BUILD_VERSION) {
      if (commands.u32(at + 8) === PLATFORM_MACOS) {
        return { architecture, macos: versionOf(commands.u32(at + 12)) };
      }
      isOther = true;
    }
    at += size;
  }
  return isOther ? { architecture, otherSystem: true } : { architecture };
}

function architectureOf(processor: number): string {
  switch (processor) {
    case 7:
      return "ia32";
    case 0x01000007:
      return "x64";
    case 12:
      return "arm";
    case 0x0100000c:
      return "arm64";
    default:
      return `Mach-O processor ${processor}`;
  }
}

/** `xxxx.yy.zz` in nibbles: 0x000a0f00 is 10.15. */
function versionOf(packed: number): string {
  const [major, minor, patch] = [packed >>> 16, (packed >>> 8) & 0xff, packed & 0xff];
  return patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}
