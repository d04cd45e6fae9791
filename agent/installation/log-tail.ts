import { LONGEST_ATTEMPT_LOG } from "../../protocol/check-in/attempt.ts";

/** As JSON in UTF-8: it must fit into the journal's spare entry beside everything else. */
const MOST_BYTES = 8_000;

/** Control characters but tab and line feed, and the marks that turn the direction of text. */
const UNPRINTABLE = /[^\P{Cc}\t\n]|[\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The end of what a program printed, for whoever looks for the cause: printable, in lines, at most
 * `LONGEST_ATTEMPT_LOG` characters.
 *
 * @param outputs in the order in which they matter less to more: the last is cut last
 * @returns `undefined` where nothing was printed
 */
export function logTail(...outputs: readonly string[]): string | undefined {
  const printed = outputs.map((output) => output.trimEnd()).filter((output) => output !== "");
  if (printed.length === 0) return undefined;
  const all = printed
    .join("\n")
    .replaceAll("\r\n", "\n")
    .slice(-2 * LONGEST_ATTEMPT_LOG);
  let tail = all.replace(UNPRINTABLE, "?").slice(-LONGEST_ATTEMPT_LOG).toWellFormed();
  while (Buffer.byteLength(JSON.stringify(tail)) > MOST_BYTES) {
    tail = tail.slice(Math.max(1, tail.length >> 3)).toWellFormed();
  }
  return tail;
}
