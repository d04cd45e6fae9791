import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
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

/** Who made a channel point to what it points to now. */
export interface ChannelPromoter extends Pick<PromotionRecord, "commit" | "author" | "subject" | "at"> {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
}

/** The newest of each channel. */
export function promotersOf(histories: ChannelHistories): readonly ChannelPromoter[] {
  return promoters.of(histories, () =>
    [...histories].flatMap(([name, [newest]]) => {
      const [product = "", channel = ""] = name.split("/");
      if (newest === undefined) return [];
      const { version, commit, author, subject, at } = newest;
      return [{ product, channel, version, commit, author, subject, at }];
    }),
  );
}

/** Most commits promote nothing. */
const promoters = new KeptByIdentity<ChannelHistories, readonly ChannelPromoter[]>();
