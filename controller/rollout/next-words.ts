import { formatPpm, type Ppm } from "../../protocol/share.ts";

/** How sentences about rollouts write numbers, shares and times. */

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** A second as a sentence has it: `Wed 25 Nov 09:30 UTC`. */
export function time(second: number): string {
  const date = new Date(second * 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${clock} UTC`;
}

export function share(ppm: Ppm): string {
  return formatPpm(ppm).replace("%", " %");
}

export function number(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

export function text(sentences: readonly string[]): string {
  return sentences
    .filter((sentence) => sentence !== "")
    .map((sentence) => `${capital(sentence)}${sentence.endsWith(".") ? "" : "."}`)
    .join(" ");
}
