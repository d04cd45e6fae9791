import { isUtf8 } from "node:buffer";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { findConflictMarker } from "./conflict-marker.ts";
import { findLineStarts, positionAt } from "./source-map.ts";

export type DecodedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Control characters that YAML knows are tab and line feed; a carriage return is told apart for its remedy. The marks
 * that turn the direction of text are as invisible in review (CVE-2021-42574).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;

/**
 * Decodes a state file: UTF-8 without a byte order mark, lines that end with a line feed, no control characters.
 * Equal content is equal bytes then, on every system that it was edited on.
 */
export function decodeText(file: string, bytes: Buffer): DecodedText {
  const text = bytes.toString("utf8");
  if (!isUtf8(bytes)) return refuse(file, text, firstReplacement(bytes, text), NOT_UTF8);
  const found = FORBIDDEN.exec(text);
  if (found === null) return { ok: true, text };
  const [character] = found;
  if (character === "\r") {
    // Git writes its markers with the line ends of the file: they are the graver mistake.
    const conflict = findConflictMarker(text);
    return conflict === undefined
      ? refuse(file, text, found.index, CARRIAGE_RETURN)
      : refuse(file, text, conflict.range.start, {
          rule: "file/conflict-marker",
          message: conflict.message,
          help: conflict.help,
        });
  }
  if (character === "\ufeff") return refuse(file, text, found.index, BYTE_ORDER_MARK);
  const code = character.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase();
  return refuse(file, text, found.index, {
    rule: "file/control-character",
    message: `the file holds the control character U+${code}`,
    help: "remove it; text is UTF-8 without control characters",
  });
}

interface Refusal {
  readonly rule: string;
  readonly message: string;
  readonly help: string;
}

const NOT_UTF8: Refusal = {
  rule: "file/not-utf8",
  message: "the file is not UTF-8",
  help: "save it as UTF-8",
};
const CARRIAGE_RETURN: Refusal = {
  rule: "file/carriage-return",
  message: "the line ends with a carriage return",
  help: "save with line feeds only; `*.yaml text eol=lf` in .gitattributes keeps it so on Windows",
};
const BYTE_ORDER_MARK: Refusal = {
  rule: "file/byte-order-mark",
  message: "the file holds a byte order mark",
  help: "save it as UTF-8 without a byte order mark",
};

function refuse(file: string, text: string, offset: number, refusal: Refusal): DecodedText {
  const { line, column } = positionAt(findLineStarts(text), offset);
  const span = { line, column, endLine: line, endColumn: column + 1 };
  return { ok: false, diagnostics: [{ severity: "error", ...refusal, file, span, related: [], notes: [] }] };
}

/**
 * Offset in the decoded text of the first replacement character that stands for a byte that is not UTF-8. Replacement
 * characters that the file itself holds are recognised by their own bytes and passed over.
 */
function firstReplacement(bytes: Buffer, text: string): number {
  let offset = 0;
  let from = 0;
  for (;;) {
    const at = text.indexOf("\ufffd", from);
    if (at === -1) return Math.max(0, text.length - 1);
    offset += Buffer.byteLength(text.slice(from, at));
    if (!bytes.subarray(offset, offset + 3).equals(REPLACEMENT)) return at;
    offset += REPLACEMENT.length;
    from = at + 1;
  }
}

const REPLACEMENT = Buffer.from("\ufffd");
