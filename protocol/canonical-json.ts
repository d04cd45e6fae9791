import { ProtocolError } from "./protocol-error.ts";

/** What can be signed: JSON without floats and without `undefined`. */
export type CanonicalValue =
  | null
  | boolean
  | number
  | string
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue };

/**
 * The bytes that TUF signs: OLPC canonical JSON (TUF 1.0, section 4.2.2). Keys are sorted by code unit,
 * there is no white space, and only `"` and `\` are escaped.
 *
 * @param known what an object inside says, where somebody knows it already
 * @throws ProtocolError `protocol/bad-canonical-json` for a float, an unsafe integer, a lone surrogate, `undefined` or
 *   another type
 */
export function canonicalJson(value: unknown, known?: (part: object) => string | undefined): string {
  switch (typeof value) {
    case "boolean":
      return value ? "true" : "false";
    case "number":
      if (!Number.isSafeInteger(value)) {
        throw new ProtocolError(
          "protocol/bad-canonical-json",
          `only whole numbers can be signed, got ${value}`,
        );
      }
      return String(Object.is(value, -0) ? 0 : value);
    case "string":
      // UTF-8 has no half of a pair: what is signed in its place would be another text.
      if (!value.isWellFormed()) {
        throw new ProtocolError(
          "protocol/bad-canonical-json",
          "a text with half of a surrogate pair cannot be signed",
        );
      }
      return `"${value.replace(/["\\]/g, "\\$&")}"`;
    case "object": {
      if (value === null) return "null";
      const kept = known?.(value);
      if (kept !== undefined) return kept;
      if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, known)).join(",")}]`;
      const members = value as Record<string, unknown>;
      const parts = Object.keys(members)
        .sort()
        .map((key) => `${canonicalJson(key)}:${canonicalJson(members[key], known)}`);
      return `{${parts.join(",")}}`;
    }
    default:
      throw new ProtocolError(
        "protocol/bad-canonical-json",
        `a value of type ${typeof value} cannot be signed`,
      );
  }
}

export function canonicalBytes(value: unknown): Buffer {
  return Buffer.from(canonicalJson(value), "utf8");
}
