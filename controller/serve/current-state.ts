import type { StandingProposal } from "../desired/proposal.ts";
import type { StandingLines } from "../desired/standing-lines.ts";
import type { DamagedArtifact } from "../http/manifest/artifact-folder.ts";
import type { ServedManifest } from "../http/manifest/served-manifest.ts";
import { NOTHING_SERVED, type ServedState } from "../http/served-state.ts";
import { isSameOutcome } from "../reconcile/outcome.ts";
import type { ReportedReconcile } from "../reconcile/report.ts";

/** What the HTTP side shows, and the ways in which it changes. Each change is one assignment. */
export class CurrentState {
  private state: ServedState = NOTHING_SERVED;
  private readonly listeners: ((serving: ServedManifest) => void)[] = [];
  private readonly watchers: (() => void)[] = [];

  get value(): ServedState {
    return this.state;
  }

  /** From now on this manifest is what agents get. */
  serve(serving: ServedManifest): void {
    this.change({ serving });
    for (const listener of this.listeners) listener(serving);
  }

  /** Has `listener` told of the manifest that is served now, and of each that is served from now on. */
  follow(listener: (serving: ServedManifest) => void): void {
    this.listeners.push(listener);
    if (this.state.serving !== undefined) listener(this.state.serving);
  }

  /** Has `watcher` told that something has changed, whatever it is. */
  watch(watcher: () => void): void {
    this.watchers.push(watcher);
  }

  /** How the last reconcile ended. What it could not say stays as it was. */
  record({
    outcome,
    lags = this.state.lags,
    promoters = this.state.promoters,
    sourceSeenAt = this.state.sourceSeenAt,
  }: ReportedReconcile): void {
    const { outcome: before, outcomeSince = outcome.at } = this.state;
    const since = before !== undefined && isSameOutcome(before, outcome) ? outcomeSince : outcome.at;
    this.change({ outcome, outcomeSince: since, lags, promoters, sourceSeenAt });
  }

  /** What the controller proposes to git, all of it. */
  recordProposals(proposals: readonly StandingProposal[]): void {
    this.change({ proposals });
  }

  /** What git holds back and demands, all of it. */
  recordLines({ holds, pins, minimums, security, stops }: StandingLines): void {
    this.change({ holds, pins, minimums, security, stops });
  }

  /** Hosted files that are not what was signed, as far as is known now. */
  recordDamage(damagedArtifacts: readonly DamagedArtifact[]): void {
    this.change({ damagedArtifacts });
  }

  private change(change: Partial<ServedState>): void {
    this.state = { ...this.state, ...change };
    for (const watcher of this.watchers) watcher();
  }
}
