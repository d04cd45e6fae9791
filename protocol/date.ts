import { quote } from "./printable.ts";
import { ProtocolError } from "./protocol-error.ts";

/**
 * Reads the dates of state: `2027-01-31` (its first second, UTC) or `2027-01-31T10:00Z`, with any zone offset.
 *
 * @returns seconds since 1970, whole
 * @throws ProtocolError `protocol/bad-date`: another form, or a day that no calendar has
 */
export function parseDate(text: string): number {
  try {
    const instant = text.includes("T")
      ? Temporal.Instant.from(text)
      : Temporal.PlainDate.from(text).toZonedDateTime("UTC").toInstant();
    return Math.floor(instant.epochMilliseconds / 1000);
  } catch {
    throw new ProtocolError("protocol/bad-date", `expected a date such as 2027-01-31, got ${quote(text)}`);
  }
}
