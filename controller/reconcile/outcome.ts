import type { Diagnostic } from "../diagnostics/diagnostic.ts";

interface OutcomeBase {
  /** When the reconcile ended, seconds since 1970. */
  readonly at: number;
}

/** The commit is what is served. */
export interface PublishedOutcome extends OutcomeBase {
  readonly kind: "published";
  readonly commit: string;
  /** Version of the timestamp role. */
  readonly version: number;
  /** Warnings only: errors refuse. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many more warnings the state acknowledges. */
  readonly acknowledged: number;
  /** How many more there are, where not all are listed. */
  readonly omitted?: number;
}

/** The commit has mistakes: it is refused as a whole, and what was served before stays. */
export interface RefusedOutcome extends OutcomeBase {
  readonly kind: "refused";
  readonly commit: string;
  readonly diagnostics: readonly Diagnostic[];
  /** How many more errors there are, where not all are listed. */
  readonly omitted?: number;
}

/** Nothing of the commit is read before a person has acted; what was served before stays. */
export interface HeldOutcome extends OutcomeBase {
  readonly kind: "held";
  readonly commit: string;
  readonly hold: Hold;
}

export type Hold =
  | {
      /** The commit does not descend from the one that is served: a person has to accept it. */
      readonly cause: "not-descendant";
      readonly servedCommit: string;
    }
  | {
      /**
       * Nobody who may sign has signed the commit, or another one that comes with it. `fairlead accept` does not replace a
       * signature.
       */
      readonly cause: "signature";
      readonly reason: string;
      /** The commit that is not good; absent: the held one itself. */
      readonly unsigned?: string;
    }
  | {
      /** More commits came at once than are verified. */
      readonly cause: "too-many-commits";
      readonly count: number;
      readonly most: number;
    };

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

/** Something outside failed (an unreachable git server, a full disk): it is tried again by itself. */
export interface WaitingOutcome extends OutcomeBase {
  readonly kind: "waiting";
  readonly cause: Fault;
}

/** Trying again cannot help: a person must act. */
export interface StalledOutcome extends OutcomeBase {
  readonly kind: "stalled";
  readonly cause: Fault;
}

/** How one reconcile ended. */
export type ReconcileOutcome =
  | PublishedOutcome
  | RefusedOutcome
  | HeldOutcome
  | WaitingOutcome
  | StalledOutcome;

/** Whether two reconciles ended alike: the same commit for the same kind of reason, or the same failure. */
export function isSameOutcome(a: ReconcileOutcome, b: ReconcileOutcome): boolean {
  if ("cause" in a || "cause" in b) {
    return "cause" in a && "cause" in b && a.kind === b.kind && a.cause.code === b.cause.code;
  }
  return a.kind === b.kind && a.commit === b.commit;
}

/** One sentence for people and logs: what happened, lower case, no full stop. */
export function describeOutcome(outcome: ReconcileOutcome): string {
  switch (outcome.kind) {
    case "published":
      return `commit ${shortCommit(outcome.commit)} is served as version ${outcome.version}`;
    case "refused": {
      const errors = outcome.diagnostics.filter(({ severity }) => severity === "error");
      const first = errors[0];
      const others = errors.length - 1 + (outcome.omitted ?? 0);
      const more = others > 0 ? ` (and ${others} more)` : "";
      const why = first === undefined ? "it does not check" : `${first.file}: ${first.message}${more}`;
      return `commit ${shortCommit(outcome.commit)} is refused: ${why}`;
    }
    case "held":
      return describeHold(outcome);
    case "waiting":
      return `${outcome.cause.message}; it is tried again`;
    case "stalled":
      return outcome.cause.message;
  }
}

function describeHold({ commit, hold }: HeldOutcome): string {
  switch (hold.cause) {
    case "not-descendant":
      return (
        `commit ${shortCommit(commit)} does not descend from ${shortCommit(hold.servedCommit)} and is ` +
        `held until \`fairlead accept ${commit}\``
      );
    case "signature": {
      const because =
        hold.unsigned === undefined
          ? hold.reason
          : `of commit ${shortCommit(hold.unsigned)}, which comes with it: ${hold.reason}`;
      return (
        `commit ${shortCommit(commit)} is held because ${because}; ` +
        "sign it again and push, or list who signed it as a signer"
      );
    }
    case "too-many-commits":
      return (
        `commit ${shortCommit(commit)} is held because ${hold.count} commits came at once and at most ` +
        `${hold.most} are verified: if they are meant to come, start with --max-commits ${hold.count}`
      );
  }
}

/** A commit as people quote it. */
export function shortCommit(commit: string): string {
  return /^[0-9a-f]{40,64}$/.test(commit) ? commit.slice(0, 10) : commit;
}
