import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { ChannelPolicy, ProductPolicy, Promotion } from "../../protocol/policy.ts";
import { own } from "../../protocol/scope.ts";

/**
 * When the promotions of a product began, for whoever publishes it now: each at its first publication. What was
 * published before keeps its start, so that equal state gives equal bytes. What is new begins now, however old its commit
 * is: nobody can have had it before. Promotions that arrive together begin together, with the newest of them.
 *
 * Where the memory of what was published is lost all are new: waves begin again, and none opens too early.
 *
 * @param published what was published last; absent: nothing, or nobody knows
 * @param now       seconds since 1970
 */
export function startPromotions(
  published: ProductPolicy | undefined,
  desired: ProductPolicy,
  now: number,
): ProductPolicy {
  return withEachChannel(desired, (channel, name) => {
    const known = offeredPromotions(own(published?.channels, name));
    const current = begin(channel.current, known.get(keyOf(channel.current)), now);
    const previous: Promotion[] = [];
    for (const promotion of channel.previous) {
      const next = previous.at(-1) ?? current;
      previous.push(begin(promotion, known.get(keyOf(promotion)), next.at));
    }
    return { ...channel, current, previous, ...keptHalt(own(published?.channels, name), channel) };
  });
}

/** A halt that was published already stands since then. */
function keptHalt(
  published: ChannelPolicy | undefined,
  { current, halted }: ChannelPolicy,
): Pick<ChannelPolicy, "halted"> {
  const before = published?.current.version === current.version ? published.halted : undefined;
  if (halted === undefined || before === undefined || before.reason !== halted.reason) return {};
  return { halted: { ...halted, at: before.at } };
}

/** Whether everything that a policy says to have begun has begun by a time. */
export function promotionsBegan(policy: ProductPolicy, now: number): boolean {
  return lastBeginnings.of(policy, lastBeginning) <= now;
}

const lastBeginnings = new KeptByIdentity<ProductPolicy, number>();

function lastBeginning({ channels }: ProductPolicy): number {
  const promotions = Object.values(channels).flatMap(({ current, previous }) => [current, ...previous]);
  return promotions.reduce((last, { at }) => Math.max(last, at), Number.NEGATIVE_INFINITY);
}

/**
 * The same where there is no publication to look at: by the times of the commits. One from the future begins now.
 *
 * @param now seconds since 1970
 */
export function startByCommits(desired: ProductPolicy, now: number): ProductPolicy {
  return withEachChannel(desired, (channel) => ({
    ...channel,
    current: begin(channel.current, channel.current, now),
    previous: channel.previous.map((promotion) => begin(promotion, promotion, now)),
  }));
}

/**
 * @param before how the promotion began, where that is known
 * @param now    when it begins at the latest: a start in the future is none
 */
function begin(promotion: Promotion, before: Promotion | undefined, now: number): Promotion {
  const { version, at: committedAt, startedBy: _, ...rest } = promotion;
  if (before !== undefined && before.at <= now) {
    const { at, startedBy } = before;
    return startedBy === undefined ? { version, at, ...rest } : { version, at, startedBy, ...rest };
  }
  return now === committedAt
    ? { version, at: now, ...rest }
    : { version, at: now, startedBy: "publication", ...rest };
}

/**
 * The promotions that the channel really offered, by commit and version. Where two began together the earlier one was
 * passed over: should somebody go back to it, it begins then.
 */
function offeredPromotions(published: ChannelPolicy | undefined): ReadonlyMap<string, Promotion> {
  const offered = new Map<string, Promotion>();
  let next: Promotion | undefined;
  for (const promotion of published === undefined ? [] : [published.current, ...published.previous]) {
    if (next === undefined || promotion.at < next.at) offered.set(keyOf(promotion), promotion);
    next = promotion;
  }
  return offered;
}

function keyOf({ commit, version }: Promotion): string {
  return `${commit} ${version}`;
}

function withEachChannel(
  product: ProductPolicy,
  change: (channel: ChannelPolicy, name: string) => ChannelPolicy,
): ProductPolicy {
  const channels = Object.entries(product.channels).map(([name, channel]) => [name, change(channel, name)]);
  return { ...product, channels: Object.fromEntries(channels) };
}
