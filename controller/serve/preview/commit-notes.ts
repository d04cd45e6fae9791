import { servedLine, tipOf } from "../../http/preview-api/served-line.ts";
import type { ServedState } from "../../http/served-state.ts";
import type { ReconcileOutcome } from "../../reconcile/outcome.ts";
import type { PreviewHost } from "./preview-host.ts";

/** Has what becomes of each commit noted, when the controller comes to it. */
export class CommitNotes {
  private readonly host: Pick<PreviewHost, "note">;
  private readonly state: () => ServedState;
  private readonly now: () => number;
  private served: string | null = null;
  private said = "";

  constructor(host: Pick<PreviewHost, "note">, state: () => ServedState, now: () => number) {
    this.host = host;
    this.state = state;
    this.now = now;
  }

  /** What an earlier run left is served. */
  restored(commit: string): void {
    this.served = commit;
    this.said = `served ${commit}`;
  }

  outcome(outcome: ReconcileOutcome): void {
    const line = servedLine(this.state(), this.now());
    const tip = tipOf(outcome);
    const isServed = outcome.kind === "published" && line.served === outcome.commit;
    const said = isServed
      ? `served ${outcome.commit}`
      : tip === null
        ? this.said
        : `${tip.state} ${tip.commit}`;
    // Most looks find what the last one found.
    if (said === this.said) return;
    this.said = said;
    if (isServed) {
      this.host.note(outcome.commit, { state: "served" }, this.served, line);
      this.served = outcome.commit;
    } else if (tip !== null) {
      const { commit, ...record } = tip;
      this.host.note(commit, record, this.served, line);
    }
  }
}
