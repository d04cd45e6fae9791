import { quote } from "./printable.ts";
import { ProtocolError } from "./protocol-error.ts";

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};
const MOST_BYTES = 1024 ** 5;

/**
 * Reads `512MiB`, `2GiB` or a bare number of bytes.
 *
 * @returns bytes, whole, at most a pebibyte
 * @throws ProtocolError `protocol/bad-byte-size`
 */
export function parseByteSize(value: string | number): number {
  const [, digits = "", unit = ""] = /^([0-9]{1,16})(KiB|MiB|GiB|TiB)?$/.exec(String(value)) ?? [];
  const bytes = digits === "" ? Number.NaN : Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (!Number.isSafeInteger(bytes) || bytes > MOST_BYTES) {
    throw new ProtocolError(
      "protocol/bad-byte-size",
      `expected a size such as 512MiB or 2GiB, got ${quote(String(value))}`,
    );
  }
  return bytes;
}

/**
 * Bytes as people read them, never more than there are: `2GiB` or `512MiB` where it is so many exactly, else to a tenth
 * below: `1.9GiB`.
 */
export function formatByteSize(bytes: number): string {
  const [unit, size] = Object.entries(UNITS).findLast(([, size]) => bytes >= size) ?? ["", 1];
  const tenths = Math.floor((bytes / size) * 10) / 10;
  return unit === "" ? `${bytes} bytes` : `${tenths}${unit}`;
}
