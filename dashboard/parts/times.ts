/** How times are written: relative where recent, always in UTC, exact on hover. Seconds since 1970. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time, rounded down to what matters: `40 s`, `12 min`, `3 h`, `35 h`, `4 d`, `71 d`. */
export function writeSpan(seconds: number): string {
  const length = Math.max(0, seconds);
  if (length < MINUTE) return `${Math.floor(length)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < 2 * DAY) return `${Math.floor(length / HOUR)} h`;
  return `${Math.floor(length / DAY)} d`;
}

/** `just now`, `12 min ago`, `in 3 h`, and from a week on the day: `13 Nov`, `4 Jan 2027`. */
export function writeRelative(at: number, now: number): string {
  const ago = now - at;
  if (Math.abs(ago) > 7 * DAY) return writeDay(at, now);
  if (ago < 0) return `in ${writeSpan(-ago)}`;
  return ago < 5 ? "just now" : `${writeSpan(ago)} ago`;
}

/** `14:31` today, `Mon 12:40` in this week, `13 Nov` in this year, else `4 Jan 2027`. */
export function writeClock(at: number, now: number): string {
  const clock = `${two(dateOf(at).getUTCHours())}:${two(dateOf(at).getUTCMinutes())}`;
  if (Math.floor(at / DAY) === Math.floor(now / DAY)) return clock;
  if (Math.abs(now - at) < 6 * DAY) return `${DAYS[dateOf(at).getUTCDay()]} ${clock}`;
  return writeDay(at, now);
}

/** `13 Nov`, with the year where it is another. */
export function writeDay(at: number, now: number): string {
  const date = dateOf(at);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return date.getUTCFullYear() === dateOf(now).getUTCFullYear() ? day : `${day} ${date.getUTCFullYear()}`;
}

/** `Fri 13 Nov 2026, 14:31:07 UTC` */
export function writeExact(at: number): string {
  const date = dateOf(at);
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${clock} UTC`;
}

/** For `<time datetime>`. */
export function writeMachine(at: number): string {
  return dateOf(at).toISOString().replace(".000Z", "Z");
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

function dateOf(seconds: number): Date {
  return new Date(Math.floor(seconds) * 1000);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
