import { KeptByIdentity } from "./kept-by-identity.ts";
import { type UpdateWindow, WEEKDAYS } from "./policy.ts";
import { quote } from "./printable.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Longest window: a day. A longer one would overlap itself. */
export const MAX_WINDOW_SECONDS = 86_400;

/** One opening of a window: from `opens` until before `closes`, in seconds since 1970. */
export interface Opening {
  readonly opens: number;
  readonly closes: number;
}

/**
 * Checks what a schema cannot: that the time zone exists here, and that the numbers make a window.
 *
 * @throws ProtocolError `protocol/bad-window`
 */
export function requireWindow(window: UpdateWindow): void {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(window.start)) {
    throw new ProtocolError(
      "protocol/bad-window",
      `expected a time from 00:00 to 23:59, got ${quote(window.start)}`,
    );
  }
  if (window.days.length === 0 || window.duration <= 0 || window.duration > MAX_WINDOW_SECONDS) {
    throw new ProtocolError(
      "protocol/bad-window",
      "a window needs at least one day and a duration of up to 24 h",
    );
  }
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(window.timeZone);
  } catch {
    throw new ProtocolError(
      "protocol/bad-window",
      `${quote(window.timeZone)} is not a time zone of the IANA database`,
    );
  }
}

const DAY = 86_400;
/** Days before and after a day in which any weekly window opens, with room for its length and for time zones. */
const REACH = 10;
/** Days of one window whose openings are cached. A plan asks about few days for many devices. */
const MAX_KEPT_DAYS = 64;
const kept = new KeptByIdentity<UpdateWindow, Map<number, readonly Opening[]>>();

/**
 * The openings on the calendar days around a UTC day, in order. The start is wall-clock time. On the day of a clock
 * change (as RFC 5545, section 3.3.5, has it): a start inside the gap opens at the instant at which the old clock
 * would have shown it, a start that comes twice opens the first time. The duration is exact.
 */
function openingsAround(window: UpdateWindow, day: number): readonly Opening[] {
  const days = kept.of(window, () => {
    requireWindow(window);
    return new Map();
  });
  let openings = days.get(day);
  if (openings === undefined) {
    openings = computeOpenings(window, day);
    if (days.size >= MAX_KEPT_DAYS) days.clear();
    days.set(day, openings);
  }
  return openings;
}

function computeOpenings(window: UpdateWindow, day: number): readonly Opening[] {
  const openings: Opening[] = [];
  const middle = Temporal.PlainDate.from("1970-01-01").add({ days: day });
  for (let offset = -REACH; offset <= REACH; offset++) {
    const date = middle.add({ days: offset });
    const weekday = WEEKDAYS[date.dayOfWeek - 1];
    if (weekday === undefined || !window.days.includes(weekday)) continue;
    const { timeZone, start: plainTime, duration } = window;
    const opens = date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds / 1000;
    openings.push({ opens, closes: opens + duration });
  }
  return openings;
}

/** The opening that `at` (seconds since 1970) falls in, or else the next one. @throws ProtocolError `protocol/bad-window` */
export function openingAtOrAfter(window: UpdateWindow, at: number): Opening {
  const opening = openingsAround(window, Math.floor(at / DAY)).find(({ closes }) => closes > at);
  if (opening === undefined) throw new ProtocolError("protocol/bad-window", "the window never opens");
  return opening;
}

/** The last opening that had ended by `at` (seconds since 1970). @throws ProtocolError `protocol/bad-window` */
export function lastClosedOpening(window: UpdateWindow, at: number): Opening {
  const opening = openingsAround(window, Math.floor(at / DAY)).findLast(({ closes }) => closes <= at);
  if (opening === undefined) throw new ProtocolError("protocol/bad-window", "the window never opens");
  return opening;
}
