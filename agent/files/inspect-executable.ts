import { closeSync, constants, openSync, readSync } from "node:fs";

/** What the first bytes of a file say about who can run it. */
export type ExecutableKind =
  | { readonly kind: "script" }
  | { readonly kind: "elf"; readonly machine: string }
  | { readonly kind: "unknown" };

/** `e_machine` of the ELF header, by node's names for architectures. */
const ELF_MACHINES: ReadonlyMap<number, string> = new Map([
  [3, "ia32"],
  [21, "ppc64"],
  [22, "s390x"],
  [40, "arm"],
  [62, "x64"],
  [183, "arm64"],
  [243, "riscv64"],
  [258, "loong64"],
]);

/** Reads the header of an executable (System V ABI, chapter 4, "ELF header"). */
export function inspectHeader(header: Buffer): ExecutableKind {
  if (header.subarray(0, 2).toString("latin1") === "#!") return { kind: "script" };
  if (header.length < 20 || header.readUInt32BE(0) !== 0x7f454c46) return { kind: "unknown" };
  const machine = header[5] === 2 ? header.readUInt16BE(18) : header.readUInt16LE(18);
  return { kind: "elf", machine: ELF_MACHINES.get(machine) ?? `ELF machine ${machine}` };
}

/** @throws the file system's error */
export function inspectExecutable(path: string): ExecutableKind {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const header = Buffer.alloc(64);
    const count = readSync(descriptor, header, 0, header.length, 0);
    return inspectHeader(header.subarray(0, count));
  } finally {
    closeSync(descriptor);
  }
}
