import { type UpdateWindow, WEEKDAYS } from "./policy.ts";
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
 * @throws ProtocolError `bad-window`
 */
export function requireWindow(window: UpdateWindow): void {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(window.start)) {
    throw new ProtocolError("bad-window", `expected a time from 00:00 to 23:59, got \`${window.start}\``);
  }
  if (window.days.length === 0 || window.duration <= 0 || window.duration > MAX_WINDOW_SECONDS) {
    throw new ProtocolError("bad-window", "a window needs at least one day and a duration of up to 24 h");
  }
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(window.timeZone);
  } catch {
    throw new ProtocolError("bad-window", `\`${window.timeZone}\` is not a time zone of the IANA database`);
  }
}

/**
 * The opening on the calendar day that lies `offset` days from the local day of `at`. The start is wall-clock time.
 * On the day of a clock change (as RFC 5545, section 3.3.5, has it): a start inside the gap opens at the instant at
 * which the old clock would have shown it, a start that comes twice opens the first time. The duration is exact.
 */
function openingOn(window: UpdateWindow, at: number, offset: number): Opening | undefined {
  const day = Temporal.Instant.fromEpochMilliseconds(at * 1000)
    .toZonedDateTimeISO(window.timeZone)
    .toPlainDate()
    .add({ days: offset });
  const weekday = WEEKDAYS[day.dayOfWeek - 1];
  if (weekday === undefined || !window.days.includes(weekday)) return undefined;
  const opens =
    day.toZonedDateTime({ timeZone: window.timeZone, plainTime: window.start }).epochMilliseconds / 1000;
  return { opens, closes: opens + window.duration };
}

/** The opening that `at` falls in, or else the next one. */
export function openingAtOrAfter(window: UpdateWindow, at: number): Opening {
  requireWindow(window);
  for (let offset = -1; offset <= 8; offset++) {
    const opening = openingOn(window, at, offset);
    if (opening !== undefined && opening.closes > at) return opening;
  }
  throw new ProtocolError("bad-window", "the window never opens");
}

/** The last opening that had ended by `at`. */
export function lastClosedOpening(window: UpdateWindow, at: number): Opening {
  requireWindow(window);
  for (let offset = 0; offset >= -9; offset--) {
    const opening = openingOn(window, at, offset);
    if (opening !== undefined && opening.closes <= at) return opening;
  }
  throw new ProtocolError("bad-window", "the window never opens");
}
