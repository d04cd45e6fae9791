import type { Overlay } from "../desired/overlay.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { HistoryEvent } from "../history/history-event.ts";
import type { Plan } from "../plan/plan.ts";
import type { ChangeRequest } from "../propose/change-request.ts";

/**
 * What a running controller can say of the commits and branches of its state repository: what each did, what it would do,
 * and a change that somebody asks for as a commit. All of it reads git, so none of it runs in the thread that serves.
 *
 * Every call rejects with PreviewError, and with SourceError where git does not answer.
 */
export interface PreviewService {
  /** Commits of the served line that touch state, newest first. */
  history(query: HistoryQuery, line: ServedLine): Promise<HistoryPage>;
  /** `undefined`: it is not on the served line, or touches no state. */
  commit(id: string, line: ServedLine): Promise<CommitReport | undefined>;
  /** Every branch of the repository, by name. */
  branches(): Promise<BranchList>;
  /** What a branch would do to the fleet if it were merged into what is served. */
  plan(branch: string, line: ServedLine): Promise<BranchPlan>;
  /** A change worked out on the branch that is followed, judged and planned, with nothing written. */
  prepare(change: ChangeRequest, line: ServedLine): Promise<PreparedChange>;
  /** Makes the commit of a change. Nothing is written that is not sound. */
  write(request: WriteRequest, line: ServedLine): Promise<WrittenChange>;
  /** The state root in a commit, with `/`; empty for the top of the repository. */
  rootOf(commit: string): Promise<string>;
  /**
   * The lines at which a commit says what rules of a trail point to, in the order of what was asked. `null`: the commit has
   * no such file.
   */
  lines(commit: string, asked: readonly AskedLine[]): Promise<readonly (number | null)[]>;
}

/** What a rule of a trail points to. */
export interface AskedLine {
  /** `tenants/acme.yaml#/sites/berlin/channel`: a file below the state root, and a JSON pointer (RFC 6901). */
  readonly where: string;
  /** Of several artifacts of a version the one that is meant. */
  readonly platform: string;
}

/** What is known of the line where it is served, at the moment of a question. */
export interface ServedLine {
  /** The commit of the manifest; `null`: none is served. */
  readonly served: string | null;
  /** The commit that the controller looked at last, and why it is not served; `null`: it is. */
  readonly tip: UnservedTip | null;
  /** What the controller adds to policy by itself. */
  readonly overlays: readonly Overlay[];
  /** Seconds since 1970. */
  readonly now: number;
}

/** A commit that was looked at and is not served. */
export interface UnservedTip {
  readonly commit: string;
  readonly state: "refused" | "held";
  readonly errors?: number;
  readonly first?: Finding;
  readonly why?: string;
}

export interface HistoryQuery {
  readonly limit: number;
  /** The last commit of the page before. */
  readonly after?: string;
  readonly product?: string;
  readonly channel?: string;
  readonly tenant?: string;
}

export interface HistoryPage {
  readonly commits: readonly CommitSummary[];
  /** `after` of the next page; absent on the last. */
  readonly next?: string;
}

/**
 * `served`: what agents get. `past`: what they get came from it. `refused`: it has mistakes. `held`: nobody has released
 * it. `waiting`: newer than what is served, and not looked at by itself.
 */
export const COMMIT_STATES = ["served", "past", "refused", "held", "waiting"] as const;
export type CommitState = (typeof COMMIT_STATES)[number];

export interface CommitSummary {
  readonly commit: string;
  /** `Name <mail>` */
  readonly author: string;
  /** Commit time, seconds since 1970. */
  readonly at: number;
  readonly subject: string;
  readonly state: CommitState;
  /** How many mistakes it was refused for. */
  readonly errors: number;
  /** The first of them. */
  readonly first?: Finding;
  /** Why it is held. */
  readonly why?: string;
  /** What it did, in the words of the commands; the gravest first, at most {@link MOST_DID}. */
  readonly did: readonly Deed[];
  /** How many more things. */
  readonly omitted: number;
  /** State files that it changed. */
  readonly files: number;
  /** What it did to the fleet, as the controller foresaw it when it began to serve it; absent: nobody looked then. */
  readonly foreseen?: Foreseen;
}

