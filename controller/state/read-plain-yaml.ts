/**
 * A fast reader for YAML as nearly all state files are written: block mappings and sequences of plain, quoted and
 * one-line flow values, in ASCII. It reads exactly what `parseYaml` reads, or nothing: whatever is unusual, and
 * whatever is wrong, is left to the full parser. A test holds the two against each other.
 *
 * @param maxKeys texts with more keys are left to the full parser, which says so
 * @returns the mapping; `undefined`: not in the plain form
 */
export function readPlainYaml(text: string, maxKeys: number): object | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    return new PlainReader(text, maxKeys).readDocument();
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

const UNUSUAL = /[^\n\x20-\x7e]/;
/** One error for all, never shown: it is recognised by identity, and making a stack trace each time would be slow. */
const NOT_PLAIN = new Error("not in the plain form");
/** Levels of nesting; state needs no more, and the full parser allows four times as many. */
const MAX_DEPTH = 8;
const MAX_KEY_LENGTH = 128;

/** What can start a key or plain scalar here; `-`, `.`, `+` and `/` a scalar only. */
const KEY = /[A-Za-z$][A-Za-z0-9_$./-]*(?=:)/y;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const STARTS_PLAIN = codesOf(`${LETTERS}0123456789_./+$~`);
const STARTS_AFTER_DASH = codesOf(`${LETTERS}0123456789_.`);
/** Up to what could end or change a scalar inside brackets; `:` only inside a word, as in a URL. */
const PLAIN_IN_FLOW = /(?:[^\n,[\]{}:#"']|:(?=[A-Za-z0-9/]))+/y;
const MAYBE_NUMBER = /^[-+]?(?:[\d_]*\.?[\d_]*(?:[eE][-+]?[\d_]*)?|0[xXoObB].*|\.[A-Za-z]+)$/;
/** Starts no number, and none of {@link CONSTANTS}. */
const SURELY_TEXT = codesOf(`${LETTERS.replaceAll(/[efntEFNT]/g, "")}$/`);
const SMALL_INTEGER = /^(?:0|[1-9]\d{0,14})$/;
const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...["~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

function codesOf(characters: string): ReadonlySet<number> {
  return new Set([...characters].map((character) => character.charCodeAt(0)));
}

const LINE_FEED = 10;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const COMMA = 44;
const DASH = 45;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * Keys that were read before, each in a place that follows from its length and ends: a state says the same few thousands
 * of times, and cutting one out and finding whether it is new costs more than comparing it.
 */
const KNOWN_KEYS: (string | undefined)[] = Array.from({ length: 1024 }, () => undefined);

/** As long as a part of a text is a copy: a longer one would keep that whole text in memory. */
const MAX_KNOWN_LENGTH = 12;

function keyAt(text: string, at: number): string {
  const length = text.indexOf(":", at) - at;
  if (length <= 0 || length > MAX_KEY_LENGTH) throw NOT_PLAIN;
  const place = (text.charCodeAt(at) * 64 + text.charCodeAt(at + length - 1) * 8 + length) & 1023;
  const known = KNOWN_KEYS[place];
  if (known !== undefined && known.length === length && text.startsWith(known, at)) return known;
  KEY.lastIndex = at;
  if (!KEY.test(text) || KEY.lastIndex !== at + length) throw NOT_PLAIN;
  const key = text.slice(at, at + length);
  if (CONSTANTS.has(key)) throw NOT_PLAIN;
  if (length <= MAX_KNOWN_LENGTH) KNOWN_KEYS[place] = key;
  return key;
}

/** Reads one text from front to back; `at` is always at the content of a line, or where a value goes on. */
class PlainReader {
  private readonly text: string;
  private keysLeft: number;
  private at = 0;
  /** Column of the content of the current line; -1 at the end of the text. */
  private indent = -1;

  constructor(text: string, maxKeys: number) {
    this.text = text;
    this.keysLeft = maxKeys;
  }

  readDocument(): object {
    this.startLine(0);
    if (this.indent !== 0) throw NOT_PLAIN;
    const value = this.readMapping(0, 0);
    if (this.at < this.text.length) throw NOT_PLAIN;
    return value;
  }

  /** Goes to the content of the first line from `lineStart` on that has any. */
  private startLine(lineStart: number): void {
    const { text } = this;
    for (let from = lineStart; from < text.length; ) {
      let at = from;
      while (text.charCodeAt(at) === SPACE) at++;
      const code = text.charCodeAt(at);
      if (code !== LINE_FEED && code !== HASH && at < text.length) {
        this.at = at;
        this.indent = at - from;
        return;
      }
      const end = text.indexOf("\n", at);
      if (end === -1) break;
      from = end + 1;
    }
    this.at = text.length;
    this.indent = -1;
  }

  /** A block mapping whose keys stand in column `indent`, from the content of its first line on. */
  private readMapping(indent: number, depth: number): object {
    if (depth > MAX_DEPTH) throw NOT_PLAIN;
    const mapping: Record<string, unknown> = {};
    do {
      const key = this.readKey(mapping);
      mapping[key] = this.endsLine() ? this.readBelow(indent, depth) : this.readInline(indent, depth);
    } while (this.indent === indent && this.text.charCodeAt(this.at) !== DASH);
    if (this.indent > indent) throw NOT_PLAIN;
    return mapping;
  }

  /** What stands in the lines below `key:`, or null where nothing does. */
  private readBelow(indent: number, depth: number): unknown {
    const isSequence = this.startsItem();
    if (this.indent === indent && isSequence) return this.readSequence(indent, depth + 1);
    if (this.indent <= indent) return null;
    return isSequence ? this.readSequence(this.indent, depth + 1) : this.readMapping(this.indent, depth + 1);
  }

  private readSequence(indent: number, depth: number): unknown[] {
    if (depth > MAX_DEPTH) throw NOT_PLAIN;
    const items: unknown[] = [];
    do {
      const dash = this.at;
      this.at++;
      if (this.endsLine() || this.startsItem()) throw NOT_PLAIN;
      KEY.lastIndex = this.at;
      items.push(
        KEY.test(this.text) && this.isKeyEnd(KEY.lastIndex)
          ? this.readMapping(indent + this.at - dash, depth + 1)
          : this.readInline(indent, depth),
      );
    } while (this.indent === indent && this.startsItem());
    if (this.indent > indent) throw NOT_PLAIN;
    return items;
  }

  private startsItem(): boolean {
    return this.text.charCodeAt(this.at) === DASH && this.text.charCodeAt(this.at + 1) === SPACE;
  }

  /** Reads `key:` and goes behind the colon. */
  private readKey(mapping: object): string {
    const { text, at } = this;
    const key = keyAt(text, at);
    const colon = at + key.length;
    if (Object.hasOwn(mapping, key) || !this.isKeyEnd(colon) || --this.keysLeft < 0) throw NOT_PLAIN;
    this.at = colon + 1;
    return key;
  }

  private isKeyEnd(colon: number): boolean {
    const next = this.text.charCodeAt(colon + 1);
    return next === SPACE || next === LINE_FEED || colon + 1 === this.text.length;
  }

  /** Passes over spaces. Where nothing but a comment is left of the line, goes to the next one and says true. */
  private endsLine(): boolean {
    const { text } = this;
    const from = this.at;
    while (text.charCodeAt(this.at) === SPACE) this.at++;
    const code = text.charCodeAt(this.at);
    if (this.at < text.length && code !== LINE_FEED && !(code === HASH && this.at > from)) return false;
    const end = text.indexOf("\n", this.at);
    this.startLine(end === -1 ? text.length : end + 1);
    return true;
  }

  /** A value that ends on its line; the next line must not go on with it. */
  private readInline(indent: number, depth: number): unknown {
    const value = this.startsPlain() ? this.readPlainLine() : this.readDelimited(depth);
    if (!this.endsLine() || this.indent > indent) throw NOT_PLAIN;
    return value;
  }

  private startsPlain(): boolean {
    const { text, at } = this;
    const code = text.charCodeAt(at);
    if (code === DASH) return STARTS_AFTER_DASH.has(text.charCodeAt(at + 1));
    return STARTS_PLAIN.has(code);
  }

  /** A plain scalar up to the end of the line or a comment. */
  private readPlainLine(): unknown {
    const { text, at } = this;
    const lineEnd = text.indexOf("\n", at);
    const line = text.slice(at, lineEnd === -1 ? text.length : lineEnd);
    const comment = line.indexOf(" #");
    const word = (comment === -1 ? line : line.slice(0, comment)).trimEnd();
    if (word.includes(": ") || word.endsWith(":")) throw NOT_PLAIN;
    this.at = at + word.length;
    return scalarOf(word);
  }

  private readDelimited(depth: number): unknown {
    const code = this.text.charCodeAt(this.at);
    if (code === QUOTE) return this.readQuoted('"');
    if (code === APOSTROPHE) return this.readQuoted("'");
    if (code === OPEN_BRACE) return this.readFlowMapping(depth + 1);
    if (code === OPEN_BRACKET) return this.readFlowSequence(depth + 1);
    throw NOT_PLAIN;
  }

  /** A quoted scalar on one line, without escapes. */
  private readQuoted(quote: '"' | "'"): string {
    const from = this.at + 1;
    const end = this.text.indexOf(quote, from);
    if (end === -1 || this.text[end + 1] === quote) throw NOT_PLAIN;
    const value = this.text.slice(from, end);
    if (value.includes("\n") || (quote === '"' && value.includes("\\"))) throw NOT_PLAIN;
    this.at = end + 1;
    return value;
  }

  private readFlowMapping(depth: number): object {
    if (depth > MAX_DEPTH) throw NOT_PLAIN;
    const mapping: Record<string, unknown> = {};
    this.at++;
    if (this.skipSpaces() === CLOSE_BRACE) {
      this.at++;
      return mapping;
    }
    for (;;) {
      const key = this.readKey(mapping);
      this.skipSpaces();
      mapping[key] = this.readInFlow(depth);
      if (this.endsFlow(CLOSE_BRACE)) return mapping;
    }
  }

  private readFlowSequence(depth: number): unknown[] {
    if (depth > MAX_DEPTH) throw NOT_PLAIN;
    const items: unknown[] = [];
    this.at++;
    if (this.skipSpaces() === CLOSE_BRACKET) {
      this.at++;
      return items;
    }
    for (;;) {
      items.push(this.readInFlow(depth));
      if (this.endsFlow(CLOSE_BRACKET)) return items;
    }
  }

  private readInFlow(depth: number): unknown {
    if (!this.startsPlain()) return this.readDelimited(depth);
    PLAIN_IN_FLOW.lastIndex = this.at;
    const word = PLAIN_IN_FLOW.exec(this.text)?.[0];
    if (word === undefined) throw NOT_PLAIN;
    this.at += word.length;
    return scalarOf(word.trimEnd());
  }

  /** Behind a value inside brackets: goes behind the closing one and says true, or to the value after a comma. */
  private endsFlow(closing: number): boolean {
    const code = this.skipSpaces();
    this.at++;
    if (code === closing) return true;
    if (code !== COMMA) throw NOT_PLAIN;
    this.skipSpaces();
    return false;
  }

  /** @returns the code of the character that follows */
  private skipSpaces(): number {
    while (this.text.charCodeAt(this.at) === SPACE) this.at++;
    return this.text.charCodeAt(this.at);
  }
}

/** What a plain scalar says in the core schema; numbers beyond plain decimals are left to the full parser. */
function scalarOf(word: string): unknown {
  if (SURELY_TEXT.has(word.charCodeAt(0))) return word;
  if (SMALL_INTEGER.test(word)) return Number(word);
  const constant = CONSTANTS.get(word);
  if (constant !== undefined) return constant;
  if (MAYBE_NUMBER.test(word)) throw NOT_PLAIN;
  return word;
}
