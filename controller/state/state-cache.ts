import type { Snapshot, SnapshotFile } from "../source/snapshot.ts";
import { type CollectedFiles, collectFiles, type FileChanges, NO_FILES } from "./collected-files.ts";

/**
 * Keeps what was read of the last snapshot, so that of the next one only changed files are read, and everything that no
 * changed file is a part of is the very same object again: what was found in it can be kept as well.
 */
export class StateCache {
  private files: readonly SnapshotFile[] = [];
  private collected: CollectedFiles = NO_FILES;

  /** What the files of a snapshot say, each by itself. */
  collect({ files, change }: Pick<Snapshot, "files" | "change">): CollectedFiles {
    const changes = change?.since === this.files ? change.files : this.differing(files);
    this.collected = collectFiles(this.collected, changes);
    this.files = files;
    return this.collected;
  }

  private differing(files: readonly SnapshotFile[]): FileChanges {
    const known = this.collected.files;
    if (known.size === 0) return new Map(files.map((file) => [file.path, file]));
    const changes = new Map<string, SnapshotFile | undefined>();
    for (const file of files) if (known.get(file.path)?.blob !== file.blob) changes.set(file.path, file);
    const paths = new Set(files.map(({ path }) => path));
    for (const path of known.keys()) if (!paths.has(path)) changes.set(path, undefined);
    return changes;
  }
}
