import type { RuleName, TrailEntry, TrailOutcome } from "./decision.ts";

/** Collects what each rule said, in order. Local to one decision. */
export class Trail {
  readonly entries: TrailEntry[] = [];

  add(rule: RuleName, outcome: TrailOutcome, text: string, where?: string): void {
    this.entries.push(where === undefined ? { rule, outcome, text } : { rule, outcome, text, where });
  }
}

/** The times formatted last: devices of a fleet share the few seconds at which waves and windows open. */
const written = new Map<number, string>();
const MAX_WRITTEN = 1024;

/** A second of the epoch as people and logs read it: `2026-11-20T02:00:00Z`. */
export function formatTime(second: number): string {
  let text = written.get(second);
  if (text === undefined) {
    text = new Date(second * 1000).toISOString().replace(".000Z", "Z");
    if (written.size >= MAX_WRITTEN) written.clear();
    written.set(second, text);
  }
  return text;
}

/** `tenants/acme.yaml#/sites/berlin/channel` as the file and the JSON pointer into it, which is empty for the whole file. */
export function readWhere(where: string): { readonly file: string; readonly pointer: string } {
  const hash = where.indexOf("#");
  return hash === -1
    ? { file: where, pointer: "" }
    : { file: where.slice(0, hash), pointer: where.slice(hash + 1) };
}
