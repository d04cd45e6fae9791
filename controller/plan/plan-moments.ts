import { formatDuration } from "../../protocol/duration.ts";

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = [
  ...["Jan", "Feb", "Mar", "Apr", "May", "Jun"],
  ...["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
] as const;

/**
 * A second of the epoch as people say it, in UTC: `Fri 20 Nov 2026 04:00`.
 *
 * @param now seconds since 1970; with it the year stands only where it is another
 */
export function formatMoment(at: number, now?: number): string {
  const date = new Date(at * 1000);
  const year = date.getUTCFullYear();
  const isKnown = now !== undefined && year === new Date(now * 1000).getUTCFullYear();
  const day = `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return `${day}${isKnown ? "" : ` ${year}`} ${date.toISOString().slice(-13, -8)}`;
}

/** `now`, or `in 4h`. */
export function formatWait(at: number, now: number): string {
  return at <= now ? "now" : `in\u00a0${formatDuration(at - now)}`;
}

/**
 * `now`, or `in 4h, Fri 20 Nov 04:00`: a merge that comes later moves most of these times with it. In a narrow column the line
 * breaks between the two.
 */
export function formatOpening(at: number, now: number): string {
  const wait = formatWait(at, now);
  return at <= now ? wait : `${wait}, ${formatMoment(at, now).replaceAll(" ", "\u00a0")}`;
}
