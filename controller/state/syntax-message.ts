/** How one kind of syntax error is said: our own words for what the parser found. */
interface SyntaxMessage {
  readonly rule: string;
  readonly message: string;
  readonly help: string;
}

/**
 * The parser's reasons, by a part of their text, in our own words. A reason that is not listed still makes an error,
 * with the general text: the parser's own wording is never shown.
 */
const MESSAGES: readonly (readonly [RegExp, SyntaxMessage])[] = [
  [/tab characters|firstTab/, say("yaml/tab", "a tab is used for indentation", "indent with spaces")],
  [
    /maxDepth/,
    say(
      "yaml/too-deep",
      "the file is nested more than 32 levels deep",
      "make it flatter: no state file needs more than 8",
    ),
  ],
  [
    /complex keys/,
    say(
      "yaml/complex-key",
      "a key is a list or a mapping",
      "use text as the key; `? ` and `[` start a complex key",
    ),
  ],
  [
    /null byte|non-printable|valid JSON character/,
    say(
      "file/control-character",
      "the file holds a control character",
      "remove it; text is UTF-8 without control characters",
    ),
  ],
  [
    /bad indentation|deficient indentation/,
    say(
      "yaml/syntax",
      "the indentation fits no level above",
      "line it up with the entries that it belongs to; put quotes around a value that holds `: `",
    ),
  ],
  [
    /missed comma|found ','/,
    say(
      "yaml/syntax",
      "a comma is missing or stands where a value should be",
      "separate the entries of `[...]` and `{...}` with single commas",
    ),
  ],
  [/within a flow collection/, say("yaml/syntax", "a `[` or `{` is not closed", "add the closing bracket")],
  [/quoted scalar/, say("yaml/syntax", "a quoted text is not closed", "add the closing quote")],
  [
    /escape sequence|hexadecimal/,
    say(
      "yaml/syntax",
      "an unknown escape stands in double quotes",
      "write `\\\\` for a backslash, or use single quotes",
    ),
  ],
  [
    /expected ':'|mapping key|multiline key|key-value separator/,
    say("yaml/syntax", "a `:` with a space behind it is expected", "write `key: value`"),
  ],
  [
    /directive|%YAML/,
    say("yaml/syntax", "a directive cannot be used here", "remove the lines that start with `%`"),
  ],
  [
    /end of the stream or a document separator/,
    say(
      "yaml/syntax",
      "something follows where the document should end",
      "put quotes around a value that holds special characters, or fix the indentation",
    ),
  ],
];

const GENERAL = say(
  "yaml/syntax",
  "the file is not YAML from here on",
  "check quotes, brackets and indentation around this place",
);

/** @param reason what js-yaml gave as the reason of its exception */
export function describeSyntaxError(reason: string): SyntaxMessage {
  return MESSAGES.find(([pattern]) => pattern.test(reason))?.[1] ?? GENERAL;
}

function say(rule: string, message: string, help: string): SyntaxMessage {
  return { rule, message, help };
}
