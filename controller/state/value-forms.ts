import { parseByteSize } from "../../protocol/byte-size.ts";
import { parseDate } from "../../protocol/date.ts";
import { parseDuration } from "../../protocol/duration.ts";
import { parsePercent } from "../../protocol/share.ts";
import { isRange } from "../../protocol/version.ts";

/**
 * The value forms that schemas name with the keyword `form`: what a pattern alone cannot check is checked here, and
 * the name says in which words a mistake is told. The functions that `npm run generate` makes of the schemas call these.
 */
export const FORMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  percent: (value) =>
    typeof value !== "number" && typeof value !== "string" ? true : succeeds(() => parsePercent(value)),
  duration: (value) => typeof value !== "string" || succeeds(() => parseDuration(value)),
  date: (value) => typeof value !== "string" || succeeds(() => parseDate(value)),
  byteSize: (value) =>
    typeof value !== "number" && typeof value !== "string" ? true : succeeds(() => parseByteSize(value)),
  factRange: (value) => typeof value !== "string" || isRange("dotted", value),
  timeZone: (value) => typeof value !== "string" || isTimeZone(value),
};

function succeeds(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

const timeZones = new Map<string, boolean>();

/** Asking the time-zone database is slow; a fleet uses few zones, and what is kept is bounded. */
function isTimeZone(name: string): boolean {
  const known = timeZones.get(name);
  if (known !== undefined) return known;
  // An offset such as `+02:00` is understood by `Temporal` too, and never follows a clock change.
  const valid =
    /^[A-Za-z]/.test(name) &&
    succeeds(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name));
  if (timeZones.size < 1000) timeZones.set(name, valid);
  return valid;
}
