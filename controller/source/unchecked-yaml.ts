import { FAILSAFE_SCHEMA, load } from "js-yaml";

const MAX_DEPTH = 32;

/**
 * Reads YAML that nobody has checked: files of old commits, and files that an edit is about to mend. Each scalar is a
 * string as it is written (failsafe schema of YAML 1.2), so that `1.10` does not become the number 1.1.
 *
 * @returns `undefined` for what cannot be read; the caller takes whatever it understands from the rest
 */
export function readUncheckedYaml(text: string): unknown {
  try {
    return load(text, { schema: FAILSAFE_SCHEMA, maxDepth: MAX_DEPTH, maxAliases: 0 });
  } catch {
    return undefined;
  }
}

/** The own member `key` of a mapping or list; `undefined` for anything else. */
export function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

/** The member `key` where it is a text that is not empty. */
export function textAt(value: unknown, key: string): string | undefined {
  const text = memberOf(value, key);
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** The member `key` where it is one of the words that the core schema of YAML 1.2 takes for a boolean. */
export function flagAt(value: unknown, key: string): boolean | undefined {
  const word = textAt(value, key);
  if (word === undefined) return undefined;
  if (/^(true|True|TRUE)$/.test(word)) return true;
  return /^(false|False|FALSE)$/.test(word) ? false : undefined;
}
