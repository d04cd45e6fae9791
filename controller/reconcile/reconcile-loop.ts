import { setTimeout as sleep } from "node:timers/promises";
import type { PublishedManifest } from "../publish/published-manifest.ts";
import { SourceError } from "../source/source-error.ts";
import { faultOf } from "./fault.ts";
import type { PublishedOutcome, ReconcileOutcome } from "./outcome.ts";
import { type Reconciled, type ReconcileParts, reconcile } from "./reconcile.ts";
import { type ReconcileReport, reportOf } from "./report.ts";

/** Seconds between two looks at whether the timestamp is due to be signed again. */
const RESIGN_CHECK_SECONDS = 60;
/** First and longest wait before a source that failed is asked again, seconds. */
const RETRY_SECONDS = { first: 1, longest: 60 } as const;

export interface ReconcileLoopParts extends ReconcileParts {
  /** Signs the timestamp of the served manifest anew where that is due. */
  readonly resign: (served: PublishedManifest, now: number) => Promise<PublishedManifest | undefined>;
  /** Makes a manifest what is served; it must do so in one step. */
  readonly serve: (manifest: PublishedManifest) => Promise<void>;
  /** Keeps what may be accepted, and ends what was (`settleAcceptance`). */
  readonly settle: (outcome: ReconcileOutcome) => void;
  /** Puts what the source keeps in order, which may take minutes. */
  readonly tidy: () => Promise<void>;
  readonly report: ReconcileReport;
}

/**
 * Runs reconciles one after the other: however many triggers arrive while one runs, they cause one more run afterwards.
 * It tries again by itself after a failure that may heal, and keeps the timestamp fresh.
 */
export class ReconcileLoop {
  private readonly parts: ReconcileLoopParts;
  private served: PublishedManifest | undefined;
  /** Warnings of the commit that is served, kept because a look that finds nothing new does not check it again. */
  private warnings: Pick<PublishedOutcome, "diagnostics" | "acknowledged"> = {
    diagnostics: [],
    acknowledged: 0,
  };
  private again = true;
  private due: "no" | "reconcile" | "resign" = "no";
  private running: Promise<void> | undefined;
  private failures = 0;
  private retry: NodeJS.Timeout | undefined;
  private resign: NodeJS.Timeout | undefined;
  private stopped = false;

  /** @param served the last good manifest of an earlier run, which is being served already */
  constructor(parts: ReconcileLoopParts, served: PublishedManifest | undefined) {
    this.parts = parts;
    this.served = served;
  }

  /** The first reconcile, and the clock for the timestamp. */
  start(): void {
    this.resign = setInterval(() => this.want("resign"), RESIGN_CHECK_SECONDS * 1000);
    this.trigger();
  }

  /** Something may have changed. Returns at once. */
  trigger(): void {
    this.want("reconcile");
  }

  /** Ends after the run under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    clearInterval(this.resign);
    await this.running;
  }

  private want(what: "reconcile" | "resign"): void {
    if (this.stopped) return;
    if (this.due !== "reconcile") this.due = what;
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
    });
  }

  private async drain(): Promise<void> {
    while (this.due !== "no" && !this.stopped) {
      const due = this.due;
      this.due = "no";
      if (due === "reconcile") await this.reconcile();
      await this.keepFresh();
      if (due === "reconcile") await this.tidy();
      await sleep(0);
    }
  }

  private async reconcile(): Promise<void> {
    clearTimeout(this.retry);
    const started = performance.now();
    let result = await reconcile(this.parts, this.served, this.again);
    if (result.manifest !== undefined) result = await this.serve(result, result.manifest);
    result = this.withWarnings(result);
    // Stopping closes the source during a run; the failure that this causes is not reported.
    if (this.stopped && result.manifest === undefined) return;
    this.settle(result.outcome);
    this.parts.report.outcome(reportOf(result), (performance.now() - started) / 1000);
    if (result.outcome.kind !== "waiting") this.again = false;
    this.scheduleRetry(result.outcome);
  }

  /** What cannot be written down is no reason to serve anything else; an acceptance that stays has lapsed all the same. */
  private settle(outcome: ReconcileOutcome): void {
    try {
      this.parts.settle(outcome);
    } catch (error) {
      this.parts.report.settleFailed(error);
    }
  }

  /** After what was found is served: only the next look waits. What fails here, that look meets again and tells. */
  private async tidy(): Promise<void> {
    if (this.stopped) return;
    try {
      await this.parts.tidy();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
  }

  private withWarnings(result: Reconciled): Reconciled {
    const { outcome, manifest } = result;
    if (outcome.kind !== "published") return result;
    if (manifest !== undefined) {
      const { diagnostics, acknowledged } = outcome;
      this.warnings = { diagnostics, acknowledged };
    }
    return { ...result, outcome: { ...outcome, ...this.warnings } };
  }

  private async serve(result: Reconciled, manifest: PublishedManifest): Promise<Reconciled> {
    try {
      await this.parts.serve(manifest);
      this.served = manifest;
      return result;
    } catch (error) {
      const { sourceSeenAt } = result;
      const failure = { outcome: { ...faultOf(error), at: this.parts.now() }, error };
      return sourceSeenAt === undefined ? failure : { ...failure, sourceSeenAt };
    }
  }

  private scheduleRetry({ kind }: ReconcileOutcome): void {
    if (kind !== "waiting") {
      this.failures = 0;
      return;
    }
    const seconds = Math.min(RETRY_SECONDS.longest, RETRY_SECONDS.first * 2 ** this.failures);
    this.failures++;
    this.retry = setTimeout(() => this.trigger(), seconds * 1000);
  }

  private async keepFresh(): Promise<void> {
    if (this.served === undefined) return;
    try {
      const manifest = await this.parts.resign(this.served, this.parts.now());
      if (manifest === undefined) return;
      await this.parts.serve(manifest);
      this.served = manifest;
      this.parts.report.resigned(manifest);
    } catch (error) {
      this.parts.report.resignFailed(error);
    }
  }
}
