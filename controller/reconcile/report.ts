import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { PublishedManifest } from "../publish/published-manifest.ts";
import type { ChannelPromoter } from "../source/promotion-record.ts";
import type { ChannelLag } from "../state/channel-lag.ts";
import type { ReconcileOutcome } from "./outcome.ts";
import type { Reconciled } from "./reconcile.ts";

/** Who is told what happened: the log, the metrics, the status. */
export interface ReconcileReport {
  outcome(reported: ReportedReconcile, seconds: number): void;
  resigned(signed: ReportedSigning): void;
  /** What devices' reports have brought about is published: a halt, or a wave. */
  overlaid(signed: ReportedSigning): void;
  overlayFailed(error: unknown): void;
  resignFailed(error: unknown): void;
  settleFailed(error: unknown): void;
}

/** How a reconcile ended, for those who are told: the manifest itself has gone to who serves it. */
export interface ReportedReconcile {
  readonly outcome: ReconcileOutcome;
  /** Of a manifest that is new: the products in it. */
  readonly products?: readonly string[];
  readonly lags?: readonly ChannelLag[];
  readonly promoters?: readonly ChannelPromoter[];
  /** When the source answered, seconds since 1970; absent when it did not. */
  readonly sourceSeenAt?: number;
  /** What was thrown, for the log. */
  readonly error?: unknown;
}

export type ReportedSigning = Pick<PublishedManifest, "version" | "expiresAt">;

/** Most findings that a report carries: one mistake in each of many thousand files would be too many to hand on at once. */
const MOST_FINDINGS = 1000;

export function reportOf({ manifest, outcome, ...rest }: Reconciled): ReportedReconcile {
  return {
    ...rest,
    outcome: withFewFindings(outcome),
    ...(manifest === undefined ? {} : { products: [...manifest.products.keys()] }),
  };
}

function withFewFindings(outcome: ReconcileOutcome): ReconcileOutcome {
  if (outcome.kind !== "published" && outcome.kind !== "refused") return outcome;
  const { diagnostics } = outcome;
  if (diagnostics.length <= MOST_FINDINGS) return outcome;
  // Of a refused commit the errors say why; of a served one there are only warnings.
  const counted = outcome.kind === "refused" ? diagnostics.filter(isError) : diagnostics;
  const kept = counted.slice(0, MOST_FINDINGS);
  return { ...outcome, diagnostics: kept, omitted: counted.length - kept.length };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
