import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  type YAMLMap,
} from "yaml";
import {
  type Quoting,
  renderBlockPair,
  renderFlowPair,
  renderInline,
  type YamlValue,
} from "./render-yaml.ts";

/** One replacement: `text` instead of what stands from `start` to `end` (offsets, end exclusive). */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Keys of maps, and indices of items in lists. */
export type YamlPath = readonly (string | number)[];

type Entry = Pair<unknown, unknown>;

/**
 * The smallest replacement that puts `value` at `path`, in the style that stands there: block stays block, flow stays
 * flow, quotes stay. Line breaks in the result are `\n`. `undefined`: a shape that cannot be spliced.
 *
 * @param after the sibling behind which a new key goes; at the end of its map when absent
 */
export function spliceForSet(
  source: string,
  document: Document,
  path: YamlPath,
  value: YamlValue,
  after?: string,
): Splice | undefined {
  const [key, ...rest] = path;
  if (typeof key !== "string") return undefined;
  if (document.contents === null) {
    const inner = nest(rest, value);
    return inner && appendLines(source, source.length, renderBlockPair(key, inner.value), 0);
  }
  if (!isMap(document.contents)) return undefined;
  return setInMap(source, document.contents, path, value, after);
}

function setInMap(
  source: string,
  map: YAMLMap,
  path: YamlPath,
  value: YamlValue,
  after: string | undefined,
): Splice | undefined {
  const [key, ...rest] = path;
  if (typeof key !== "string") return undefined;
  const entry = findEntry(map, key);
  const [index, ...inItem] = rest;
  if (entry !== undefined && typeof index === "number") {
    const item = isSeq(entry.value) ? entry.value.items[index] : undefined;
    if (isScalar(item) && inItem.length === 0) return replaceItem(item, value);
    return isMap(item) ? setInMap(source, item, inItem, value, after) : undefined;
  }
  if (entry !== undefined && rest.length > 0 && isMap(entry.value)) {
    return setInMap(source, entry.value, rest, value, after);
  }
  const inner = nest(rest, value);
  if (inner === undefined) return undefined;
  return entry === undefined
    ? addToMap(source, map, key, inner.value, after)
    : replaceValue(source, map, entry, inner.value);
}

/** One word of a list in the place of another. */
function replaceItem(item: Scalar, value: YamlValue): Splice | undefined {
  const range = rangeOf(item);
  if (range === undefined || isBlockScalar(item)) return undefined;
  return { start: range[0], end: range[1], text: renderInline(value, false, quotingOf(item, value)) };
}

function replaceValue(source: string, map: YAMLMap, entry: Entry, value: YamlValue): Splice | undefined {
  const old = entry.value;
  const keyEnd = rangeOf(entry.key)?.[1];
  if (keyEnd === undefined) return undefined;
  const colon = source.indexOf(":", keyEnd) + 1;
  if (colon === 0) return undefined;
  const range = rangeOf(old);
  const isEmpty = range === undefined || range[0] === range[1];
  const isObject = typeof value === "object" && !Array.isArray(value);
  if (isEmpty && isObject && map.flow !== true) {
    const indent = columnOf(source, rangeOf(map.items[0]?.key)?.[0] ?? 0) + 2;
    const lines = Object.entries(value)
      .map(([key, child]) => renderBlockPair(key, child))
      .join("\n");
    return { start: colon, end: colon, text: `\n${indented(lines, indent)}` };
  }
  const text = renderInline(value, isPadded(source, map), quotingOf(old, value));
  if (isEmpty) return { start: colon, end: colon, text: ` ${text}` };
  const isBlock = isCollection(old) ? old.flow !== true : isScalar(old) && isBlockScalar(old);
  if (!isBlock) return { start: range[0], end: range[1], text };
  const end = contentEnd(old);
  const breaks = source[end - 1] === "\n" ? "\n" : "";
  return { start: colon, end, text: ` ${text}${breaks}` };
}

function addToMap(
  source: string,
  map: YAMLMap,
  key: string,
  value: YamlValue,
  after: string | undefined,
): Splice | undefined {
  const last = (after === undefined ? undefined : findEntry(map, after)) ?? map.items.at(-1);
  if (map.flow === true) {
    const padded = isPadded(source, map);
    const pair = renderFlowPair(key, value, padded);
    if (last === undefined) {
      const range = map.range;
      if (!range) return undefined;
      return { start: range[0], end: range[1], text: padded ? `{ ${pair} }` : `{${pair}}` };
    }
    const end = entryEnd(last);
    const start = rangeOf(last.key)?.[0];
    if (end === undefined || start === undefined) return undefined;
    const lineStart = source.lastIndexOf("\n", start - 1) + 1;
    const isAlone = /^[ \t]*$/.test(source.slice(lineStart, start));
    const separator = isAlone && start > lineStart ? `,\n${source.slice(lineStart, start)}` : ", ";
    return { start: end, end, text: `${separator}${pair}` };
  }
  const first = rangeOf(map.items[0]?.key)?.[0];
  const end = last === undefined ? undefined : entryEnd(last);
  if (first === undefined || end === undefined) return undefined;
  return appendLines(source, end, renderBlockPair(key, value), columnOf(source, first));
}

/**
 * The smallest replacement that removes the entry at `path`, which must be there. Comments on lines of their own stay.
 * A map that loses its last entry becomes `{}`.
 */
