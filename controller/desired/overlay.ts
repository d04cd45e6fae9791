/**
 * What the controller adds to a channel's policy by itself. An overlay only holds back, or opens what git's waves
 * foresee. It belongs to one promotion, is part of the policy that is signed, and so outlives a restart and a lost
 * database. It ends by a commit: the channel moves on, or `resumed` names it.
 */
export type Overlay = HaltOverlay | OpenedOverlay;

/** Which promotion an overlay or a tally is about. */
export interface PromotionKey {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  /** The commit that promoted it. */
  readonly commit: string;
}

export interface HaltOverlay extends PromotionKey {
  readonly kind: "halt";
  /** One sentence with the numbers, for people. */
  readonly reason: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Waves that health has opened. */
export interface OpenedOverlay extends PromotionKey {
  readonly kind: "opened";
  readonly waves: number;
  readonly at: number;
}

/** The name of a promotion in addresses and databases: `agent/stable/1.4.2@9f2c1b7a0d3e`. */
export function promotionName({ product, channel, version, commit }: PromotionKey): string {
  return `${product}/${channel}/${version}@${commit.slice(0, 12)}`;
}
