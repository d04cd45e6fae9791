import { prepareManifest } from "../http/manifest/served-manifest.ts";
import type { ServedState } from "../http/served-state.ts";
import type { PublishedManifest } from "../publish/published-manifest.ts";
import type { Reconciled } from "../reconcile/reconcile.ts";

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
  async serve(manifest: PublishedManifest): Promise<void> {
    const serving = await prepareManifest(manifest, this.state.serving);
    this.state = { ...this.state, serving };
  }

  /** How the last reconcile ended. What it could not say stays as it was. */
  record({ outcome, lags = this.state.lags, sourceSeenAt = this.state.sourceSeenAt }: Reconciled): void {
    this.state = { ...this.state, outcome, lags, sourceSeenAt };
  }
}
