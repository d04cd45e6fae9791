import { quote } from "../printable.ts";
import { HttpSignatureError } from "./http-signature-error.ts";

/**
 * What Signature-Input, Signature and Content-Digest need of structured fields (RFC 9651, which replaced RFC 8941), and
 * no more: dictionaries of inner lists and items, with parameters; strings, integers, byte sequences and booleans.
 * Decimals, tokens, dates and display strings are refused. Stricter than the RFC in two things: a key stands once, and
 * base64 has its one right form. Both would let two readers understand the same text differently.
 */

export type BareItem = string | number | boolean | Uint8Array;
export type Parameters = ReadonlyMap<string, BareItem>;

export interface Item<Value extends BareItem = BareItem> {
  readonly kind: "item";
  readonly value: Value;
  readonly parameters: Parameters;
}

export interface InnerList {
  readonly kind: "list";
  readonly items: readonly Item[];
  readonly parameters: Parameters;
}

export type Dictionary = ReadonlyMap<string, Item | InnerList>;

export const NO_PARAMETERS: Parameters = new Map();

/** Far above what a signed message of Fairlead has, also where a proxy adds signatures of its own. */
export const FIELD_LIMITS = {
  /** Characters of one field, all its lines together. */
  characters: 16 * 1024,
  /** Members of a dictionary, items of an inner list, parameters of one thing. */
  entries: 64,
  keyCharacters: 64,
} as const;

/** RFC 9651, section 3.3.1. */
const MAX_INTEGER = 999_999_999_999_999;

/**
 * Reads a dictionary (RFC 9651, section 4.2.2).
 *
 * @param text of all lines of the field, joined by commas
 * @throws HttpSignatureError `signature/malformed`
 */
export function parseDictionary(text: string): Dictionary {
  return new FieldReader(text).dictionary();
}

/**
 * Writes a dictionary in its canonical form (RFC 9651, section 4.1.2).
 *
 * @throws HttpSignatureError `signature/malformed` for what has no form, such as a string that is not ASCII
 */
export function serialiseDictionary(dictionary: Dictionary): string {
  return [...dictionary].map(([name, member]) => `${key(name)}${memberText(member)}`).join(", ");
}

/** RFC 9651, section 4.1.1.1. */
export function serialiseInnerList({ items, parameters }: InnerList): string {
  return `(${items.map(serialiseItem).join(" ")})${parametersText(parameters)}`;
}

/** RFC 9651, section 4.1.3. */
export function serialiseItem({ value, parameters }: Item): string {
  return `${bareItemText(value)}${parametersText(parameters)}`;
}

function memberText(member: Item | InnerList): string {
  if (member.kind === "list") return `=${serialiseInnerList(member)}`;
  return member.value === true ? parametersText(member.parameters) : `=${serialiseItem(member)}`;
}

function parametersText(parameters: Parameters): string {
  return [...parameters]
    .map(([name, value]) => (value === true ? `;${key(name)}` : `;${key(name)}=${bareItemText(value)}`))
    .join("");
}

function key(name: string): string {
  if (name.length <= FIELD_LIMITS.keyCharacters && /^[a-z*][a-z0-9_\-.*]*$/.test(name)) return name;
  throw malformed(`${quote(name)} is not a key`);
}

function bareItemText(value: BareItem): string {
  switch (typeof value) {
    case "string":
      if (!/^[\x20-\x7e]*$/.test(value)) throw malformed(`${quote(value)} is not printable ASCII`);
      return `"${value.replaceAll(/["\\]/g, "\\$&")}"`;
    case "number":
      if (!Number.isInteger(value) || Math.abs(value) > MAX_INTEGER)
        throw malformed(`${value} is no integer`);
      return String(value);
    case "boolean":
      return value ? "?1" : "?0";
    case "object":
      return `:${Buffer.from(value).toString("base64")}:`;
  }
}

