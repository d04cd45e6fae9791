import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { fromFileError, InstallError } from "../../installation/install-error.ts";

/** `Machine` of the COFF header, by node's names for architectures (PE Format, "Machine Types"). */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [0x014c, "ia32"],
  [0x8664, "x64"],
  [0xaa64, "arm64"],
]);
const READ_BYTES = 4096;
const SECTION_HEADER = 40;

/** What the header of a Windows program says: for which machine, and how long the file must at least be. */
export type PeHeader = { readonly machine: string; readonly bytes: number } | { readonly problem: string };

/** Reads the start of a program (PE Format: MS-DOS stub, COFF header, section table). */
export function readPeHeader(start: Buffer): PeHeader {
  if (start.length < 64 || start.toString("latin1", 0, 2) !== "MZ") return { problem: "no Windows program" };
  const at = start.readUInt32LE(0x3c);
  if (at + 24 > start.length || start.readUInt32BE(at) !== 0x50450000) return { problem: "no PE header" };
  const number = start.readUInt16LE(at + 4);
  const sections = start.readUInt16LE(at + 6);
  const table = at + 24 + start.readUInt16LE(at + 20);
  if (table + sections * SECTION_HEADER > start.length)
    return { problem: "a section table that is cut short" };
  let bytes = table + sections * SECTION_HEADER;
  for (let section = 0; section < sections; section++) {
    const header = table + section * SECTION_HEADER;
    // SizeOfRawData, PointerToRawData.
    bytes = Math.max(bytes, start.readUInt32LE(header + 16) + start.readUInt32LE(header + 20));
  }
  return { machine: MACHINES.get(number) ?? `machine 0x${number.toString(16)}`, bytes };
}

/**
 * Foresees what Windows would say of a program: a truncated one can crash it half-way, and a wrong one opens a window.
 *
 * @throws InstallError `install/wrong-arch`, `install/self-test-failed`, or a file error
 */
export function requireProgram(path: string, version: string, arch: string = process.arch): void {
  const { start, size } = readStart(path);
  const header = readPeHeader(start);
  if ("problem" in header) {
    throw new InstallError("install/wrong-arch", `${version} is not a Windows program`, {
      expected: `a PE file for ${arch}`,
      got: header.problem,
      help: "the release has the wrong file for this platform: yank it and build it again",
    });
  }
  // Windows on ARM runs what is made for x64, and x64 what is made for ia32.
  const runs =
    header.machine === arch || (arch === "arm64" && header.machine === "x64") || header.machine === "ia32";
  if (!runs) {
    throw new InstallError("install/wrong-arch", `${version} is not a program of this machine`, {
      expected: `a PE file for ${arch}`,
      got: `a PE file for ${header.machine}`,
      help: "the release has the wrong file for this platform: yank it and build it again",
    });
  }
  if (size < header.bytes) {
    throw new InstallError("install/self-test-failed", `the program of ${version} is cut short`, {
      expected: `at least ${header.bytes} bytes, as its header says`,
      got: `${size} bytes`,
      help: "the release has a damaged file: yank it and build it again",
    });
  }
}

function readStart(path: string): { start: Buffer; size: number } {
  try {
    const descriptor = openSync(path, constants.O_RDONLY);
    try {
      const start = Buffer.alloc(READ_BYTES);
      const count = readSync(descriptor, start, 0, READ_BYTES, 0);
      return { start: start.subarray(0, count), size: fstatSync(descriptor).size };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    // A virus scanner that took it away leaves nothing, or something that nobody may open.
    throw fromFileError(error, "read", path);
  }
}
