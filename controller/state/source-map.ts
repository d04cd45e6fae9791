import { EVENT_ID, type Event, getScalarValue } from "js-yaml";
import type { Span } from "../diagnostics/diagnostic.ts";

/** Half-open range of UTF-16 offsets in a file's text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where one value of a document stands, and under which keys its parts. */
export interface SourceNode extends TextRange {
  /** The key that leads to it; absent for items of a sequence and for the document. */
  readonly key?: TextRange;
  readonly children: ReadonlyMap<string | number, SourceNode>;
}

/** The way from a path in a document's value back to its text. */
export class SourceMap {
  private readonly text: string;
  private readonly root: SourceNode;
  private readonly lineStarts: readonly number[];

  constructor(text: string, events: readonly Event[]) {
    this.text = text;
    this.lineStarts = findLineStarts(text);
    this.root = new NodeReader(text, events).readDocument();
  }

  /** The span at `path`; of the nearest parent where the path is not in the file. */
  spanOf(path: readonly (string | number)[], part: "value" | "key" = "value"): Span {
    let node = this.root;
    for (const step of path) {
      const child = childOf(node, step);
      if (child === undefined) return this.spanOfRange(firstLineOf(this.text, node));
      node = child;
    }
    const range = part === "key" && node.key !== undefined ? node.key : node;
    return this.spanOfRange(firstLineOf(this.text, range));
  }

  /** The text of the scalar at `path`, as it is written; `undefined` where there is no scalar. */
  sourceOf(path: readonly (string | number)[]): string | undefined {
    let node: SourceNode | undefined = this.root;
    for (const step of path) node = node === undefined ? undefined : childOf(node, step);
    return node === undefined ? undefined : this.text.slice(node.start, node.end);
  }

  spanOfRange(range: TextRange): Span {
    const start = positionAt(this.lineStarts, range.start);
    const end = positionAt(this.lineStarts, range.end);
    return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }
}

/** A key may look like a number: `devices: {4711: {}}`. */
function childOf(node: SourceNode, step: string | number): SourceNode | undefined {
  return node.children.get(step) ?? node.children.get(String(step));
}

/** A collection or block scalar is shown by its first line: the smallest span that tells which one it is. */
function firstLineOf(text: string, range: TextRange): TextRange {
  const lineEnd = text.indexOf("\n", range.start);
  if (lineEnd === -1 || lineEnd >= range.end) return range;
  return { start: range.start, end: Math.max(lineEnd, range.start) };
}

/** Offsets at which lines begin; the first is 0. */
export function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Line and column of an offset, both from 1, by binary search. */
export function positionAt(lineStarts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

/** Reads the flat event stream into a tree. Its depth is bounded by the parser's limit. */
class NodeReader {
  private next = 0;
  /** End of the last token: where an empty value stands. */
  private lastEnd = 0;
  private readonly text: string;
  private readonly events: readonly Event[];

  constructor(text: string, events: readonly Event[]) {
    this.text = text;
    this.events = events;
  }

  readDocument(): SourceNode {
    if (this.events[0]?.type === EVENT_ID.DOCUMENT) this.next = 1;
    return this.readNode() ?? { start: 0, end: 0, children: new Map() };
  }

  private readNode(key?: TextRange): SourceNode | undefined {
    const event = this.events[this.next];
    if (event === undefined || event.type === EVENT_ID.POP) return undefined;
    this.next++;
    const children = new Map<string | number, SourceNode>();
    const withKey = key === undefined ? {} : { key };
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        const range = this.scalarRange(event);
        this.lastEnd = range.end;
        return { ...range, ...withKey, children };
      }
      case EVENT_ID.SEQUENCE: {
        for (let index = 0; ; index++) {
          const item = this.readNode();
          if (item === undefined) break;
          children.set(index, item);
        }
        return { ...this.closeCollection(event.start, event.style), ...withKey, children };
      }
      case EVENT_ID.MAPPING: {
        for (;;) {
          const keyEvent = this.events[this.next];
          const keyNode = this.readNode();
          if (keyNode === undefined) break;
          const name = keyEvent?.type === EVENT_ID.SCALAR ? getScalarValue(this.text, keyEvent) : "";
          const value = this.readNode({ start: keyNode.start, end: keyNode.end });
          if (value !== undefined) children.set(name, value);
        }
        return { ...this.closeCollection(event.start, event.style), ...withKey, children };
      }
      case EVENT_ID.ALIAS:
        return { start: event.anchorStart - 1, end: event.anchorEnd, ...withKey, children };
      case EVENT_ID.DOCUMENT:
        return undefined;
    }
  }

  private closeCollection(start: number, style: number): TextRange {
    this.next++;
    const isFlow = style === 2;
    const end = isFlow ? closingBracketAfter(this.text, Math.max(this.lastEnd, start + 1)) : this.lastEnd;
    this.lastEnd = Math.max(end, start + 1);
    return { start, end: this.lastEnd };
  }

  private scalarRange(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): TextRange {
    const { valueStart, valueEnd, style } = event;
    if (valueStart < 0) return { start: this.lastEnd, end: this.lastEnd };
    const isQuoted = style === 2 || style === 3;
    return isQuoted ? { start: valueStart - 1, end: valueEnd + 1 } : { start: valueStart, end: valueEnd };
  }
}

/** Offset behind the bracket that closes a flow collection whose last part ends at `from`. */
function closingBracketAfter(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === "#") at = (text.indexOf("\n", at) + 1 || text.length) - 1;
    else if (character === "]" || character === "}") return at + 1;
  }
  return text.length;
}
