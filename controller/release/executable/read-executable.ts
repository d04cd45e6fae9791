import { BrokenHeader, type ByteSource } from "./byte-source.ts";
import { type ElfFile, readElf } from "./read-elf.ts";
import { isMachO, type MachOFile, readMachO } from "./read-mach-o.ts";
import { type PeFile, readPe } from "./read-pe.ts";

/** What a file says of itself. */
export type Executable =
  | ElfFile
  | MachOFile
  | PeFile
  /** It is run by the program that its first line names. */
  | { readonly kind: "script" }
  /** It begins like one of the others, and then breaks off or contradicts itself. */
  | { readonly kind: "broken"; readonly form: "ELF" | "Mach-O" | "PE"; readonly why: string }
  | { readonly kind: "unknown" };

/** Reads what a file says of itself. Never throws for what is in it. */
export function readExecutable(source: ByteSource): Executable {
  const [a = 0, b = 0, c = 0, d = 0] = source.read(0, 4);
  if (a === 0x7f && b === 0x45 && c === 0x4c && d === 0x46) return sound("ELF", () => readElf(source));
  if (isMachO(source)) return sound("Mach-O", () => readMachO(source));
  if (a === 0x4d && b === 0x5a) return sound("PE", () => readPe(source) ?? { kind: "unknown" });
  return { kind: a === 0x23 && b === 0x21 ? "script" : "unknown" };
}

function sound(form: "ELF" | "Mach-O" | "PE", read: () => Executable): Executable {
  try {
    return read();
  } catch (error) {
    if (error instanceof BrokenHeader) return { kind: "broken", form, why: error.message };
    throw error;
  }
}
