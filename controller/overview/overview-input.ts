import type { ProductPolicy } from "../../protocol/policy.ts";
import type { Release } from "../../protocol/release.ts";
import type { StandingProposal } from "../desired/proposal.ts";
import type { OfferedSecurity, StandingLines, StandingStop } from "../desired/standing-lines.ts";
import type { FleetSummary, TenantScope } from "../fleet/store/fleet-store.ts";
import type { SignatureRecord } from "../fleet/store/records.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { ChannelPromoter } from "../source/promotion-record.ts";
import type { ChannelLag } from "../state/channel-lag.ts";

/** All that the overview is made of. Times are seconds since 1970. */
export interface OverviewInput {
  readonly now: number;
  /** Whose machines are counted and named; `null`: all, and only then what is said of the controller as a whole. */
  readonly tenants: TenantScope;
  /** Absent: nothing is served yet. */
  readonly serving: ServedPicture | undefined;
  readonly controller: ControllerPicture;
  readonly fleet: FleetSummary;
  /** Versions below a minimum from which no way leads on. */
  readonly stranded: readonly StrandedVersion[];
  /** Machines that something keeps below a security release, by what does. */
  readonly heldSecurity: readonly HeldSecurity[];
  /** The most frequent failure of each halted version. */
  readonly causes: readonly SignatureRecord[];
}

/** What the manifest says. */
export interface ServedPicture {
  readonly commit: string;
  readonly signedAt: number;
  /** `expires` of each role. */
  readonly expiries: ReadonlyMap<string, number>;
  readonly products: ReadonlyMap<string, ServedProductPicture>;
}

export interface ServedProductPicture {
  readonly policy: ProductPolicy;
  findRelease(version: string): Release | undefined;
  readonly summary: {
    /** What each channel offers; channels with nothing left are missing. */
    readonly offers: Readonly<Record<string, string>>;
  };
}

/** How the controller itself is. */
export interface ControllerPicture extends StandingLines {
  readonly outcome: ReconcileOutcome | undefined;
  readonly outcomeSince: number | undefined;
  readonly sourceSeenAt: number | undefined;
  readonly lags: readonly ChannelLag[];
  readonly promoters: readonly ChannelPromoter[];
  readonly damagedArtifacts: readonly {
    readonly target: string;
    readonly path: string;
    readonly problem: string;
  }[];
  readonly proposals: readonly StandingProposal[];
}

/** A security release, and how many machines lack it while something holds them back. */
export interface HeldSecurity extends OfferedSecurity {
  readonly stop: StandingStop;
  /** Since when the channel offers it. */
  readonly since: number;
  readonly devices: number;
}

export interface StrandedVersion {
  readonly product: string;
  readonly channel: string | null;
  readonly version: string;
  readonly devices: number;
}
