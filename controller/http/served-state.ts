import type { StandingProposal } from "../desired/proposal.ts";
import type { StandingHold } from "../desired/standing-hold.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { ChannelLag } from "../state/channel-lag.ts";
import type { DamagedArtifact } from "./manifest/artifact-folder.ts";
import type { ServedManifest } from "./manifest/served-manifest.ts";

/** All that the server can see of the controller. */
export interface ServedState {
  /** The last good manifest; absent before the first one. */
  readonly serving: ServedManifest | undefined;
  /** Channels of its state that are behind; unknown, so none, between a restart and the first reconcile. */
  readonly lags: readonly ChannelLag[];
  /** How the last reconcile ended; absent before the first one has. */
  readonly outcome: ReconcileOutcome | undefined;
  /** When the source last answered, seconds since 1970; absent before it first has. */
  readonly sourceSeenAt: number | undefined;
  /** Hosted files that were found not to be what was signed, also of manifests before. */
  readonly damagedArtifacts: readonly DamagedArtifact[];
  /** What the controller proposes to git and nobody has merged. */
  readonly proposals: readonly StandingProposal[];
  /** What git holds back; none between a restart and the first reconcile. */
  readonly holds: readonly StandingHold[];
}

export const NOTHING_SERVED: ServedState = {
  serving: undefined,
  lags: [],
  outcome: undefined,
  sourceSeenAt: undefined,
  damagedArtifacts: [],
  proposals: [],
  holds: [],
};
