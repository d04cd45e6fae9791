import type { Halt, Pause } from "../../../protocol/policy.ts";
import type { DeadEnd } from "../../../protocol/release.ts";
import { own } from "../../../protocol/scope.ts";
import type { StandingProposal } from "../../desired/proposal.ts";
import type { StandingHold } from "../../desired/standing-hold.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { describeOutcome, type ReconcileOutcome } from "../../reconcile/outcome.ts";
import { type ChannelLag, isStale } from "../../state/channel-lag.ts";
import type { DamagedArtifact } from "../manifest/artifact-folder.ts";
import type { ServedManifest } from "../manifest/served-manifest.ts";
import type { ServedState } from "../served-state.ts";
import type { FormerNameReport } from "./former-names.ts";
import {
  countMistakes,
  damagedArtifacts,
  describeTrouble,
  describeTroubleInPublic,
  type Trouble,
  troubleOf,
} from "./trouble.ts";

/** What anybody may know: a commit and a count. Times are seconds since 1970. */
export interface PublicStatus {
  /** A manifest is served. */
  readonly ready: boolean;
  /** Something needs a look: the last commit is not what is served, the manifest has expired, a file is damaged. */
  readonly degraded: boolean;
  /** Why it is degraded or not ready. */
  readonly reason?: string;
  /** When the source last answered. */
  readonly sourceSeenAt?: number;
  /** How many mistakes the last commit was refused for. */
  readonly mistakes?: number;
  /** The commit that the manifest comes from; absent until one is served. */
  readonly commit?: string;
}

/**
 * What `/api/v1/status` answers operators and `fairlead status` prints. What is said of the manifest is absent until one
 * is served, and to whoever shows no token.
 */
export interface StatusReport extends PublicStatus, Partial<Omit<ServingReport, "commit">> {
  readonly outcome?: ReconcileOutcomeReport;
  /** Hosted files that are not what was signed, as far as they were asked for. */
  readonly damagedArtifacts?: readonly DamagedArtifact[];
  /** What the controller proposes to git on branches, and nobody has merged. */
  readonly proposals?: readonly StandingProposal[];
  /** What git holds back, and by which commits; the widest scopes first, and at most a hundred. */
  readonly holds?: readonly StandingHold[];
  /** Names that tenants had before and answer to, with how many use them; at most a hundred. */
  readonly formerNames?: readonly FormerNameReport[];
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
  /** What it offers: an earlier version where that is yanked or a dead end; absent when nothing is left. */
  readonly offers?: string;
  /** No machine is sent to what it points to, and those there stay. */
  readonly deadEnd?: DeadEnd;
  /** Platforms for which alone what it points to is yanked: their machines are offered something else. */
  readonly yankedFor?: readonly string[];
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
  /** How many more warnings the served state acknowledges; `fairlead validate --show-acknowledged` lists them. */
  readonly acknowledged?: number;
}

/** Most diagnostics of one commit that go into the report. */
const MAX_DIAGNOSTICS = 100;

/** Most damaged artifacts that go into the report. */
const MAX_DAMAGED = 100;

/** Most proposals that go into the report. */
const MAX_PROPOSALS = 100;

/**
 * Sums up the controller for operators.
 *
 * @param now    seconds since 1970
 * @param former names that tenants had before
 */
export function statusReport(
  state: ServedState,
  now: number,
  former: readonly FormerNameReport[] = [],
): StatusReport {
  const { serving, lags, outcome, proposals, holds } = state;
  const damaged = damagedArtifacts(state).slice(0, MAX_DAMAGED);
  return {
    ...summary(state, now, describeTrouble),
    ...(serving === undefined ? {} : servingReport(serving, staleChannels(lags, now))),
    ...(outcome === undefined ? {} : { outcome: reportOutcome(outcome) }),
    ...(damaged.length === 0 ? {} : { damagedArtifacts: damaged }),
    ...(proposals.length === 0 ? {} : { proposals: proposals.slice(0, MAX_PROPOSALS) }),
    ...(holds.length === 0 ? {} : { holds }),
    ...(former.length === 0 ? {} : { formerNames: former }),
  };
}

/** Sums up the controller for anybody. */
export function publicStatus(state: ServedState, now: number): PublicStatus {
  return summary(state, now, describeTroubleInPublic);
}

function summary(state: ServedState, now: number, describe: (trouble: Trouble) => string): PublicStatus {
  const { serving, outcome, sourceSeenAt } = state;
  const trouble = troubleOf(state, now);
  const mistakes = countMistakes(outcome);
  return {
    ready: serving !== undefined,
    degraded: trouble !== undefined,
    ...(trouble === undefined ? {} : { reason: describe(trouble) }),
    ...(sourceSeenAt === undefined ? {} : { sourceSeenAt }),
    ...(mistakes === undefined ? {} : { mistakes }),
    ...(serving === undefined ? {} : { commit: serving.manifest.commit }),
  };
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
        const offers = own(summary.offers, channel);
        const deadEnd = own(summary.deadEnds, channel);
        const yankedFor = own(policy.yankedFor, said.current.version);
        const stale = staleOnes.get(`${name}/${channel}`);
        return {
          name: channel,
          version: said.current.version,
          ...(offers === undefined ? {} : { offers }),
          ...(deadEnd === undefined ? {} : { deadEnd }),
          ...(yankedFor === undefined ? {} : { yankedFor }),
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
    case "published": {
      const { commit, diagnostics, acknowledged } = outcome;
      const shown = diagnostics.slice(0, MAX_DIAGNOSTICS);
      return { kind, at, message, commit, diagnostics: shown, acknowledged };
    }
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