export const MOST_DID = 20;

/** One thing that a commit did. */
export interface Deed extends HistoryEvent {
  /** In words: `promote agent 1.4.2 to stable (was 1.4.1)`. */
  readonly text: string;
}

/** A mistake, as short as a list shows it. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
  /** Relative to the state root. */
  readonly file: string;
  readonly line?: number;
}

/** How many machines a change concerns. */
export interface Foreseen {
  /** When it was counted, seconds since 1970. */
  readonly at: number;
  /** Products on machines that were looked at. */
  readonly total: number;
  readonly moves: number;
  readonly stopped: number;
  readonly retimed: number;
}

/** What one file of a commit became. */
export interface FileDiff {
  /** Relative to the state root. */
  readonly path: string;
  /** As `git diff` has it; absent where the file is no text, or too large. */
  readonly diff?: string;
}

export interface CommitReport extends CommitSummary {
  /** The first parent; `null` for the first commit of all. */
  readonly parent: string | null;
  /** What follows the subject in its message. */
  readonly body: string;
  /** At most 100 files and 256 KiB. */
  readonly diffs: readonly FileDiff[];
  /** How many more files it changed. */
  readonly omittedDiffs: number;
  /** Of a refused or a served commit, at most 100. */
  readonly diagnostics: readonly Diagnostic[];
  /** What it would do to the fleet as that is now, on top of its parent; absent where either has mistakes. */
  readonly plan?: Plan;
}

export interface BranchList {
  /** The branch that is followed; `null`: no branch is. */
  readonly followed: string | null;
  readonly branches: readonly { readonly name: string; readonly commit: string }[];
}

export interface BranchPlan {
  readonly branch: string;
  readonly commit: string;
  /** Where the branch left the served line. */
  readonly base: string;
  /** What is served. */
  readonly served: string;
  /** Commits that the branch brings, newest first, at most 50. */
  readonly commits: readonly BranchCommit[];
  /** How many commits were served since the branch began. */
  readonly behind: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly omittedDiagnostics: number;
  readonly did: readonly Deed[];
  readonly omitted: number;
  /** Absent: the branch has mistakes. */
  readonly plan?: Plan;
  /** When the fleet was counted, seconds since 1970. */
  readonly countedAt: number;
}

export interface BranchCommit {
  readonly commit: string;
  readonly author: string;
  readonly at: number;
  readonly subject: string;
}

export interface PreparedChange {
  /** The commit that it was worked out on, the newest of the followed branch: to be sent back for it to be written. */
  readonly base: string;
  /** The branch that is followed; `null`: none is, and nothing can be written. */
  readonly followed: string | null;
  readonly subject: string;
  readonly reason?: string;
  readonly notices: readonly string[];
  /** Empty: state already says so. */
  readonly diffs: readonly FileDiff[];
  readonly diagnostics: readonly Diagnostic[];
  /** Whether it may be committed. */
  readonly isValid: boolean;
  /** Whether the state is good without it: else it is not the change that is at fault. */
  readonly isBaseSound: boolean;
  readonly plan?: Plan;
  /** What somebody types who does it on a command line. */
  readonly command: string;
}

export interface WriteRequest {
  readonly change: ChangeRequest;
  /** The commit that the person saw. */
  readonly base: string;
  /** Whose change it is. */
  readonly author: string;
  /** On a branch of its own, or as the next commit of the branch that is followed. */
  readonly to: "branch" | "direct";
}

export interface WrittenChange {
  readonly commit: string;
  readonly branch: string;
  /** What it is to be merged into, where it is on a branch of its own. */
  readonly into?: string;
  readonly subject: string;
}
