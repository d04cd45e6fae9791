import { formatDuration, parseDuration } from "../../protocol/duration.ts";
import { formatTime } from "../../protocol/trail.ts";
import { compareVersions } from "../../protocol/version.ts";
import type { SettingsState } from "../../schemas/state.generated.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import type { ChannelHistories, PromotionRecord } from "../source/promotion-record.ts";
import type { FleetModel, ProductModel } from "../state/fleet-model.ts";
import { isPaused } from "../state/pauses-of-state.ts";
import { isYanked, yankedPlatforms } from "../state/product-versions.ts";

/** A channel that should follow another one, and whether its time has come. */
export interface PendingPromotion {
  readonly product: string;
  readonly channel: string;
  /** The channel that it follows. */
  readonly from: string;
  /** What the channel points to now. */
  readonly current: string;
  /** What it would get. */
  readonly version: string;
  /** Nothing is missing. */
  readonly due: boolean;
  /** What the conditions of `promotion` have found, met or not: lower case, no full stop. */
  readonly conditions: readonly { readonly met: boolean; readonly text: string }[];
}

/** What is known besides state: by a person at a command line, or by a controller of its own fleet. */
export interface PromotionEvidence {
  /** Since when a channel points to its version, seconds since 1970; `undefined`: nobody knows. */
  since(product: string, channel: string): number | undefined;
  /** Devices that a version has proved healthy on; `undefined`: nobody can tell. */
  healthy(product: string, version: string): number | undefined;
  /** What to do where nobody can tell: lower case. */
  readonly unknownHealth: string;
  /** Why a version must not come to a channel although no file says so, in words; `undefined`: nothing. */
  left(product: string, channel: string, version: string): string | undefined;
}

/** What history and an inventory tell. @param inventory absent: nobody has proved anything */
export function writtenEvidence(
  histories: ChannelHistories,
  inventory: readonly InventoryRecord[] | undefined,
): PromotionEvidence {
  return {
    since: (product, channel) => histories.get(`${product}/${channel}`)?.[0]?.at,
    healthy: (product, version) =>
      inventory === undefined ? undefined : confirmedDevices(inventory, product, version),
    unknownHealth: "give --inventory",
    left: (product, channel, version) =>
      leftBehind(channel, version, histories.get(`${product}/${channel}`) ?? []),
  };
}

/** A channel that had a version once and points to a lower one now was taken away from it by somebody. */
export function leftBehind(
  channel: string,
  version: string,
  past: readonly Pick<PromotionRecord, "version">[],
): string | undefined {
  const [current, ...earlier] = past;
  const wasThere = current?.version !== version && earlier.some((promotion) => promotion.version === version);
  return wasThere ? `${channel} had it, and left it for a lower version` : undefined;
}

/**
 * Every channel that is behind the one that its `promotion.from` names, with what speaks for and against moving it
 * now. Pure.
 *
 * @param now seconds since 1970
 */
export function pendingPromotions(
  model: FleetModel,
  evidence: PromotionEvidence,
  now: number,
): PendingPromotion[] {
  const pending: PendingPromotion[] = [];
  for (const product of model.products.values()) {
    for (const channel of [...product.channels.keys()].sort()) {
      const found = pendingPromotion(model, product, channel, evidence, now);
      if (found !== undefined) pending.push(found);
    }
  }
  return pending;
}

/** What the conditions have found, in one line. */
export function whyOf({ conditions }: PendingPromotion): string {
  return conditions.map(({ text }) => text).join(", ");
}

type Condition = PendingPromotion["conditions"][number];

function pendingPromotion(
  model: FleetModel,
  product: ProductModel,
  channel: string,
  evidence: PromotionEvidence,
  now: number,
): PendingPromotion | undefined {
  const target = product.channels.get(channel)?.value;
  const promotion = target?.promotion;
  const source = promotion === undefined ? undefined : product.channels.get(promotion.from)?.value;
  if (target === undefined || promotion === undefined || source === undefined) return undefined;
  const scheme = product.product.value.versionScheme ?? "semver";
  const { version } = source;
  if (compareVersions(scheme, version, target.version) <= 0) return undefined;

  const conditions: Condition[] = [activeCondition(product, version)];
  const release = product.versions.get(version)?.value;
  if (release?.promotable === false) conditions.push({ met: false, text: "may go to no further channel" });
  if (release?.deadEnd !== undefined) conditions.push({ met: false, text: "a dead end" });
  const stopped = whatStops(model, product, { [promotion.from]: source, [channel]: target }, version, now);
  if (stopped !== undefined) conditions.push({ met: false, text: stopped });
  const left = target.rollback?.from.includes(version)
    ? `${channel} was rolled back from it`
    : evidence.left(product.name, channel, version);
  if (left !== undefined) conditions.push({ met: false, text: left });
  if (promotion.soak !== undefined) {
    const since = evidence.since(product.name, promotion.from);
    conditions.push(soakCondition(promotion.from, since, parseDuration(promotion.soak), now));
  }
  if (promotion.minHealthy !== undefined && promotion.minHealthy > 0) {
    conditions.push(healthCondition(evidence, product.name, version, promotion.minHealthy));
  }
  const due = conditions.every(({ met }) => met);
  const found = { product: product.name, channel, from: promotion.from, version };
  return { ...found, current: target.version, due, conditions };
}

function activeCondition(product: ProductModel, version: string): Condition {
  const document = product.versions.get(version);
  if (document !== undefined && isYanked(document)) return { met: false, text: "yanked" };
  const platforms = document === undefined ? [] : yankedPlatforms(document);
  // Whether the others should go on is for a person to say.
  return platforms.length === 0
    ? { met: true, text: "active" }
    : { met: false, text: `yanked for ${platforms.join(", ")}` };
}

/** The pause or halt that stops a promotion, in words: somebody is dealing with a problem. `undefined`: none. */
function whatStops(
  { fleet }: FleetModel,
  product: ProductModel,
  channels: Readonly<
    Record<
      string,
      { readonly paused?: SettingsState["paused"]; readonly halted?: { readonly version: string } }
    >
  >,
  version: string,
  now: number,
): string | undefined {
  if (isPaused(fleet.value.paused, now)) return "the fleet is paused";
  if (isPaused(product.product.value.paused, now)) return `product ${product.name} is paused`;
  for (const [name, { paused, halted }] of Object.entries(channels)) {
    if (isPaused(paused, now)) return `${name} is paused`;
    if (halted?.version === version) return `${version} is halted on ${name}`;
  }
  return undefined;
}

function soakCondition(channel: string, since: number | undefined, soak: number, now: number): Condition {
  if (since === undefined) return { met: false, text: `nobody knows since when it is on ${channel}` };
  const met = since + soak <= now;
  const age = `on ${channel} for ${formatDuration(now - since)} of ${formatDuration(soak)}`;
  return { met, text: met ? age : `${age}, until ${formatTime(since + soak)}` };
}

function healthCondition(
  evidence: PromotionEvidence,
  product: string,
  version: string,
  needed: number,
): Condition {
  const healthy = evidence.healthy(product, version);
  if (healthy === undefined) {
    return { met: false, text: `needs ${needed} healthy devices: ${evidence.unknownHealth}` };
  }
  return { met: healthy >= needed, text: `${healthy} of ${needed} healthy devices` };
}

function confirmedDevices(inventory: readonly InventoryRecord[], product: string, version: string): number {
  const healthy = new Set<string>();
  for (const record of inventory) {
    if (record.product === product && record.installed === version && record.outcome === "confirmed") {
      healthy.add(record.device);
    }
  }
  return healthy.size;
}
