import type { Overlay, PromotionKey } from "../desired/overlay.ts";
import type { RolloutRecord } from "../fleet/store/records.ts";

/** Who is told how rollouts go: the log, the metrics, who proposes to git. */
export interface RolloutReport {
  /** A rollout is in another state, or says so for the first time. */
  changed(record: RolloutRecord): void;
  /** Something is added to policy. */
  added(overlay: Overlay): void;
  /** A commit has ended what was added. */
  ended(overlay: Overlay, why: "moved-on" | "resumed", commit: string): void;
  /** How all that are under way stand, after each look. */
  standing(records: readonly RolloutRecord[]): void;
  /** It could not be looked at; it is tried again. @param promotion absent: none could */
  failed(error: unknown, promotion?: PromotionKey): void;
}
