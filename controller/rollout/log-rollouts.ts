import type { Logger } from "pino";
import { DomainError } from "../../protocol/domain-error.ts";
import { type Overlay, type PromotionKey, promotionName } from "../desired/overlay.ts";
import type { RolloutRecord } from "../fleet/store/records.ts";
import type { RolloutReport } from "./rollout-report.ts";

/** Writes what a person cares about. The same failure is written once, until something goes well again. */
export class RolloutLog implements Omit<RolloutReport, "standing"> {
  private readonly log: Logger;
  private lastFailure = "";

  constructor(log: Logger) {
    this.log = log;
  }

  changed(record: RolloutRecord): void {
    const { state, reason } = record;
    const rollout = promotionName(record);
    const fields = { event: `rollout.${state}`, rollout };
    if (state === "halted" || state === "held") this.log.warn(fields, `${rollout} is ${state}: ${reason}`);
    else this.log.info(fields, `${rollout} is ${state}: ${reason}`);
  }

  added(overlay: Overlay): void {
    const rollout = promotionName(overlay);
    switch (overlay.kind) {
      case "halt":
        this.log.error(
          { event: "overlay.halt", rollout, at: overlay.at },
          `the gate halts ${rollout}: ${overlay.reason}`,
        );
        return;
      case "opened":
        this.log.info(
          { event: "overlay.opened", rollout, waves: overlay.waves },
          `wave ${overlay.waves} of ${rollout} opens: the ones before are proven`,
        );
        return;
    }
  }

  ended(overlay: Overlay, why: "moved-on" | "resumed", commit: string): void {
    const rollout = promotionName(overlay);
    const what = overlay.kind === "halt" ? "the halt" : "what health had opened";
    const by = why === "resumed" ? "somebody has resumed it" : "the channel has moved on";
    this.log.info({ event: "overlay.ended", rollout, commit, why }, `${what} of ${rollout} has ended: ${by}`);
  }

  failed(error: unknown, promotion?: PromotionKey): void {
    const rollout = promotion === undefined ? undefined : promotionName(promotion);
    const code = error instanceof DomainError ? error.code : "internal/defect";
    const message = error instanceof Error ? error.message : String(error);
    const said = `${code} ${message}`;
    if (said === this.lastFailure) return;
    this.lastFailure = said;
    const stack = code === "internal/defect" && error instanceof Error ? error.stack : undefined;
    const of = rollout === undefined ? "rollouts" : rollout;
    this.log.error(
      { event: "rollout.failed", rollout, code, stack },
      `${of} cannot be looked at: ${message}`,
    );
  }

  /** A look went well: the next failure is news. */
  recovered(): void {
    this.lastFailure = "";
  }
}
