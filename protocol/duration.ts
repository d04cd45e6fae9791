import { quote } from "./printable.ts";
import { ProtocolError } from "./protocol-error.ts";

const SECONDS_OF = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
type DurationUnit = keyof typeof SECONDS_OF;

/** The form that schemas and help texts show. */
const DURATION_PATTERN = /^(?:\d{1,9}[smhdw])+$/;

/** Longest duration that state may name: ten years. Anything longer is a typing mistake. */
const MAX_DURATION_SECONDS = 10 * 365 * 86_400;

/**
 * Reads `90s`, `15m`, `4h`, `2d`, `1w` or a sum such as `1h30m`.
 *
 * @returns whole seconds
 * @throws ProtocolError `protocol/bad-duration`: no unit, an unknown unit, a fraction, or over ten years
 */
export function parseDuration(text: string): number {
  if (!DURATION_PATTERN.test(text)) {
    throw new ProtocolError(
      "protocol/bad-duration",
      `expected a duration such as 90s, 15m, 4h or 2d, got ${quote(text)}`,
    );
  }
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([smhdw])/g)) {
    seconds += Number(amount) * SECONDS_OF[unit as DurationUnit];
  }
  if (seconds > MAX_DURATION_SECONDS) {
    throw new ProtocolError("protocol/bad-duration", `${quote(text)} is longer than ten years`);
  }
  return seconds;
}

/**
 * Writes seconds the way `parseDuration` reads them, with at most two units: `2d`, `1h30m`, `0s`.
 * What is under the second unit is cut off, so the result is for people, not for reading back.
 */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const unit of ["d", "h", "m", "s"] as const) {
    const amount = Math.floor(rest / SECONDS_OF[unit]);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * SECONDS_OF[unit];
    if (parts.length === 2) break;
  }
  return parts.join("") || "0s";
}
