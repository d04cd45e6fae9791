/** Control characters, line and paragraph separators, and the marks that turn the direction of text (CVE-2021-42574). */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Longest text that is shown whole: no message of our own comes near. */
const MOST_CHARACTERS = 2000;
const MOST_QUOTED_CHARACTERS = 80;

/**
 * Text from a file, a server or a program, made safe to show: one line, which can't steer a terminal, fake another
 * line, or fill a log.
 */
export function printable(text: string, most = MOST_CHARACTERS): string {
  return shorten(text, most).replace(UNPRINTABLE, "?");
}

/** Text from outside as messages hold it: in backquotes, printable and short. */
export function quote(text: string): string {
  return `\`${printable(text, MOST_QUOTED_CHARACTERS)}\``;
}

/** The beginning of a long text, and how long it was. */
export function shorten(text: string, most = MOST_CHARACTERS): string {
  return text.length > most ? `${text.slice(0, most)}... (${text.length} characters)` : text;
}
