/**
 * One atomic state of the state repository: what one commit holds below the state root. Nothing in it comes from a
 * work tree, except in the editing mode, which never signs for production.
 */
export interface Snapshot {
  /** Full object id of the commit; `worktree` in the editing mode. */
  readonly commit: string;
  /** Committer time, seconds since 1970. */
  readonly committedAt: number;
  /** Regular files below the state root, sorted by path. */
  readonly files: readonly SnapshotFile[];
  /** What was found and is not read; each is an error of the commit. */
  readonly irregular: readonly IrregularEntry[];
  /** Where an earlier snapshot was continued: how the files differ from its. Absent: all of them were read. */
  readonly change?: SnapshotChange;
}

export interface SnapshotChange {
  /** `files` of the earlier snapshot. */
  readonly since: readonly SnapshotFile[];
  /** What came or has other bytes, by path; `undefined` for what went. */
  readonly files: ReadonlyMap<string, SnapshotFile | undefined>;
}

export interface SnapshotFile {
  /** Relative to the state root, with `/`: `products/agent/channels/stable.yaml`. */
  readonly path: string;
  /** Git object id of the content: equal ids are equal bytes, so what was read from them can be kept. */
  readonly blob: string;
  readonly bytes: Buffer;
  /** The bytes as Latin-1, where that is what is at hand: nearly all files are ASCII, and then it is their text. */
  readonly latin1?: string;
}

/**
 * `too-large`: over the limit for its kind, `bad-name`: `..`, control characters, not UTF-8 or a reserved name,
 * `unmerged`: in the index, left by a merge in conflict.
 */
export type IrregularKind = "symlink" | "submodule" | "too-large" | "bad-name" | "too-many" | "unmerged";

export interface IrregularEntry {
  readonly path: string;
  readonly kind: IrregularKind;
  /** For `too-large` and `too-many`: what there is and what may be. */
  readonly size?: number;
  readonly limit?: number;
}