/** Reads from left to right and never back, so that the time grows with the length and nothing else. */
class FieldReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    if (text.length > FIELD_LIMITS.characters) {
      throw malformed(`${text.length} characters, of at most ${FIELD_LIMITS.characters}`);
    }
    this.text = text;
  }

  dictionary(): Dictionary {
    const members = new Map<string, Item | InnerList>();
    this.skip(/ */y);
    if (this.atEnd()) return members;
    while (true) {
      const name = this.newKey(members);
      if (!this.take("=")) members.set(name, { kind: "item", value: true, parameters: this.parameters() });
      else members.set(name, this.next() === "(" ? this.innerList() : this.item());
      this.skip(/[ \t]*/y);
      if (this.atEnd()) return members;
      this.require(",", "a comma between members");
      this.skip(/[ \t]*/y);
    }
  }

  private innerList(): InnerList {
    this.require("(", "an inner list");
    const items: Item[] = [];
    while (true) {
      this.skip(/ */y);
      if (this.take(")")) return { kind: "list", items, parameters: this.parameters() };
      if (items.length === FIELD_LIMITS.entries) throw this.wrong("fewer items");
      items.push(this.item());
      if (this.next() !== " " && this.next() !== ")") throw this.wrong("a space between items");
    }
  }

  private item(): Item {
    return { kind: "item", value: this.bareItem(), parameters: this.parameters() };
  }

  private parameters(): Parameters {
    if (this.next() !== ";") return NO_PARAMETERS;
    const parameters = new Map<string, BareItem>();
    while (this.take(";")) {
      this.skip(/ */y);
      const name = this.newKey(parameters);
      parameters.set(name, this.take("=") ? this.bareItem() : true);
    }
    return parameters;
  }

  private newKey(known: ReadonlyMap<string, unknown>): string {
    const name = this.match(/[a-z*][a-z0-9_\-.*]*/y, "a key");
    if (name.length > FIELD_LIMITS.keyCharacters) throw this.wrong("a shorter key");
    if (known.has(name)) throw malformed(`\`${name}\` stands there twice`);
    if (known.size === FIELD_LIMITS.entries) throw this.wrong("fewer keys");
    return name;
  }

  private bareItem(): BareItem {
    switch (this.next()) {
      case '"':
        return this.match(/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y, "a string")
          .slice(1, -1)
          .replaceAll(/\\(.)/g, "$1");
      case ":":
        return this.byteSequence();
      case "?":
        return this.match(/\?[01]/y, "a boolean") === "?1";
      default:
        return this.integer();
    }
  }

  private byteSequence(): Uint8Array {
    const text = this.match(/:[A-Za-z0-9+/=]*:/y, "a byte sequence").slice(1, -1);
    const bytes = Buffer.from(text, "base64");
    if (bytes.toString("base64") !== text) throw this.wrong("base64 in its canonical form");
    return bytes;
  }

  private integer(): number {
    const text = this.match(/-?[0-9]+/y, "an integer, a string, a byte sequence or a boolean");
    if (text.replace("-", "").length > 15 || this.next() === ".") throw this.wrong("an integer of 15 digits");
    return Number(text);
  }

  private atEnd(): boolean {
    return this.at === this.text.length;
  }

  private next(): string {
    return this.text.charAt(this.at);
  }

  private take(character: string): boolean {
    if (this.next() !== character) return false;
    this.at++;
    return true;
  }

  private require(character: string, what: string): void {
    if (!this.take(character)) throw this.wrong(what);
  }

  private skip(pattern: RegExp): void {
    this.match(pattern, "anything");
  }

  /** @param pattern sticky */
  private match(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw this.wrong(what);
    this.at += found.length;
    return found;
  }

  private wrong(expected: string): HttpSignatureError {
    const rest = this.text.slice(this.at, this.at + 40);
    return malformed(`expected ${expected} at character ${this.at + 1}, got ${quote(rest)}`);
  }
}

function malformed(what: string): HttpSignatureError {
  return new HttpSignatureError("signature/malformed", `not a structured field: ${what}`);
}
