import type { Promotion } from "../../protocol/policy.ts";

/** A change of a channel's `version` on the first-parent line, with who made it. */
export interface PromotionRecord extends Promotion {
  /** `Name <mail>` of the commit's author. */
  readonly author: string;
  /** First line of the commit message. */
  readonly subject: string;
}

/**
 * What each channel pointed to, newest first; the first entry is what the commit itself says. Keys are
 * `<product>/<channel>`. A channel that was deleted and came back starts anew.
 */
export type ChannelHistories = ReadonlyMap<string, readonly PromotionRecord[]>;
