import type { StandingProposal } from "../desired/proposal.ts";
import { NO_STANDING_LINES, type StandingLines } from "../desired/standing-lines.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { ChannelPromoter } from "../source/promotion-record.ts";
import type { ChannelLag } from "../state/channel-lag.ts";
import type { DamagedArtifact } from "./manifest/artifact-folder.ts";
import type { ServedManifest } from "./manifest/served-manifest.ts";

/** All that the server can see of the controller. What lines of git say is unknown, so nothing, until a reconcile has ended. */
export interface ServedState extends StandingLines {
  /** The last good manifest; absent before the first one. */
  readonly serving: ServedManifest | undefined;
  /** Channels of its state that are behind; unknown, so none, between a restart and the first reconcile. */
  readonly lags: readonly ChannelLag[];
  /** How the last reconcile ended; absent before the first one has. */
  readonly outcome: ReconcileOutcome | undefined;
  /** Since when reconciles end like that, seconds since 1970, as far as this process has seen them. */
  readonly outcomeSince: number | undefined;
  /** Who promoted what channels point to; nobody between a restart and the first reconcile. */
  readonly promoters: readonly ChannelPromoter[];
  /** When the source last answered, seconds since 1970; absent before it first has. */
  readonly sourceSeenAt: number | undefined;
  /** Hosted files that were found not to be what was signed, also of manifests before. */
  readonly damagedArtifacts: readonly DamagedArtifact[];
  /** What the controller proposes to git and nobody has merged. */
  readonly proposals: readonly StandingProposal[];
}

export const NOTHING_SERVED: ServedState = {
  serving: undefined,
  lags: [],
  outcome: undefined,
  outcomeSince: undefined,
  promoters: [],
  sourceSeenAt: undefined,
  damagedArtifacts: [],
  proposals: [],
  ...NO_STANDING_LINES,
};
