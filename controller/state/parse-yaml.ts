import {
  CORE_SCHEMA,
  constructFromEvents,
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  YAMLException,
} from "js-yaml";
import { judgeScalar } from "./ambiguous-scalars.ts";
import { findConflictMarker } from "./conflict-marker.ts";
import type { TextRange } from "./source-map.ts";
import { describeSyntaxError } from "./syntax-message.ts";
import type { YamlFault } from "./yaml-fault.ts";

/** What one state file may be. Everything beyond is refused before it costs time or memory. */
export const YAML_LIMITS = {
  /** Bytes of a file. */
  bytes: 256 * 1024,
  /** Levels of nesting. */
  depth: 32,
  /** Keys of all mappings of a file together. */
  keys: 10_000,
} as const;

export type ParsedYaml =
  | { readonly ok: true; readonly value: unknown; readonly events: readonly Event[] }
  | { readonly ok: false; readonly faults: readonly YamlFault[] };

/**
 * Reads one YAML 1.2 document (core schema: dates stay strings) of the plain subset that every parser reads alike:
 * no anchors, aliases, tags, merge keys, complex keys or second documents, and unique keys. Values and positions
 * come from the same event stream, so that they cannot disagree. Never throws for any input.
 */
export function parseYaml(text: string): ParsedYaml {
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth: YAML_LIMITS.depth });
  } catch (error) {
    return { ok: false, faults: [faultOfException(error, text)] };
  }
  const forbidden = findForbidden(text, events);
  const faults = forbidden.length > 0 ? forbidden : findAmbiguous(text, events);
  if (faults.length > 0) return { ok: false, faults };
  try {
    const [value] = constructFromEvents(events, { source: text, schema: CORE_SCHEMA, maxAliases: 0 });
    return { ok: true, value, events };
  } catch (error) {
    const duplicates = findDuplicateKeys(text, events);
    return { ok: false, faults: duplicates.length > 0 ? duplicates : [faultOfException(error, text)] };
  }
}

function faultOfException(error: unknown, text: string): YamlFault {
  const conflict = findConflictMarker(text);
  if (conflict !== undefined) return { rule: "file/conflict-marker", ...conflict };
  const reason = error instanceof YAMLException ? error.reason : String(error);
  const at = error instanceof YAMLException ? (error.mark?.position ?? 0) : 0;
  const start = Math.min(at, Math.max(0, text.length - 1));
  const lineEnd = text.indexOf("\n", start);
  const end = start + (text.length > start && lineEnd !== start ? 1 : 0);
  return { ...describeSyntaxError(reason), range: { start, end } };
}

/** What the subset leaves out. One pass over the events, without reading a scalar. */
function findForbidden(text: string, events: readonly Event[]): YamlFault[] {
  const faults: YamlFault[] = [];
  let documents = 0;
  let scalars = 0;
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        documents++;
        if (documents === 2) faults.push(secondDocument(text));
        break;
      case EVENT_ID.ALIAS:
        faults.push({
          rule: "yaml/alias",
          message: `\`*${text.slice(event.anchorStart, event.anchorEnd)}\` is an alias, which state files may not use`,
          range: { start: event.anchorStart - 1, end: event.anchorEnd },
          help: "write the value out: what a scope says must be readable where it stands",
        });
        break;
      case EVENT_ID.SCALAR:
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        scalars++;
        if (event.anchorStart >= 0) {
          faults.push({
            rule: "yaml/alias",
            message: `\`&${text.slice(event.anchorStart, event.anchorEnd)}\` is an anchor, which state files may not use`,
            range: { start: event.anchorStart - 1, end: event.anchorEnd },
            help: "remove it: state files have no aliases",
          });
        }
        if (event.tagStart >= 0) {
          faults.push({
            rule: "yaml/custom-tag",
            message: `\`${text.slice(event.tagStart, event.tagEnd)}\` is a tag, which state files may not use`,
            range: { start: event.tagStart, end: event.tagEnd },
            help: "remove the tag; put quotes around a value that has to be text",
          });
        }
        break;
      case EVENT_ID.POP:
        break;
    }
    if (faults.length >= MAX_FAULTS) return faults;
  }
  if (faults.length === 0 && scalars > YAML_LIMITS.keys) return tooManyKeys(text, events);
  return faults;
}