export function spliceForRemove(
  source: string,
  document: Document,
  path: readonly string[],
): Splice | undefined {
  let parent: Entry | undefined;
  let map: unknown = document.contents;
  for (const key of path.slice(0, -1)) {
    parent = isMap(map) ? findEntry(map, key) : undefined;
    map = parent?.value;
  }
  const key = path.at(-1);
  if (!isMap(map) || key === undefined) return undefined;
  const index = map.items.findIndex((entry) => keyName(entry) === key);
  const entry = map.items[index];
  if (entry === undefined) return undefined;
  if (map.items.length === 1) return emptyMap(source, map, parent);
  return map.flow === true ? removeFromFlow(map, index) : removeLines(source, entry);
}

function emptyMap(source: string, map: YAMLMap, parent: Entry | undefined): Splice | undefined {
  const range = map.range;
  const only = map.items[0];
  if (!range || only === undefined) return undefined;
  if (map.flow === true) return { start: range[0], end: range[1], text: "{}" };
  const end = entryEnd(only);
  if (end === undefined) return undefined;
  if (parent === undefined) {
    const breaks = source[end - 1] === "\n" ? "\n" : "";
    return { start: range[0], end, text: `{}${breaks}` };
  }
  const keyEnd = rangeOf(parent.key)?.[1];
  if (keyEnd === undefined) return undefined;
  const lines = removeLines(source, only);
  const colon = source.indexOf(":", keyEnd) + 1;
  if (lines === undefined || colon === 0) return undefined;
  return { start: colon, end: lines.end, text: ` {}${source.slice(colon, lines.start)}` };
}

function removeFromFlow(map: YAMLMap, index: number): Splice | undefined {
  const entry = map.items[index];
  const next = map.items[index + 1];
  const before = map.items[index - 1];
  const start = rangeOf(entry?.key)?.[0];
  const end = entry === undefined ? undefined : entryEnd(entry);
  if (start === undefined || end === undefined) return undefined;
  const nextStart = rangeOf(next?.key)?.[0];
  if (nextStart !== undefined) return { start, end: nextStart, text: "" };
  const previousEnd = before === undefined ? undefined : entryEnd(before);
  return previousEnd === undefined ? undefined : { start: previousEnd, end, text: "" };
}

function removeLines(source: string, entry: Entry): Splice | undefined {
  const keyStart = rangeOf(entry.key)?.[0];
  const end = entryEnd(entry);
  if (keyStart === undefined || end === undefined) return undefined;
  const start = source.lastIndexOf("\n", keyStart - 1) + 1;
  if (source.slice(start, keyStart).trim() !== "") return undefined;
  return { start, end: lineAfter(source, end), text: "" };
}

function findEntry(map: YAMLMap, key: string): Entry | undefined {
  return map.items.find((entry) => keyName(entry) === key);
}

function keyName(entry: Entry): string | undefined {
  return isScalar(entry.key) ? String(entry.key.value) : undefined;
}

/** The value with the maps that `path` has around it; `undefined` for a path through an item of a list that is not there. */
function nest(path: YamlPath, value: YamlValue): { readonly value: YamlValue } | undefined {
  let inner = value;
  for (const key of path.toReversed()) {
    if (typeof key === "number") return undefined;
    inner = { [key]: inner };
  }
  return { value: inner };
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return (node as Node | null | undefined)?.range ?? undefined;
}

function entryEnd(entry: Entry): number | undefined {
  return rangeOf(entry.value) === undefined ? rangeOf(entry.key)?.[1] : contentEnd(entry.value);
}

/** Where the last value in a node ends: the range of a block collection also covers comments and blanks after it. */
function contentEnd(node: unknown): number {
  if (isCollection(node) && node.flow !== true) {
    const last = node.items.at(-1);
    const end = isPair(last) ? entryEnd(last) : rangeOf(last) && contentEnd(last);
    if (end !== undefined) return end;
  }
  return rangeOf(node)?.[1] ?? 0;
}

function isBlockScalar(scalar: Scalar): boolean {
  return scalar.type === Scalar.BLOCK_LITERAL || scalar.type === Scalar.BLOCK_FOLDED;
}

function quotingOf(old: unknown, value: YamlValue): Quoting | undefined {
  if (typeof value !== "string" || !isScalar(old)) return undefined;
  return old.type === Scalar.QUOTE_DOUBLE || old.type === Scalar.QUOTE_SINGLE ? old.type : undefined;
}

/** Whether the first braces in or around the map have blanks inside: `{ a: 1 }`. */
function isPadded(source: string, map: YAMLMap): boolean {
  const start = map.range?.[0];
  return map.flow === true && start !== undefined && source[start + 1] === " ";
}

function columnOf(source: string, offset: number): number {
  return offset - (source.lastIndexOf("\n", offset - 1) + 1);
}

/** Start of the line after the one that `offset` is on, or `offset` itself where a line starts there. */
function lineAfter(source: string, offset: number): number {
  if (source[offset - 1] === "\n") return offset;
  const newline = source.indexOf("\n", offset);
  return newline === -1 ? source.length : newline + 1;
}

function appendLines(source: string, offset: number, lines: string, indent: number): Splice {
  const start = lineAfter(source, offset);
  const startsLine = start === 0 || source[start - 1] === "\n";
  return { start, end: start, text: `${startsLine ? "" : "\n"}${indented(lines, indent)}\n` };
}

function indented(lines: string, indent: number): string {
  return lines.replace(/^(?=.)/gm, " ".repeat(indent));
}
