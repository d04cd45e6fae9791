import type { Halt, Pause } from "../../../protocol/policy.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { describeOutcome, type ReconcileOutcome } from "../../reconcile/outcome.ts";
import { type ChannelLag, isStale } from "../../state/channel-lag.ts";
import type { ServedManifest } from "../manifest/served-manifest.ts";
import type { ServedState } from "../served-state.ts";

/**
 * What `/api/v1/status` answers and `fairlead status` prints. Times are seconds since 1970. What is said of the
 * manifest is absent until one is served.
 */
export interface StatusReport extends Partial<ServingReport> {
  /** A manifest is served. */
  readonly ready: boolean;
  /** Something needs a look: the last commit is not what is served, or the manifest has expired. */
  readonly degraded: boolean;
  /** Why it is degraded or not ready. */
  readonly reason?: string;
  /** When the source last answered. */
  readonly sourceSeenAt?: number;
  readonly outcome?: ReconcileOutcomeReport;
}

export interface ServingReport {
  /** The commit that the manifest comes from. */
  readonly commit: string;
  /** Version of the timestamp role. */
  readonly version: number;
  readonly signedAt: number;
  readonly expiresAt: number;
  /** `expires` of each role. */
  readonly expiries: Readonly<Record<string, number>>;
  readonly products: readonly ProductReport[];
  /** How many tenants there are. Their names are not shown: tenants need not know of each other. */
  readonly tenants: number;
}

export interface ProductReport {
  readonly name: string;
  readonly paused?: Pause;
  readonly releases: number;
  readonly yanked: readonly string[];
  readonly channels: readonly ChannelReport[];
}

export interface ChannelReport {
  readonly name: string;
  /** What it points to. */
  readonly version: string;
  /** What it offers: an earlier version where that is yanked; absent when nothing is left. */
  readonly offers?: string;
  readonly since: number;
  readonly commit: string;
  readonly paused?: Pause;
  readonly halted?: Halt;
  /** It is behind for longer than its `staleAfter`. */
  readonly stale?: StaleReport;
}

export interface StaleReport {
  /** The newer version that waits. */
  readonly waiting: string;
  /** The channel that it follows, where it follows one. */
  readonly from?: string;
  readonly since: number;
}

export interface ReconcileOutcomeReport {
  readonly kind: ReconcileOutcome["kind"];
  readonly at: number;
  readonly message: string;
  readonly commit?: string;
  readonly help?: string;
  /** Those of a refused commit, or the warnings of the one that is served. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Most diagnostics of one commit that go into the report. */
const MAX_DIAGNOSTICS = 100;

/** Sums up the controller for people, at `now` (seconds since 1970). */
export function statusReport(
  { serving, lags, outcome, sourceSeenAt }: ServedState,
  now: number,
): StatusReport {
  const reason = reasonOfTrouble(serving, outcome, now);
  return {
    ready: serving !== undefined,
    degraded: reason !== undefined,
    ...(reason === undefined ? {} : { reason }),
    ...(sourceSeenAt === undefined ? {} : { sourceSeenAt }),
    ...(serving === undefined ? {} : servingReport(serving, staleChannels(lags, now))),
    ...(outcome === undefined ? {} : { outcome: reportOutcome(outcome) }),
  };
}

function reasonOfTrouble(
  serving: ServedManifest | undefined,
  outcome: ReconcileOutcome | undefined,
  now: number,
): string | undefined {
  if (outcome !== undefined && outcome.kind !== "published") return describeOutcome(outcome);
  if (serving === undefined) return "no commit has been published yet";
  const expired = [...serving.expiries].filter(([, expires]) => expires <= now).map(([role]) => role);
  return expired.length === 0 ? undefined : `expired: ${expired.join(", ")}`;
}

/** By `<product>/<channel>`. */
function staleChannels(lags: readonly ChannelLag[], now: number): ReadonlyMap<string, StaleReport> {
  return new Map(
    lags
      .filter((lag) => isStale(lag, now))
      .map(({ product, channel, waiting, from, since }) => [
        `${product}/${channel}`,
        { waiting, ...(from === undefined ? {} : { from }), since },
      ]),
  );
}

function servingReport(
  { manifest, expiries }: ServedManifest,
  staleOnes: ReadonlyMap<string, StaleReport>,
): ServingReport {
  const { commit, version, signedAt, expiresAt, products, tenants } = manifest;
  return {
    commit,
    version,
    signedAt,
    expiresAt,
    expiries: Object.fromEntries(expiries),
    products: [...products].map(([name, { policy, summary }]) => ({
      name,
      ...(policy.paused === undefined ? {} : { paused: policy.paused }),
      releases: summary.releases,
      yanked: policy.yanked,
      channels: Object.entries(policy.channels).map(([channel, said]) => {
        const offers = Object.hasOwn(summary.offers, channel) ? summary.offers[channel] : undefined;
        const stale = staleOnes.get(`${name}/${channel}`);
        return {
          name: channel,
          version: said.current.version,
          ...(offers === undefined ? {} : { offers }),
          since: said.current.at,
          commit: said.current.commit,
          ...(said.paused === undefined ? {} : { paused: said.paused }),
          ...(said.halted === undefined ? {} : { halted: said.halted }),
          ...(stale === undefined ? {} : { stale }),
        };
      }),
    })),
    tenants: tenants.size,
  };
}

function reportOutcome(outcome: ReconcileOutcome): ReconcileOutcomeReport {
  const { kind, at } = outcome;
  const message = describeOutcome(outcome);
  switch (outcome.kind) {
    case "published":
    case "refused": {
      const { commit, diagnostics } = outcome;
      return { kind, at, message, commit, diagnostics: diagnostics.slice(0, MAX_DIAGNOSTICS) };
    }
    case "held":
      return { kind, at, message, commit: outcome.commit, diagnostics: [] };
    case "waiting":
    case "stalled": {
      const { help } = outcome.cause;
      return { kind, at, message, ...(help === undefined ? {} : { help }), diagnostics: [] };
    }
  }
}
