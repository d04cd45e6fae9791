import { setTimeout as sleep } from "node:timers/promises";
import type { Overlay } from "../desired/overlay.ts";
import type { PublishedManifest } from "../publish/published-manifest.ts";
import type { ChannelPromoter } from "../source/promotion-record.ts";
import { SourceError } from "../source/source-error.ts";
import type { PublishedOutcome, ReconcileOutcome } from "./outcome.ts";
import { type Reconciled, type ReconcileParts, reconcile } from "./reconcile.ts";
import { type ReconcileReport, type ReportedReconcile, reportOf } from "./report.ts";

/** Seconds between two looks at whether the timestamp is due to be signed again. */
const RESIGN_CHECK_SECONDS = 60;
/** First and longest wait before a source that failed is asked again, seconds. */
const RETRY_SECONDS = { first: 1, longest: 60 } as const;

export interface ReconcileLoopParts extends ReconcileParts {
  /** Signs the timestamp of the served manifest anew where that is due. */
  readonly resign: (served: PublishedManifest, now: number) => Promise<PublishedManifest | undefined>;
  /** Takes what is to be added to policy besides what git says (`controller/desired/overlay.ts`). */
  readonly takeOverlays: (overlays: readonly Overlay[]) => void;
  /** Publishes what is served again where overlays change it. */
  readonly publishOverlays: (now: number) => Promise<PublishedManifest | undefined>;
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
 *
 * A halt does not wait for a reconcile under way, which may hang on a git server for minutes: only publishing, and making
 * a manifest what is served, are one after the other.
 */
export class ReconcileLoop {
  private readonly parts: ReconcileLoopParts;
  private served: PublishedManifest | undefined;
  /** Warnings of the commit that is served, kept because a look that finds nothing new does not check it again. */
  private warnings: Pick<PublishedOutcome, "diagnostics" | "acknowledged"> = {
    diagnostics: [],
    acknowledged: 0,
  };
  /** As they were told last. */
  private promoters: readonly ChannelPromoter[] | undefined;
  private again = true;
  private due: "no" | "reconcile" | "resign" = "no";
  private running: Promise<void> | undefined;
  private failures = 0;
  private retry: NodeJS.Timeout | undefined;
  private resign: NodeJS.Timeout | undefined;
  /** Ends with the last of what publishes. */
  private publishing: Promise<unknown> = Promise.resolve();
  private overlayFailures = 0;
  private overlayRetry: NodeJS.Timeout | undefined;
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

  /** What is to be added to policy has changed: it is published at once, with no look at the source. */
  takeOverlays(overlays: readonly Overlay[]): void {
    this.parts.takeOverlays(overlays);
    void this.addOverlays();
  }

  /** Ends after the run under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    clearTimeout(this.overlayRetry);
    clearInterval(this.resign);
    await this.running;
    await this.publishing;
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
    const { parts } = this;
    const publish: ReconcileParts["publish"] = (model, policies, now, removed) =>
      this.inTurn(async () => {
        const manifest = await parts.publish(model, policies, now, removed);
        await this.serve(manifest);
        return manifest;
      });
    const result = this.withWarnings(await reconcile({ ...parts, publish }, this.served, this.again));
    // Stopping closes the source during a run; the failure that this causes is not reported.
    if (this.stopped && result.manifest === undefined) return;
    this.settle(result.outcome);
    this.parts.report.outcome(this.newsOf(result), (performance.now() - started) / 1000);
    if (result.outcome.kind !== "waiting") this.again = false;
    this.scheduleRetry(result.outcome);
  }

  /** What is told of a run. Who promoted is told when that has changed: it is said of every channel, to another thread. */
  private newsOf(result: Reconciled): ReportedReconcile {
    const { promoters, ...rest } = reportOf(result);
    if (promoters === undefined || promoters === this.promoters) return rest;
    this.promoters = promoters;
    return { promoters, ...rest };
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
    // While the source was asked, overlays may have been published over what was served then.
    const version = manifest === undefined ? this.served?.version : undefined;
    return { ...result, outcome: { ...outcome, version: version ?? outcome.version, ...this.warnings } };
  }

  /** Runs what publishes and serves when all that began before has ended, so that nothing older is ever served last. */
  private inTurn<T>(publish: () => Promise<T>): Promise<T> {
    const turn = this.publishing.then(publish);
    this.publishing = turn.catch(() => undefined);
    return turn;
  }

  private async serve(manifest: PublishedManifest): Promise<void> {
    await this.parts.serve(manifest);
    this.served = manifest;
  }

  private async addOverlays(): Promise<void> {
    clearTimeout(this.overlayRetry);
    if (this.stopped) return;
    try {
      const manifest = await this.inTurn(async () => {
        const published = await this.parts.publishOverlays(this.parts.now());
        if (published !== undefined) await this.serve(published);
        return published;
      });
      this.overlayFailures = 0;
      if (manifest !== undefined) this.parts.report.overlaid(manifest);
    } catch (error) {
      this.parts.report.overlayFailed(error);
      const seconds = retrySeconds(this.overlayFailures++);
      if (!this.stopped) this.overlayRetry = setTimeout(() => void this.addOverlays(), seconds * 1000);
    }
  }

  private scheduleRetry({ kind }: ReconcileOutcome): void {
    if (kind !== "waiting") {
      this.failures = 0;
      return;
    }
    const seconds = retrySeconds(this.failures++);
    this.retry = setTimeout(() => this.trigger(), seconds * 1000);
  }

  private async keepFresh(): Promise<void> {
    try {
      const manifest = await this.inTurn(async () => {
        if (this.served === undefined) return undefined;
        const signed = await this.parts.resign(this.served, this.parts.now());
        if (signed !== undefined) await this.serve(signed);
        return signed;
      });
      if (manifest !== undefined) this.parts.report.resigned(manifest);
    } catch (error) {
      this.parts.report.resignFailed(error);
    }
  }
}

function retrySeconds(failures: number): number {
  return Math.min(RETRY_SECONDS.longest, RETRY_SECONDS.first * 2 ** failures);
}
