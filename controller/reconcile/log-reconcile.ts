import type { Logger } from "pino";
import { faultOf } from "./fault.ts";
import { describeOutcome, type ReconcileOutcome } from "./outcome.ts";
import type { ReportedReconcile, ReportedSigning } from "./report.ts";

/** The name of the event, for alerts and searches. */
function eventOf(outcome: ReconcileOutcome): string {
  switch (outcome.kind) {
    case "published":
      return "manifest.published";
    case "refused":
      return "commit.refused";
    case "held":
      return "commit.held";
    case "waiting": {
      const { code } = outcome.cause;
      return code === "source/repository-unreachable" || code === "source/timeout"
        ? "source.unreachable"
        : "reconcile.waiting";
    }
    case "stalled":
      return "reconcile.stalled";
  }
}

/** Writes what a person cares about, once: an outcome that is the same as the last one is not written again. */
export class ReconcileLog {
  private readonly log: Logger;
  private last = "";
  private lastEvent = "";
  private servedVersion: number | undefined;

  constructor(log: Logger) {
    this.log = log;
  }

  /** What an earlier run left is served. @param version of that manifest */
  restored(version: number | undefined): void {
    this.servedVersion = version;
  }

  outcome({ outcome, products, error }: ReportedReconcile, seconds: number): void {
    const said = describeOutcome(outcome);
    const isNews = said !== this.last;
    this.last = said;
    const event = this.recovery(outcome) ?? eventOf(outcome);
    this.lastEvent = event;
    const milliseconds = Math.round(seconds * 1000);
    switch (outcome.kind) {
      case "published":
        this.servedVersion = outcome.version;
        if (!isNews) return;
        this.log.info(
          {
            event,
            commit: outcome.commit,
            version: outcome.version,
            ...(products === undefined ? {} : { products, milliseconds }),
            warnings: outcome.diagnostics.length + (outcome.omitted ?? 0),
            acknowledged: outcome.acknowledged,
          },
          said,
        );
        return;
      case "refused": {
        const diagnostics = outcome.diagnostics
          .filter(({ severity }) => severity === "error")
          .slice(0, 20)
          .map(({ rule, file, span, message, help }) => ({ rule, file, line: span?.line, message, help }));
        if (isNews) this.log.error({ event, commit: outcome.commit, diagnostics }, said);
        return;
      }
      case "held":
        if (isNews) this.log.error({ event, commit: outcome.commit, ...outcome.hold }, said);
        return;
      case "waiting":
        if (isNews) this.log.warn({ event, ...outcome.cause }, said);
        return;
      case "stalled": {
        const { cause } = outcome;
        const stack = cause.code === "internal/defect" && error instanceof Error ? error.stack : undefined;
        if (isNews) this.log.error({ event, ...cause, stack }, said);
        return;
      }
    }
  }

  /** The event where all that changed is that it goes well again: the manifest is the one that was served before. */
  private recovery(outcome: ReconcileOutcome): string | undefined {
    if (outcome.kind !== "published" || outcome.version !== this.servedVersion) return undefined;
    switch (this.lastEvent) {
      case "source.unreachable":
        return "source.recovered";
      case "reconcile.waiting":
        return "reconcile.recovered";
      default:
        return undefined;
    }
  }

  resigned({ version, expiresAt }: ReportedSigning): void {
    this.servedVersion = version;
    this.log.info({ event: "timestamp.resigned", version, expiresAt }, `timestamp signed as ${version}`);
  }

  overlaid({ version, expiresAt }: ReportedSigning): void {
    this.servedVersion = version;
    this.log.info(
      { event: "overlay.published", version, expiresAt },
      `what devices reported has changed policy: it is served as version ${version}`,
    );
  }

  overlayFailed(error: unknown): void {
    const { cause } = faultOf(error);
    this.log.error({ event: "overlay.publish-failed", ...cause }, `${cause.message}; it is tried again`);
  }

  settleFailed(error: unknown): void {
    const { cause } = faultOf(error);
    this.log.error({ event: "acceptance.not-kept", ...cause }, cause.message);
  }

  resignFailed(error: unknown): void {
    const { cause } = faultOf(error);
    this.log.error({ event: "timestamp.resign-failed", ...cause }, cause.message);
  }
}
