import { isDeepStrictEqual } from "node:util";
import { type Document, parseDocument } from "yaml";
import { EditError } from "./edit-error.ts";
import type { YamlValue } from "./render-yaml.ts";
import { type Splice, spliceForRemove, spliceForSet, type YamlPath } from "./yaml-splice.ts";

/** Taken off while a text is edited, so that offsets count from the first character of YAML. */
const BYTE_ORDER_MARK = "\uFEFF";

type Members = Readonly<Record<string, unknown>>;

/**
 * Puts `value` at `path` of a YAML text, making the maps on the way there; items of lists have to be there. Everything else stays byte for byte:
 * comments, order, quotes, blank lines, line endings.
 *
 * @throws EditError `edit/uneditable-file` when the text is not one YAML map, or is written in a form that no small
 *   replacement fits
 * @param after the sibling behind which a new key goes; at the end of its map when absent
 */
export function setInYaml(text: string, path: YamlPath, value: YamlValue, after?: string): string {
  if (text.startsWith(BYTE_ORDER_MARK)) return BYTE_ORDER_MARK + setInYaml(text.slice(1), path, value, after);
  const document = read(text);
  return apply(
    text,
    spliceForSet(text, document, path, value, after),
    withValue(document.toJS(), path, value),
  );
}

/**
 * Removes the entry at `path`, and the maps above it that are left empty, but none of the first `keep` levels. A text
 * without that entry comes back as it is.
 *
 * @throws EditError `edit/uneditable-file`
 */
export function removeFromYaml(text: string, path: readonly string[], keep = 0): string {
  if (text.startsWith(BYTE_ORDER_MARK)) return BYTE_ORDER_MARK + removeFromYaml(text.slice(1), path, keep);
  const document = read(text);
  const target = pruned(document.toJS(), path, keep);
  if (target === undefined) return text;
  return apply(text, spliceForRemove(text, document, target), withoutKey(document.toJS(), target));
}

function read(text: string): Document {
  const document = parseDocument(text);
  const mistake = document.errors[0];
  if (mistake !== undefined) {
    throw new EditError("edit/uneditable-file", `not readable as YAML: ${mistake.message.split("\n")[0]}`, {
      help: "run `fairlead validate` and correct the file first",
    });
  }
  return document;
}

/** Reads the result back: an edit that would say anything else than what was asked for is refused. */
function apply(text: string, splice: Splice | undefined, expected: unknown): string {
  if (splice !== undefined) {
    const inserted = text.includes("\r\n") ? splice.text.replaceAll("\n", "\r\n") : splice.text;
    const result = `${text.slice(0, splice.start)}${inserted}${text.slice(splice.end)}`;
    if (says(result, expected)) return result;
  }
  throw new EditError(
    "edit/uneditable-file",
    "written in a form that cannot be edited without rewriting it",
    {
      help: "make this change by hand",
    },
  );
}

function says(text: string, expected: unknown): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS() ?? {}, expected);
}

function withValue(members: unknown, path: YamlPath, value: YamlValue): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === "number") {
    if (!Array.isArray(members) || !(key in members)) return undefined;
    return members.with(key, withValue(members[key], rest, value));
  }
  const old = isMembers(members) ? members : {};
  return { ...old, [key]: withValue(Object.hasOwn(old, key) ? old[key] : undefined, rest, value) };
}

function withoutKey(members: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined || !isMembers(members)) return members;
  const { [key]: removed, ...others } = members;
  return rest.length === 0 ? others : { ...members, [key]: withoutKey(removed, rest) };
}

/** The highest entry to remove so that no empty map is left of it; `undefined` when `path` is not there. */
function pruned(members: unknown, path: readonly string[], keep: number): readonly string[] | undefined {
  let here: unknown = members;
  let target = path;
  for (const [depth, key] of path.entries()) {
    if (!isMembers(here) || !Object.hasOwn(here, key)) return undefined;
    if (depth <= keep || Object.keys(here).length > 1) target = path.slice(0, depth + 1);
    here = here[key];
  }
  return target;
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
