import { badArchive, badEntry } from "./archive-entry.ts";

export const TAR_BLOCK = 512;

/** One header block of a tar archive (POSIX.1-2017, pax, "ustar Interchange Format"). */
export interface TarHeader {
  readonly type: string;
  readonly name: string;
  readonly mode: number;
  /** Bytes that follow, without the padding. */
  readonly size: number;
  readonly linkTarget: string;
}

/** @throws InstallError `install/bad-archive` */
export function readTarHeader(block: Buffer): TarHeader {
  requireChecksum(block);
  const prefix =
    block.toString("latin1", 257, 262) === "ustar" && block[262] === 0 ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  return {
    type: String.fromCharCode(block[156] ?? 0),
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode: number(block, 100, 8),
    size: number(block, 124, 12),
    linkTarget: text(block, 157, 100),
  };
}

/** The sum of all bytes of the block, with the sum itself taken as blanks. */
function requireChecksum(block: Buffer): void {
  let sum = 8 * 0x20;
  for (const [at, byte] of block.entries()) if (at < 148 || at >= 156) sum += byte;
  if (number(block, 148, 8) !== sum) throw badArchive("has a damaged header, or is no tar archive");
}

function text(block: Buffer, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return decodeName(end === -1 ? field : field.subarray(0, end));
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @throws InstallError `install/bad-archive` for what is not UTF-8 */
export function decodeName(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw badEntry(Buffer.from(bytes).toString("latin1"), "has a name that is not UTF-8");
  }
}

/** Octal digits, or base 256 where the first bit is set (GNU tar, for what is too large for those). */
function number(block: Buffer, at: number, length: number): number {
  const field = block.subarray(at, at + length);
  if (((field[0] ?? 0) & 0x80) !== 0) {
    let value = (field[0] ?? 0) & 0x7f;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    return safe(value);
  }
  const digits = field
    .toString("latin1")
    .replace(/[\0 ]+$/, "")
    .replace(/^ +/, "");
  if (!/^[0-7]*$/.test(digits)) throw badArchive("has a number that cannot be read");
  return safe(Number.parseInt(digits === "" ? "0" : digits, 8));
}

function safe(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw badArchive("has a number that is beyond reason");
}
