import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Attempt } from "../../protocol/check-in/attempt.ts";
import { attempt as readAttempt } from "../../protocol/check-in/read-attempt.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { parseJson } from "../../protocol/read-json.ts";
import { readBounded } from "../files/read-bounded.ts";
import { replaceFile } from "../files/replace-file.ts";

/** Attempts that wait at most, and bytes of one: the whole spool stays below 4 MB. */
export const MOST_WAITING = 64;
const MOST_BYTES = 64 * 1024;

/** The millisecond at which it came, then its id: sorted by name they are sorted by age. */
const NAME = /^\d{15}-([0-9a-f]{32})\.json$/;
const DROPPED = "dropped";

/** What waits to be reported. */
export interface Waiting {
  readonly count: number;
  /** How many were let go of unreported, since ever, because too many waited or a file was damaged. */
  readonly dropped: number;
}

/**
 * Attempts that the controller has not acknowledged, one file each, so that neither two processes nor a kill can lose
 * one over another. Everything here is best effort: what cannot be written is kept in memory while this process lives.
 */
export class Spool {
  private readonly folder: string;
  private unwritten: readonly Attempt[] = [];
  private droppedHere = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** One that waits already, told again after a kill, stays as it is. Never throws. */
  add(attempt: Attempt): void {
    const known = this.unwritten.some(({ id }) => id === attempt.id) || this.idsOnDisk().has(attempt.id);
    if (known) return;
    this.unwritten = [...this.unwritten, attempt];
    this.flush();
  }

  /** The oldest ones first, at most so many. Never throws. */
  read(most: number): readonly Attempt[] {
    this.flush();
    const found: Attempt[] = [];
    for (const name of this.names()) {
      if (found.length === most) return found;
      const attempt = this.readFile(name);
      if (attempt !== undefined) found.push(attempt);
    }
    return [...found, ...this.unwritten].slice(0, most);
  }

  /** Forgets those that are on the controller's disk. Never throws. */
  acknowledge(ids: readonly string[]): void {
    const acknowledged = new Set(ids);
    this.unwritten = this.unwritten.filter(({ id }) => !acknowledged.has(id));
    for (const name of this.names()) {
      if (acknowledged.has(idOf(name))) this.remove(name);
    }
  }

  waiting(): Waiting {
    return { count: this.names().length + this.unwritten.length, dropped: this.dropped() };
  }

  private flush(): void {
    const left: Attempt[] = [];
    for (const attempt of this.unwritten) {
      if (!this.write(attempt)) left.push(attempt);
    }
    const surplus = Math.max(0, left.length - MOST_WAITING);
    this.unwritten = left.slice(surplus);
    this.noteDropped(surplus);
    this.dropSurplus();
  }

  private write(attempt: Attempt): boolean {
    const name = `${String(Date.now()).padStart(15, "0")}-${attempt.id}.json`;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      replaceFile(join(this.folder, name), `${JSON.stringify(attempt)}\n`);
      return true;
    } catch {
      return false;
    }
  }

  /** What cannot be read any more is let go of: it would be in the way of every other. */
  private readFile(name: string): Attempt | undefined {
    try {
      const found = readBounded(join(this.folder, name), MOST_BYTES);
      if (found.kind === "absent") return undefined;
      if (found.kind === "bytes") return readAttempt(parseJson(found.bytes, MOST_BYTES), "");
    } catch (error) {
      // It may be sound, and readable later.
      if (!(error instanceof ProtocolError)) return undefined;
    }
    if (this.remove(name)) this.noteDropped(1);
    return undefined;
  }

  private dropSurplus(): void {
    const names = this.names();
    const surplus = names.slice(0, Math.max(0, names.length - MOST_WAITING));
    this.noteDropped(surplus.filter((name) => this.remove(name)).length);
  }

  private noteDropped(count: number): void {
    if (count === 0) return;
    const before = this.dropped();
    this.droppedHere += count;
    try {
      replaceFile(join(this.folder, DROPPED), `${before + count}\n`);
      this.droppedHere = 0;
    } catch {
      // Counted in memory until it can be.
    }
  }

  private dropped(): number {
    try {
      const found = readBounded(join(this.folder, DROPPED), 32);
      const count = found.kind === "bytes" ? Number.parseInt(found.bytes.toString("latin1"), 10) : 0;
      return (Number.isSafeInteger(count) && count > 0 ? count : 0) + this.droppedHere;
    } catch {
      return this.droppedHere;
    }
  }

  private remove(name: string): boolean {
    try {
      rmSync(join(this.folder, name), { recursive: true, force: true });
      return true;
    } catch {
      return false;
    }
  }

  private idsOnDisk(): ReadonlySet<string> {
    return new Set(this.names().map(idOf));
  }

  private names(): readonly string[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => NAME.test(name))
        .sort();
    } catch {
      return [];
    }
  }
}

function idOf(name: string): string {
  return NAME.exec(name)?.[1] ?? "";
}
