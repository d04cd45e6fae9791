import { quote } from "./printable.ts";
import { ProtocolError } from "./protocol-error.ts";

/**
 * A share of a fleet in whole parts per million: 1 % is 10,000. An integer, because canonical JSON
 * (which is what gets signed) has no floats.
 */
export type Ppm = number;

export const WHOLE_PPM: Ppm = 1_000_000;

/**
 * Reads `2%`, `0.5%`, `2` or `0.5` as a share. Finer than 0.0001 % is an error rather than a rounding:
 * a percentage that silently becomes 0 would stop a rollout that somebody thinks is running.
 *
 * @throws ProtocolError `protocol/bad-percent`: not a number, below 0, above 100, or too fine
 */
export function parsePercent(value: string | number): Ppm {
  const text = typeof value === "number" ? String(value) : value.replace(/%$/, "");
  if (!/^\d{1,3}(\.\d{1,4})?$/.test(text)) {
    throw new ProtocolError(
      "protocol/bad-percent",
      `expected a percentage from 0 to 100 such as 2% or 0.5%, got ${quote(String(value))}`,
    );
  }
  const [whole = "0", fraction = ""] = text.split(".");
  const ppm = Number(whole) * 10_000 + Number(fraction.padEnd(4, "0"));
  if (ppm > WHOLE_PPM) {
    throw new ProtocolError(
      "protocol/bad-percent",
      `expected a percentage from 0 to 100, got ${quote(String(value))}`,
    );
  }
  return ppm;
}

/** Writes a share as people say it: `1%`, `0.5%`, `100%`. */
export function formatPpm(ppm: Ppm): string {
  return `${ppm / 10_000}%`;
}
