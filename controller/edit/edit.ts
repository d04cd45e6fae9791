import type { ChannelHistories } from "../source/promotion-record.ts";
import type { KnownDevices } from "./scope-place.ts";
import type { StateFiles } from "./state-files.ts";

/** The new content of one state file, or its end. */
export interface FileChange {
  /** Relative to the state root. */
  readonly path: string;
  /** Absent: the file is new. */
  readonly before: string | undefined;
  /** Absent: the file goes. */
  readonly after: string | undefined;
  /** The file of the same edit that goes and comes again as this one. */
  readonly renamedFrom?: string;
}

/** One change of state that a person asked for, worked out and not yet applied. */
export interface Edit {
  /** First line of the commit message: `promote agent 1.4.2 to stable`. */
  readonly subject: string;
  /** Why; the body of the commit message. */
  readonly reason?: string | undefined;
  /** In the order in which they are shown. Empty: state already says so. */
  readonly changes: readonly FileChange[];
  /** What the person should know before it is applied: lower case, no full stop. */
  readonly notices: readonly string[];
}

/** What an edit is worked out from. */
export interface EditContext {
  readonly files: StateFiles;
  readonly histories: ChannelHistories;
  /** Seconds since 1970. */
  readonly now: number;
  /** Absent: nobody but the state says what there is. */
  readonly devices?: KnownDevices | undefined;
}

/** Works out one kind of change. Pure. @throws EditError */
export type EditBuilder = (context: EditContext) => Edit;

/** The changes that really change something. */
export function effectiveChanges(changes: readonly FileChange[]): readonly FileChange[] {
  return changes.filter(({ before, after }) => before !== after);
}

/** The branch that a change is proposed on when nobody names one: `fairlead/promote-agent-1.4.2-to-stable`. */
export function branchFor(subject: string): string {
  return `fairlead/${subject.replace(/[^a-zA-Z0-9.]+/g, "-")}`;
}
