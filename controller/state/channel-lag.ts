import { parseDate } from "../../protocol/date.ts";
import { parseDuration } from "../../protocol/duration.ts";
import type { SettingsState, VersionState } from "../../schemas/state.generated.ts";
import type { ChannelHistories } from "../source/promotion-record.ts";
import type { ProductModel, StateDocument } from "./fleet-model.ts";
import { isYanked, orderOf, versionsNewestFirst } from "./product-versions.ts";

/** A channel that says `staleAfter` and has something newer to go to. Times are seconds since 1970. */
export interface ChannelLag {
  readonly product: string;
  readonly channel: string;
  /** What it points to. */
  readonly version: string;
  /** The newer version that waits. */
  readonly waiting: string;
  /** The channel that it follows (`promotion.from`), where it follows one. */
  readonly from?: string;
  /** Since when it is behind: when the followed channel moved on, or this one was last promoted. */
  readonly since: number;
  /** The last second at which it is not yet stale. */
  readonly freshUntil: number;
}

export function isStale({ freshUntil }: ChannelLag, now: number): boolean {
  return now > freshUntil;
}

/** How far a channel is behind; `undefined` when it is not behind, is paused without an end, or has no `staleAfter`. */
export function channelLag(
  product: ProductModel,
  channel: string,
  histories: ChannelHistories,
): ChannelLag | undefined {
  const value = product.channels.get(channel)?.value;
  if (value?.staleAfter === undefined) return undefined;
  const pausedUntil = endOfPause(value.paused);
  if (pausedUntil === undefined) return undefined;
  const { version, staleAfter, promotion } = value;
  const behind =
    promotion === undefined
      ? behindNewest(product, channel, version, histories)
      : behindSource(product, promotion.from, version, histories);
  if (behind === undefined) return undefined;
  const freshUntil = Math.max(behind.since + parseDuration(staleAfter), pausedUntil);
  return { product: product.name, channel, version, freshUntil, ...behind };
}

/** All channels that are behind, whether for too long or not yet. */
export function channelLags(products: Iterable<ProductModel>, histories: ChannelHistories): ChannelLag[] {
  return [...products].flatMap((product) =>
    [...product.channels.keys()].flatMap((channel) => channelLag(product, channel, histories) ?? []),
  );
}

type Behind = Pick<ChannelLag, "waiting" | "since" | "from">;

function behindSource(
  product: ProductModel,
  from: string,
  version: string,
  histories: ChannelHistories,
): Behind | undefined {
  const waiting = product.channels.get(from)?.value.version;
  if (waiting === undefined || (orderOf(product, waiting, version) ?? 0) <= 0) return undefined;
  const release = product.versions.get(waiting);
  if (release === undefined || !canBePromoted(release)) return undefined;
  const movedOn = histories
    .get(`${product.name}/${from}`)
    ?.findLast((step) => (orderOf(product, step.version, version) ?? 0) > 0);
  return movedOn === undefined ? undefined : { waiting, from, since: movedOn.at };
}

function behindNewest(
  product: ProductModel,
  channel: string,
  version: string,
  histories: ChannelHistories,
): Behind | undefined {
  const promoted = histories.get(`${product.name}/${channel}`)?.[0];
  if (promoted?.version !== version) return undefined;
  const waiting = versionsNewestFirst(product).find(canBePromoted)?.value.version;
  if (waiting === undefined || (orderOf(product, waiting, version) ?? 0) <= 0) return undefined;
  return { waiting, since: promoted.at };
}

function canBePromoted(release: StateDocument<VersionState>): boolean {
  return !isYanked(release) && release.value.promotable !== false && release.value.deadEnd === undefined;
}

/** Second from which nothing is paused any more, 0 where nothing is; `undefined`: the pause has no end. */
function endOfPause(paused: SettingsState["paused"]): number | undefined {
  if (paused === undefined || paused === false) return 0;
  return paused === true || paused.until === undefined ? undefined : parseDate(paused.until);
}