/** Most faults that are reported of one file: enough to see what is wrong with it. */
const MAX_FAULTS = 20;

function secondDocument(text: string): YamlFault {
  const marker = /\n(?:---|\.\.\.)/.exec(text.slice(3));
  const start = marker === null ? 0 : marker.index + 4;
  return {
    rule: "yaml/multiple-documents",
    message: "the file holds more than one YAML document",
    range: { start, end: start + 3 },
    label: "a second document begins here",
    help: "keep one document a file",
  };
}

function tooManyKeys(text: string, events: readonly Event[]): YamlFault[] {
  let keys = 0;
  let found: TextRange | undefined;
  forEachKey(events, (key) => {
    keys++;
    if (keys === YAML_LIMITS.keys + 1)
      found = { start: Math.max(0, key.valueStart), end: Math.max(0, key.valueEnd) };
  });
  if (found === undefined) return [];
  return [
    {
      rule: "yaml/too-many-keys",
      message: `the file has ${keys} keys, and ${YAML_LIMITS.keys} are allowed`,
      range: found,
      label: "the first one too many",
      help: `split the file: \`${text.slice(found.start, found.end)}\` and what follows belong elsewhere`,
    },
  ];
}

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/** What reads as something else than it says, or says more than it shows. */
function findAmbiguous(text: string, events: readonly Event[]): YamlFault[] {
  const faults: YamlFault[] = [];
  forEachScalar(events, (scalar, mapping) => {
    const fault = faults.length < MAX_FAULTS ? judgeScalar(text, scalar, mapping !== undefined) : undefined;
    if (fault !== undefined) faults.push(fault);
  });
  return faults;
}

function forEachKey(events: readonly Event[], visit: (key: ScalarEvent, mapping: number) => void): void {
  forEachScalar(events, (scalar, mapping) => {
    if (mapping !== undefined) visit(scalar, mapping);
  });
}

/** Calls `visit` with each scalar; with a number for a key, which is the same for the keys of one mapping. */
function forEachScalar(
  events: readonly Event[],
  visit: (scalar: ScalarEvent, mapping: number | undefined) => void,
): void {
  const open: { mapping: number; isMapping: boolean; expectsKey: boolean }[] = [];
  let mappings = 0;
  for (const event of events) {
    const top = open.at(-1);
    if (event.type === EVENT_ID.POP) {
      open.pop();
      continue;
    }
    const isKey = top?.isMapping === true && top.expectsKey;
    if (event.type === EVENT_ID.SCALAR) visit(event, isKey ? top.mapping : undefined);
    if (top?.isMapping === true) top.expectsKey = !top.expectsKey;
    if (event.type === EVENT_ID.MAPPING)
      open.push({ mapping: ++mappings, isMapping: true, expectsKey: true });
    else if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.DOCUMENT) {
      open.push({ mapping: 0, isMapping: false, expectsKey: false });
    }
  }
}

/** Only when the parser has refused the file for a duplicate: shows all of them, each with its first place. */
function findDuplicateKeys(text: string, events: readonly Event[]): YamlFault[] {
  const first = new Map<string, TextRange>();
  const faults: YamlFault[] = [];
  forEachKey(events, (key, mapping) => {
    const name = getScalarValue(text, key);
    const id = `${mapping}\0${name}`;
    const range = { start: Math.max(0, key.valueStart), end: Math.max(0, key.valueEnd) };
    const related = first.get(id);
    if (related === undefined) {
      first.set(id, range);
    } else if (faults.length < MAX_FAULTS) {
      faults.push({
        rule: "yaml/duplicate-key",
        message: `key \`${name}\` is given twice`,
        range,
        label: "given again here",
        related: { range: related, label: "first given here" },
        help: "keep one of them",
      });
    }
  });
  return faults;
}
