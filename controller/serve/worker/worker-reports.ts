import type { Logger } from "pino";
import type { GateChecks } from "../../desired/gate-checks.ts";
import type { StandingProposal } from "../../desired/proposal.ts";
import type { StandingLines } from "../../desired/standing-lines.ts";
import type { ServedManifest } from "../../http/manifest/served-manifest.ts";
import type { Metrics } from "../../http/metrics.ts";
import { ProposalLog } from "../../propose/log-proposals.ts";
import { faultOf } from "../../reconcile/fault.ts";
import { ReconcileLog } from "../../reconcile/log-reconcile.ts";
import type { ReconcileOutcome } from "../../reconcile/outcome.ts";
import type { ReportedReconcile, ReportedSigning } from "../../reconcile/report.ts";
import type { CurrentState } from "../current-state.ts";
import type { FoundTenantKeys } from "../found-tenant-keys.ts";
import type { WorkerListener } from "./worker-host.ts";

/** Who is told. */
export interface ToldParts {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly current: CurrentState;
  readonly tenantKeys: Pick<FoundTenantKeys, "forget">;
  /** Told what is asked of running versions. */
  readonly onChecks?: (checks: GateChecks) => void;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** Hands on what the worker does to everybody who is told: what is served, the status, the metrics, the log. */
export class WorkerReports implements WorkerListener {
  private readonly parts: ToldParts;
  private readonly lines: ReconcileLog;
  private readonly proposalLines: ProposalLog;
  private readonly onOutcome: (outcome: ReconcileOutcome) => void;
  /** Version of the manifest that was told of last. */
  private version: number | undefined;

  constructor(parts: ToldParts, onOutcome: (outcome: ReconcileOutcome) => void) {
    this.parts = parts;
    this.lines = new ReconcileLog(parts.log);
    this.proposalLines = new ProposalLog(parts.log);
    this.onOutcome = onOutcome;
  }

  /** What an earlier run left is served. @param version of that manifest; `undefined`: it left none */
  restored(version: number | undefined): void {
    this.version = version;
    this.lines.restored(version);
  }

  manifest(served: ServedManifest): void {
    const { current, tenantKeys } = this.parts;
    // Its names decide which secret is the right one: that may have been put back a moment ago.
    tenantKeys.forget();
    current.serve(served);
  }

  outcome(reported: ReportedReconcile, seconds: number): void {
    const { current, metrics } = this.parts;
    const { outcome } = reported;
    current.record(reported);
    // A look that finds the commit of the last one, or a restart on it, makes no manifest.
    const isNew = outcome.kind === "published" && outcome.version !== this.version;
    metrics.recordReconcile(outcome, isNew, seconds);
    if (outcome.kind === "published") this.version = outcome.version;
    this.lines.outcome(reported, seconds);
    this.onOutcome(outcome);
  }

  resigned(signed: ReportedSigning): void {
    this.version = signed.version;
    this.lines.resigned(signed);
  }

  resignFailed(error: unknown): void {
    this.lines.resignFailed(error);
  }

  overlaid(signed: ReportedSigning): void {
    this.version = signed.version;
    this.lines.overlaid(signed);
  }

  overlayFailed(error: unknown): void {
    this.lines.overlayFailed(error);
  }

  settleFailed(error: unknown): void {
    this.lines.settleFailed(error);
  }

  checks(checks: GateChecks): void {
    this.parts.onChecks?.(checks);
  }

  proposals(standing: readonly StandingProposal[]): void {
    this.parts.current.recordProposals(standing);
    this.proposalLines.standing(standing);
  }

  standing(standing: StandingLines): void {
    this.parts.current.recordLines(standing);
  }

  storeDamaged(error: Error): void {
    const { code } = faultOf(error).cause;
    this.parts.log.error({ event: "store.damaged", code }, error.message);
  }

  died(error: Error): void {
    const { log, now } = this.parts;
    const { cause } = faultOf(error);
    const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
    log.error({ event: "worker.died", ...cause, stack }, error.message);
    this.outcome({ outcome: { kind: "waiting", cause, at: now() }, error }, 0);
  }
}
