import type { ServedManifest } from "../http/manifest/served-manifest.ts";
import type { ServedState } from "../http/served-state.ts";
import type { ReportedReconcile } from "../reconcile/report.ts";

/** What the HTTP side shows, and the two ways in which it changes. Each change is one assignment. */
export class CurrentState {
  private state: ServedState = {
    serving: undefined,
    lags: [],
    outcome: undefined,
    sourceSeenAt: undefined,
  };

  get value(): ServedState {
    return this.state;
  }

  /** From now on this manifest is what agents get. */
  serve(serving: ServedManifest): void {
    this.state = { ...this.state, serving };
  }

  /** How the last reconcile ended. What it could not say stays as it was. */
  record({
    outcome,
    lags = this.state.lags,
    sourceSeenAt = this.state.sourceSeenAt,
  }: ReportedReconcile): void {
    this.state = { ...this.state, outcome, lags, sourceSeenAt };
  }
}
