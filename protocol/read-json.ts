import { printable } from "./printable.ts";
import { ProtocolError } from "./protocol-error.ts";
import { pointerToken } from "./scope.ts";

/**
 * Strict reading of JSON that came from outside: small readers that are put together to the shape of a document.
 * A reader returns a typed value or throws a `ProtocolError` `protocol/bad-document` that names the place as a JSON pointer.
 */
export type Reader<T> = (value: unknown, at: string, critical?: CriticalKeys) => T;

/**
 * The keys of a document that no reader may pass over, as the document names them. Absent where it names none: then every
 * key that a reader does not know is refused.
 */
export type CriticalKeys = ReadonlySet<string>;

/** Deepest nesting that is read. No document of Fairlead comes near it; deeper ones could exhaust the stack. */
export const MAX_JSON_DEPTH = 32;

const MOST_POINTER_CHARACTERS = 200;
const MOST_VALUE_CHARACTERS = 60;

export function badDocument(at: string, expected: string, got: unknown): ProtocolError {
  return new ProtocolError(
    "protocol/bad-document",
    `${place(at)}: expected ${expected}, got ${describe(got)}`,
  );
}

/** A JSON pointer as messages show it: the names of its members may come from outside too. */
function place(at: string): string {
  return at === "" ? "/" : printable(at, MOST_POINTER_CHARACTERS);
}

/** A value as messages show it. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(typeof value === "string" ? value.slice(0, MOST_VALUE_CHARACTERS) : value);
  return printable(
    text.length > MOST_VALUE_CHARACTERS ? `${text.slice(0, MOST_VALUE_CHARACTERS - 3)}...` : text,
  );
}

/**
 * Parses bytes as JSON: valid UTF-8 without byte order mark, at most `maxBytes` and `MAX_JSON_DEPTH` levels.
 *
 * @throws ProtocolError `protocol/bad-document`
 */
export function parseJson(bytes: Uint8Array, maxBytes: number): unknown {
  if (bytes.length > maxBytes) {
    throw new ProtocolError(
      "protocol/bad-document",
      `expected at most ${maxBytes} bytes, got ${bytes.length}`,
    );
  }
  requireShallow(bytes);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new ProtocolError("protocol/bad-document", "expected JSON in UTF-8", { cause });
  }
}

/** Counts brackets outside of strings, before anything recursive touches the document. */
function requireShallow(bytes: Uint8Array): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) {
      inString = true;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > MAX_JSON_DEPTH) {
        throw new ProtocolError(
          "protocol/bad-document",
          `expected at most ${MAX_JSON_DEPTH} levels of nesting`,
        );
      }
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    }
  }
}

/** A string of bounded length, and of a form where one is given. */
export function text(options: { max: number; form?: RegExp; what?: string }): Reader<string> {
  const { max, form, what = "a string" } = options;
  return (value, at) => {
    if (typeof value !== "string" || (form !== undefined && !form.test(value)))
      throw badDocument(at, what, value);
    if (value.length > max) throw badDocument(at, `at most ${max} characters`, value);
    return value;
  };
}

/** A whole number from `min` to `max`, both included. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value, at) => {
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min || value > max) {
      throw badDocument(at, `a whole number from ${min} to ${max}`, value);
    }
    return value;
  };
}

export const flag: Reader<boolean> = (value, at) => {
  if (typeof value !== "boolean") throw badDocument(at, "true or false", value);
  return value;
};

/** Exactly one of the given values. */
export function oneOf<const T extends string | number | boolean>(...allowed: readonly T[]): Reader<T> {
  return (value, at) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined)
      throw badDocument(at, allowed.map((one) => JSON.stringify(one)).join(" or "), value);
    return found;
  };
}

export function list<T>(item: Reader<T>, max: number): Reader<readonly T[]> {
  return (value, at, critical) => {
    if (!Array.isArray(value)) throw badDocument(at, "a list", value);
    if (value.length > max) throw badDocument(at, `at most ${max} items`, value.length);
    return value.map((member, index) => item(member, `${at}/${index}`, critical));
  };
}

/** A plain object, as its own enumerable entries. */
export function entries(value: unknown, at: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badDocument(at, "an object", value);
  return Object.entries(value);
}

/** An object used as a map. The result has no prototype, so no key can reach what it inherits. */
export function record<T>(
  item: Reader<T>,
  max: number,
  key?: Reader<string>,
): Reader<Readonly<Record<string, T>>> {
  return (value, at, critical) => {
    const members = entries(value, at);
    if (members.length > max) throw badDocument(at, `at most ${max} members`, members.length);
    const result: Record<string, T> = Object.create(null);
    for (const [name, member] of members) {
      const here = `${at}/${pointerToken(name)}`;
      key?.(name, here);
      result[name] = item(member, here, critical);
    }
    return result;
  };
}

/** Marks a member that may be absent; `null` is not absent. */
export interface Optional<T> {
  readonly optional: Reader<T>;
}

export function optional<T>(reader: Reader<T>): Optional<T> {
  return { optional: reader };
}

export type Fields = Readonly<Record<string, Reader<unknown> | Optional<unknown>>>;
type Required<F extends Fields> = { [K in keyof F]: F[K] extends Reader<unknown> ? K : never }[keyof F];
export type Shape<F extends Fields> = {
  readonly [K in Required<F>]: F[K] extends Reader<infer T> ? T : never;
} & {
  readonly [K in Exclude<keyof F, Required<F>>]?: F[K] extends Optional<infer T> ? T : never;
};

/**
 * An object of a fixed shape. What it does not name is an error (`unknown: "refuse"`), is left out of the result
 * (`"ignore"`, as TUF 1.0, section 4.1, asks of its readers), or is left out unless the document says that it is
 * critical (`"refuse-critical"`).
 */
export function object<F extends Fields>(
  fields: F,
  unknown: "refuse" | "refuse-critical" | "ignore" = "refuse",
): Reader<Shape<F>> {
  const known = Object.entries(fields);
  return (value, at, critical) => {
    const members = new Map(entries(value, at));
    const result: Record<string, unknown> = {};
    for (const [name, field] of known) {
      const member = members.get(name);
      members.delete(name);
      const here = `${at}/${pointerToken(name)}`;
      if (typeof field === "function") result[name] = field(member, here, critical);
      else if (member !== undefined) result[name] = field.optional(member, here, critical);
    }
    const refused = unknown === "refuse-critical" ? (critical ?? members) : members;
    const surplus = [...members.keys()].find((name) => refused.has(name));
    if (surplus !== undefined && unknown !== "ignore") {
      throw new ProtocolError(
        "protocol/bad-document",
        `${place(`${at}/${pointerToken(surplus)}`)}: unknown key, expected one of ${known.map(([name]) => name).join(", ")}`,
      );
    }
    return result as Shape<F>;
  };
}
