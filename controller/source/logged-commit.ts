/** How one commit changed one file, against its first parent. */
export interface LoggedChange {
  /** Relative to the state root. */
  readonly path: string;
  /** Blob id before; absent when the commit added the file. */
  readonly before: string | undefined;
  /** Blob id after; absent when the commit removed the file. */
  readonly after: string | undefined;
}

/** A commit of the first-parent line that touches the state files asked for. */
export interface LoggedCommit {
  readonly commit: string;
  /** `Name <mail>`. Like the subject, made safe to print where it is read: git keeps whatever it was given. */
  readonly author: string;
  /** Committer time, seconds since 1970. */
  readonly at: number;
  readonly subject: string;
  readonly changes: readonly LoggedChange[];
}

export interface LogRange {
  /** State root inside the repository, with `/`; empty for its top. */
  readonly path: string;
  /** Globs relative to the state root, where a star does not cross a slash; everything when absent. */
  readonly globs?: readonly string[];
  /** Leaves out this commit and what it came from. */
  readonly since?: string;
  /** Only files that a commit removed. */
  readonly onlyRemovals?: boolean;
  /** Most commits, newest first; all when absent. */
  readonly maxCount?: number;
}
