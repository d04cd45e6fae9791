/** Characters of a message that are looked at, and of a signature. */
const LONGEST_MESSAGE = 4_000;
const LONGEST_SIGNATURE = 200;

/**
 * What differs from machine to machine in messages that mean the same, and what is written in its place. The order
 * matters: a time has numbers in it, a path may have an id. No pattern looks at a character more than a bounded number of
 * times.
 */
const VARIABLE: readonly (readonly [pattern: RegExp, instead: string])[] = [
  // Escape sequences of terminals.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they begin with
  [/\u001b\[[0-9;]{0,20}[A-Za-z]/g, ""],
  [/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'`<>()]{1,2000}/gi, "<url>"],
  [/[^\s"'`<>()@]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi, "<address>"],
  [
    /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?/g,
    "<time>",
  ],
  [/\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?\b/g, "<time>"],
  [/"[^"\n]{0,2000}"|`[^`\n]{0,2000}`|(?<![\p{L}\p{N}])'[^'\n]{0,2000}'(?![\p{L}\p{N}])/gu, "<name>"],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, "<id>"],
  [/(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g, "<address>"],
  [/(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}\b/gi, "<address>"],
  [/(?<![\w/])(?:[A-Za-z]:)?(?:[/\\][^\s"'`<>():;,|/\\]{1,255}){1,64}[/\\]?/g, "<path>"],
  [/\b0x[0-9a-f]{1,64}\b/gi, "<id>"],
  // Eight or more hexadecimal digits, of which one at least is a digit: words of the letters a to f are words.
  [/\b(?=[a-f]{0,64}\d)[0-9a-f]{8,128}\b/gi, "<id>"],
  [/\d{1,64}(?:[.,]\d{1,64}){0,8}/g, "<n>"],
];

/**
 * What a failure says without what is of one machine: times, addresses, paths, quoted names, ids and numbers. Failures of
 * one version with the same signature are one line to people: "1.4.2 fails with the same message 40 times".
 *
 * Pure, and as long as it takes for a bounded part of the text.
 *
 * @param text the message of an attempt, or the end of its log
 * @returns at most 200 characters on one line; empty for a text without words
 */
export function failureSignature(text: string): string {
  let signature = text.slice(0, LONGEST_MESSAGE);
  for (const [pattern, instead] of VARIABLE) signature = signature.replace(pattern, instead);
  const line = signature.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line.slice(0, LONGEST_SIGNATURE).toWellFormed();
}
