import { quote } from "./printable.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Narrower than what `Temporal` reads: no leap second, no year 0, no offset that no place on Earth has. */
const FORM =
  /^(?!0000)\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00))?$/;

/**
 * Reads the dates of state: `2027-01-31` (its first second, UTC) or `2027-01-31T10:00Z`, with any zone offset.
 *
 * @returns seconds since 1970, whole
 * @throws ProtocolError `protocol/bad-date`: another form, or a day that no calendar has
 */
export function parseDate(text: string): number {
  try {
    if (!FORM.test(text)) throw new RangeError("not of the form");
    const instant = text.includes("T")
      ? Temporal.Instant.from(text)
      : Temporal.PlainDate.from(text).toZonedDateTime("UTC").toInstant();
    return Math.floor(instant.epochMilliseconds / 1000);
  } catch {
    throw new ProtocolError("protocol/bad-date", `expected a date such as 2027-01-31, got ${quote(text)}`);
  }
}
