import { isActive } from "../../protocol/candidates.ts";
import type { ChannelPolicy, ProductPolicy, Spread } from "../../protocol/policy.ts";
import { own } from "../../protocol/scope.ts";
import { spreadFor } from "../../protocol/waves.ts";
import type { PromotionSeries, PromotionTally, VersionCount } from "../fleet/store/fleet-store.ts";
import type { RolloutRecord } from "../fleet/store/records.ts";
import type { ChannelPromoter } from "../source/promotion-record.ts";
import { type ChannelLag, isStale } from "../state/channel-lag.ts";
import type { OverviewInput } from "./overview-input.ts";

/** One channel with all that is known of what it points to. */
export interface ChannelPicture {
  readonly productName: string;
  readonly channelName: string;
  readonly product: ProductPolicy;
  readonly channel: ChannelPolicy;
  /** Waves of what it points to; absent: everybody gets it at once. */
  readonly spread: Spread | undefined;
  /** Of what it points to: a freeze may let those of `security` pass. */
  readonly severity: "normal" | "security";
  readonly isYanked: boolean;
  /** What it offers; absent: nothing is left. */
  readonly offers: string | undefined;
  /** Machines that follow it, and those of them that run what it points to. */
  readonly machines: number;
  readonly running: number;
  readonly record: RolloutRecord | undefined;
  readonly tally: PromotionTally | undefined;
  readonly adoption: PromotionSeries | undefined;
  /** Absent for whoever may not see all tenants: a subject may name one. */
  readonly promoter: ChannelPromoter | undefined;
  /** It is behind for longer than its `staleAfter`. */
  readonly stale: ChannelLag | undefined;
}

/**
 * Each channel that the asker has to do with: all, or those that their machines follow. Products by name; channels with
 * the most machines first.
 */
export function channelPictures(input: OverviewInput): ChannelPicture[] {
  const { serving, fleet, tenants, controller, now } = input;
  const counts = channelCounts(fleet.versions);
  const records = byPromotion(fleet.rollouts);
  const tallies = byPromotion(fleet.tallies);
  const series = byPromotion(fleet.adoption);
  const promoters = byPromotion(tenants === null ? controller.promoters : []);
  const stale = new Map(
    controller.lags.filter((lag) => isStale(lag, now)).map((lag) => [`${lag.product}/${lag.channel}`, lag]),
  );
  const products = [...(serving?.products ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return products.flatMap(([productName, served]) =>
    Object.entries(served.policy.channels)
      .flatMap(([channelName, channel]): ChannelPicture[] => {
        const { policy: product, summary } = served;
        const key = `${productName}/${channelName}`;
        const { version, commit } = channel.current;
        const ofChannel = counts.get(key);
        if (tenants !== null && ofChannel === undefined) return [];
        const name = promotionKey({ product: productName, channel: channelName, version, commit });
        const release = served.findRelease(version);
        const { rollout } = channel;
        return [
          {
            ...{ productName, channelName, product, channel },
            spread: rollout === undefined ? undefined : spreadFor(rollout, release?.severity ?? "normal"),
            severity: release?.severity ?? "normal",
            isYanked: release === undefined || !isActive(product, release, undefined),
            offers: own(summary.offers, channelName),
            machines: ofChannel?.machines ?? 0,
            running: ofChannel?.byVersion.get(version) ?? 0,
            record: records.get(name),
            tally: tallies.get(name),
            adoption: series.get(name),
            promoter: promoters.get(name),
            stale: stale.get(key),
          },
        ];
      })
      .sort((a, b) => b.machines - a.machines || (a.channelName < b.channelName ? -1 : 1)),
  );
}

interface ChannelCount {
  machines: number;
  readonly byVersion: Map<string, number>;
}

/** By `<product>/<channel>`. */
export function channelCounts(
  versions: readonly (VersionCount & { readonly product: string })[],
): ReadonlyMap<string, Readonly<ChannelCount>> {
  const counts = new Map<string, ChannelCount>();
  for (const { product, channel, version, devices } of versions) {
    if (channel === null) continue;
    const key = `${product}/${channel}`;
    const known = counts.get(key) ?? { machines: 0, byVersion: new Map<string, number>() };
    counts.set(key, known);
    known.machines += devices;
    if (version !== null) known.byVersion.set(version, (known.byVersion.get(version) ?? 0) + devices);
  }
  return counts;
}

interface Promoted {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  readonly commit: string;
}

function promotionKey({ product, channel, version, commit }: Promoted): string {
  return `${product}/${channel}/${version}@${commit}`;
}

function byPromotion<Value extends Promoted>(values: readonly Value[]): ReadonlyMap<string, Value> {
  return new Map(values.map((value) => [promotionKey(value), value]));
}
