import { WHOLE_PPM } from "../../protocol/share.ts";

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** `1 machine`, `1,204 machines`. */
export function count(number: number, what: string): string {
  return `${grouped(number)} ${what}${number === 1 ? "" : "s"}`;
}

/** `12,480` */
export function grouped(number: number): string {
  return String(number).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** A share in parts per million as people read it: `8.1 %`, `100 %`, `< 0.1 %`. */
export function percent(ppm: number): string {
  if (ppm > 0 && ppm < 1_000) return "< 0.1 %";
  // Not everybody is not everybody, however few are missing.
  const tenths = ppm < WHOLE_PPM ? Math.min(Math.round(ppm / 1_000), 999) : 1_000;
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

/** @returns parts per million, rounded down; 0 of 0 is 0 */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(WHOLE_PPM, Math.floor((part * WHOLE_PPM) / whole));
}

/** A span of time in one unit, as a sentence has it: `12 minutes`, `34 days`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return count(whole, "second");
  if (whole < 2 * HOUR) return count(Math.floor(whole / MINUTE), "minute");
  if (whole < 2 * DAY) return count(Math.floor(whole / HOUR), "hour");
  return count(Math.floor(whole / DAY), "day");
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = [
  ...(["Jan", "Feb", "Mar", "Apr", "May", "Jun"] as const),
  ...(["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const),
];

/** A second as a sentence has it, in UTC: with the weekday and the time within a week, else the day. */
export function moment(at: number, now: number): string {
  const date = new Date(at * 1000);
  const weekday = WEEKDAYS[date.getUTCDay()] ?? "";
  const clock = date.toISOString().slice(11, 16);
  if (Math.abs(now - at) < 6 * DAY) return `${weekday} ${clock} UTC`;
  return `${weekday} ${day(at)}`;
}

/** `13 Nov 2026` */
export function day(at: number): string {
  const date = new Date(at * 1000);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ""} ${date.getUTCFullYear()}`;
}

/** `1.4.0`, `1.4.0 and 1.4.1`, `1.4.0, 1.4.1 and 3 more`. */
export function listed(words: readonly string[], most = 3): string {
  if (words.length <= 1) return words.join("");
  if (words.length <= most) return `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
  return `${words.slice(0, most - 1).join(", ")} and ${grouped(words.length - most + 1)} more`;
}

/** As the page shows it everywhere. */
export function commitName(commit: string): string {
  return commit.slice(0, 7);
}

/** The name without the address. */
export function authorName(author: string): string {
  return author.replace(/ <[^>]*>$/, "");
}

/** Text from outside as code in a sentence: it may hold backticks itself (CommonMark 0.31, 6.1). */
export function codeSpan(text: string): string {
  const fence = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  // One space at each end is taken off again.
  const pad = /^`|`$|^ .* $/s.test(text) ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** A sentence that begins one. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A sentence that goes on after another one's comma. */
export function uncapital(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
