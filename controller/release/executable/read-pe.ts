import { BrokenHeader, type ByteSource, readBlock } from "./byte-source.ts";

/** What a PE file says of the machine that it needs. */
export interface PeFile {
  readonly kind: "pe";
  /** As node names it; what node has no name for as `PE machine 0x200`. */
  readonly architecture: string;
  /** The first build of the oldest Windows that its subsystem version allows; absent where every Windows of today is newer. */
  readonly windowsBuild?: number;
}

const LITTLE = { littleEndian: true } as const;

/**
 * Reads a PE file. Windows holds a program against the version of its subsystem, not against
 * `MajorOperatingSystemVersion`, which says what its builder wished. (Microsoft, "PE Format".)
 *
 * @returns `undefined` for a DOS program, which begins alike
 * @throws BrokenHeader where the file is cut off or lies about itself
 */
export function readPe(source: ByteSource): PeFile | undefined {
  const offset = readBlock(source, 0, 64, LITTLE).u32(0x3c);
  const begin = readBlock(source, offset, 24, LITTLE);
  if (begin.u32(0) !== 0x00004550) return undefined;
  const architecture = architectureOf(begin.u16(4));
  const optionalSize = begin.u16(20);
  if (optionalSize === 0) return { kind: "pe", architecture };
  const optional = readBlock(source, offset + 24, optionalSize, LITTLE);
  const magic = optional.u16(0);
  if (magic !== 0x10b && magic !== 0x20b) throw new BrokenHeader(`an optional header of kind ${magic}`);
  const windowsBuild = firstBuildOf(optional.u16(48), optional.u16(50));
  return { kind: "pe", architecture, ...(windowsBuild === undefined ? {} : { windowsBuild }) };
}

function architectureOf(machine: number): string {
  switch (machine) {
    case 0x14c:
      return "ia32";
    case 0x8664:
      return "x64";
    case 0x1c4:
      return "arm";
    case 0xaa64:
      return "arm64";
    default:
      return `PE machine 0x${machine.toString(16)}`;
  }
}

/** First builds of Windows by the version that its programs name: Vista and its successors. */
const FIRST_BUILDS: readonly (readonly [major: number, minor: number, build: number])[] = [
  [6, 0, 6000],
  [6, 1, 7600],
  [6, 2, 9200],
  [6, 3, 9600],
  [10, 0, 10240],
];

function firstBuildOf(major: number, minor: number): number | undefined {
  return FIRST_BUILDS.findLast(([a, b]) => major > a || (major === a && minor >= b))?.[2];
}
