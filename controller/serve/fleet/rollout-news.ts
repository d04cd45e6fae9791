import type { Overlay, PromotionKey } from "../../desired/overlay.ts";
import type { FleetEvent } from "../../fleet/fleet-event.ts";
import type { RolloutRecord } from "../../fleet/store/records.ts";
import type { RolloutReport } from "../../rollout/rollout-report.ts";
import { type SentError, sendError } from "../sent-error.ts";

/** What the fleet's thread says of rollouts, as plain data. */
export type RolloutNews =
  | { readonly kind: "changed"; readonly record: RolloutRecord }
  | { readonly kind: "added"; readonly overlay: Overlay }
  | {
      readonly kind: "ended";
      readonly overlay: Overlay;
      readonly why: "moved-on" | "resumed";
      readonly commit: string;
    }
  | { readonly kind: "failed"; readonly error: SentError; readonly promotion?: PromotionKey }
  /** A look went well after one that had not. */
  | { readonly kind: "recovered" };

/** Tells the serving thread how rollouts go: for the log, and for whoever watches. */
export class RolloutNewsReport implements RolloutReport {
  private readonly tell: (news: RolloutNews) => void;
  private readonly onEvent: (event: FleetEvent) => void;
  private hasFailed = false;
  private wasFailing = false;

  constructor(tell: (news: RolloutNews) => void, onEvent: (event: FleetEvent) => void) {
    this.tell = tell;
    this.onEvent = onEvent;
  }

  changed(record: RolloutRecord): void {
    this.tell({ kind: "changed", record });
    const { product, channel, version, state } = record;
    this.onEvent({ kind: "rollout", product, channel, version, state });
  }

  added(overlay: Overlay): void {
    this.tell({ kind: "added", overlay });
  }

  ended(overlay: Overlay, why: "moved-on" | "resumed", commit: string): void {
    this.tell({ kind: "ended", overlay, why, commit });
  }

  standing(): void {
    if (this.wasFailing && !this.hasFailed) this.tell({ kind: "recovered" });
    this.wasFailing = this.hasFailed;
    this.hasFailed = false;
  }

  failed(error: unknown, promotion?: PromotionKey): void {
    this.hasFailed = true;
    this.tell({ kind: "failed", error: sendError(error), ...(promotion === undefined ? {} : { promotion }) });
  }
}
