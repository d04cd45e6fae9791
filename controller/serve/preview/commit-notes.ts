import { servedCommit, servedLine, tipOf } from "../../http/preview-api/served-line.ts";
import type { ServedState } from "../../http/served-state.ts";
import type { ReconcileOutcome } from "../../reconcile/outcome.ts";
import type { PreviewHost } from "./preview-host.ts";

export interface CommitNotesParts {
  readonly host: Pick<PreviewHost, "note">;
  readonly state: () => ServedState;
  /** Whether anybody is enrolled. */
  readonly hasMachines: () => Promise<boolean>;
  /** Commits of which an earlier run has noted that they are not served. */
  readonly unserved: Iterable<string>;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/**
 * Has what becomes of each commit noted, when the controller comes to it. A note needs the thread that reads git, which
 * takes memory for as long as it is there; so there is none of a commit that is served and does nothing to any machine:
 * history says of such a one what it says of one without a note.
 */
export class CommitNotes {
  private readonly parts: CommitNotesParts;
  private readonly unserved: Set<string>;
  private served: string | null = null;
  private said = "";

  constructor(parts: CommitNotesParts) {
    this.parts = parts;
    this.unserved = new Set(parts.unserved);
  }

  /** What an earlier run left is served. */
  restored(commit: string): void {
    this.served = commit;
    this.said = `served ${commit}`;
  }

  outcome(outcome: ReconcileOutcome): void {
    const { host, now } = this.parts;
    const state = this.parts.state();
    const tip = tipOf(outcome);
    const isServed = outcome.kind === "published" && servedCommit(state) === outcome.commit;
    const said = isServed
      ? `served ${outcome.commit}`
      : tip === null
        ? this.said
        : `${tip.state} ${tip.commit}`;
    // Most looks find what the last one found.
    if (said === this.said) return;
    this.said = said;
    if (isServed) {
      void this.noteServed(outcome.commit, this.served, state);
      this.served = outcome.commit;
    } else if (tip !== null) {
      const { commit, ...record } = tip;
      this.unserved.add(commit);
      host.note(commit, record, this.served, servedLine(state, now()));
    }
  }

  private async noteServed(commit: string, before: string | null, state: ServedState): Promise<void> {
    const { host, hasMachines, now } = this.parts;
    const wasUnserved = this.unserved.delete(commit);
    const mayDoSomething = before !== null && (await hasMachines().catch(() => false));
    if (wasUnserved || mayDoSomething) {
      host.note(commit, { state: "served" }, before, servedLine(state, now()));
    }
  }
}
