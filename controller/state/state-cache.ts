import type { SnapshotFile } from "../source/snapshot.ts";
import { type ReadDocument, readDocument } from "./read-document.ts";
import type { DocumentKind } from "./state-layout.ts";

/**
 * Keeps what was read from each file by its blob id, so that of a new commit only changed files are read. Two
 * generations: what neither of the last two reads used is dropped.
 */
export class StateCache {
  private current = new Map<string, ReadDocument>();
  private previous = new Map<string, ReadDocument>();

  /** Call before each read of a snapshot. */
  startRead(): void {
    this.previous = this.current;
    this.current = new Map();
  }

  /** The document of one file, from memory where the same path had the same bytes before. */
  read(kind: DocumentKind, file: SnapshotFile): ReadDocument {
    const key = `${file.blob}\0${file.path}`;
    const known = this.current.get(key) ?? this.previous.get(key) ?? readDocument(kind, file);
    this.current.set(key, known);
    return known;
  }
}
