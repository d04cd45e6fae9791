import { type EVENT_ID, type Event, getScalarValue } from "js-yaml";
import type { YamlFault } from "./yaml-fault.ts";

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/** What YAML's core schema (1.2.2, section 10.3.2) takes for a number, where it has no quotes. */
const NUMBER =
  /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const NULL_OR_BOOLEAN = /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|)$/;
/** How people write numbers: what this says, everybody reads alike. */
const PLAIN_DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const MINUS_ZERO = /^-0(?:\.0*)?$/;
/** Longer digits are a digest without quotes, and told as that where a digest is expected. */
const MOST_DIGITS = 40;
/**
 * Escapes in double quotes can put into a text what no file may hold as it is: what steers a terminal, and the marks
 * that turn the direction of what follows.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const STEERING = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;

const STYLE_SINGLE_QUOTED = 2;
const STYLE_DOUBLE_QUOTED = 3;

/** What a scalar says beside what its reader sees; `undefined` where both are the same. */
export function judgeScalar(text: string, event: ScalarEvent, isKey: boolean): YamlFault | undefined {
  const { style } = event;
  const isQuoted = style === STYLE_SINGLE_QUOTED || style === STYLE_DOUBLE_QUOTED;
  if (isQuoted) return style === STYLE_DOUBLE_QUOTED ? judgeQuoted(text, event) : undefined;
  const written = event.valueStart < 0 ? "" : text.slice(event.valueStart, event.valueEnd);
  return isKey ? judgePlainKey(written, event) : judgePlainValue(written, event);
}

function judgePlainKey(written: string, event: ScalarEvent): YamlFault | undefined {
  const isNumber = NUMBER.test(written);
  if (!isNumber && !NULL_OR_BOOLEAN.test(written)) return undefined;
  const read = isNumber ? `the number ${readNumber(written)}` : written === "" ? "nothing" : `\`${written}\``;
  return {
    rule: "yaml/key-not-text",
    message:
      written === ""
        ? "a key is missing before the `:`"
        : `the key \`${written}\` is read as ${read}, not as text`,
    range: rangeOf(event),
    label: "a key without quotes",
    help: written === "" ? "write the key" : `put quotes around it: \`"${written}"\``,
  };
}

function judgePlainValue(written: string, event: ScalarEvent): YamlFault | undefined {
  if (!NUMBER.test(written) || written.length >= MOST_DIGITS) return undefined;
  const read = readNumber(written);
  const isExact = !Number.isInteger(read) || Number.isSafeInteger(read);
  if (PLAIN_DECIMAL.test(written) && !MINUS_ZERO.test(written) && isExact) return undefined;
  return {
    rule: "yaml/unclear-number",
    message: `\`${written}\` is read as the number ${read}`,
    range: rangeOf(event),
    label: "not a plain decimal number",
    help: `write the number in plain digits, or put quotes around it where it is text: \`"${written}"\``,
  };
}

function judgeQuoted(text: string, event: ScalarEvent): YamlFault | undefined {
  const raw = text.slice(event.valueStart, event.valueEnd);
  if (!raw.includes("\\")) return undefined;
  const value = getScalarValue(text, event);
  const range = rangeOf(event);
  if (!value.isWellFormed()) {
    return {
      rule: "yaml/hidden-character",
      message: "the text holds half of a surrogate pair, which is no character",
      range,
      help: "write the whole pair, or the character itself",
    };
  }
  const found = STEERING.exec(value);
  if (found === null) return undefined;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).padStart(4, "0").toUpperCase();
  return {
    rule: "yaml/hidden-character",
    message: `the text holds the character U+${code}, which nobody sees and a terminal obeys`,
    range,
    help: "remove the escape",
  };
}

function readNumber(written: string): number {
  if (/^[-+]?\.i/i.test(written))
    return written.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(written);
}

function rangeOf({ valueStart, valueEnd }: ScalarEvent): YamlFault["range"] {
  return { start: Math.max(0, valueStart), end: Math.max(0, valueEnd) };
}
