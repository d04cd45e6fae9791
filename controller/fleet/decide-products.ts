import type { Attempt } from "../../protocol/check-in/attempt.ts";
import type { CheckIn, ProductReport } from "../../protocol/check-in/check-in.ts";
import { cohort } from "../../protocol/cohort.ts";
import { decide } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import { type Device, type LocalChoices, type LocalState, localChoices } from "../../protocol/device.ts";
import type { ChannelPolicy, ProductPolicy, Promotion } from "../../protocol/policy.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import type { Releases } from "../../protocol/release.ts";
import { releasesForFormat } from "../../protocol/releases-for-format.ts";
import { groupsOf, own } from "../../protocol/scope.ts";
import { isCanary } from "../../protocol/waves.ts";
import type { PromotionKey } from "../desired/overlay.ts";
import type { ServedPolicy } from "./served-policy.ts";
import type { CheckInRecord } from "./store/fleet-store.ts";
import type { DeviceRecord } from "./store/records.ts";

/** What is decided about one product of a device. */
export interface ProductVerdict {
  readonly product: string;
  /** Absent where the manifest has no such product, or its policy cannot be read. */
  readonly decision?: Decision;
  /** As the store keeps it. */
  readonly recorded: CheckInRecord["decisions"][number];
}

/** The device as the controller knows it: where it belongs is what the row says, and the machine's own word else. */
type KnownDevice = Pick<DeviceRecord, "id" | "tenant" | "site" | "labels">;

/**
 * Asks `decide` about each product that a device reports: the function that the device runs, over the same documents, with
 * what the controller knows of where it belongs.
 *
 * A promotion is offered where `decide` lets the device install its version now. Most devices look at the manifest oftener
 * than they check in, and have installed it by then: so each attempt shows an offer too, where `decide` would have made it
 * for what ran before, at the time at which the attempt began, by what is served or was served of late: a halt or another
 * promotion may have come since. An attempt that no policy allowed shows none, whatever the device says.
 *
 * @param now seconds since 1970, by the controller's clock
 */
export function decideProducts(
  policy: ServedPolicy,
  device: KnownDevice,
  checkIn: CheckIn,
  now: number,
): readonly ProductVerdict[] {
  return checkIn.products.map((report) => {
    const situationBy = (served: Pick<ServedPolicy, "products" | "tenants">): Situation | undefined => {
      const product = served.products.get(report.product);
      if (product === undefined) return undefined;
      const tenant = device.tenant === null ? undefined : served.tenants.get(device.tenant);
      return {
        policy: { product: product.policy, ...(tenant === undefined ? {} : { tenant }) },
        releases: product.releases,
        device: describeDevice(device, checkIn),
        skew: checkIn.clock - now,
      };
    };
    const situation = situationBy(policy);
    if (situation === undefined) return undecided(report);
    const decision = decideReadable(situation, report, now);
    if (decision === undefined) return undecided(report);
    const offer = offerOf(situation.policy.product, decision) ?? null;
    const shown = shownOffers([policy, ...policy.earlier].map(situationBy), report, checkIn, now);
    const { channel = null, belowMinimum = null } = decision;
    const canary = isCanaryOf(situation, channel) ? { isCanary: true } : {};
    return {
      product: report.product,
      decision,
      recorded: {
        ...{ product: report.product, channel, belowMinimum, ...canary, offer },
        ...(shown.length === 0 ? {} : { shown }),
      },
    };
  });
}

interface Situation {
  readonly policy: Parameters<typeof decide>[0];
  readonly releases: Releases;
  readonly device: Device;
  /** Machine's clock minus the controller's, seconds. */
  readonly skew: number;
}

function undecided({ product }: ProductReport): ProductVerdict {
  return { product, recorded: { product, channel: null, belowMinimum: null, offer: null } };
}

function describeDevice({ id, tenant, site, labels }: KnownDevice, checkIn: CheckIn): Device {
  const place = site ?? checkIn.site;
  return {
    id,
    platform: checkIn.platform,
    labels,
    ...(tenant === null ? {} : { tenant }),
    ...(place === undefined ? {} : { site: place }),
    ...(checkIn.facts === undefined ? {} : { facts: checkIn.facts }),
  };
}

/** `undefined` where policy holds what no validated state can say: then nothing is offered. */
function decideReadable(
  { policy, releases, device, skew }: Situation,
  report: Pick<
    ProductReport,
    "format" | "installed" | "blocked" | "newestConfirmed" | "lastCheckAt" | keyof LocalChoices
  >,
  at: number,
): Decision | undefined {
  const { format, installed, blocked, newestConfirmed, lastCheckAt } = report;
  const local: LocalState = {
    blocked: blocked.map((each) => ({ ...each, until: each.until - skew })),
    ...localChoices(report),
    ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
    ...(lastCheckAt === undefined ? {} : { lastCheckAt: lastCheckAt - skew }),
  };
  try {
    return decide(
      policy,
      releasesForFormat(releases, format),
      device,
      { version: installed?.version ?? null },
      local,
      at,
    );
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Whether it is one of those that get first what the channel points to. */
function isCanaryOf({ policy, device }: Situation, channelName: string | null): boolean {
  const channel = channelName === null ? undefined : own(policy.product.channels, channelName);
  const rollout = channel?.rollout;
  if (channel === undefined || rollout?.canary === undefined) return false;
  const groups = groupsOf(policy.tenant, device).map(({ name }) => `${policy.tenant?.tenant}/${name}`);
  const fraction = cohort(policy.product.product, channel.current.version, device.id);
  return isCanary(rollout, device.id, groups, fraction);
}

/** The promotion whose version a decision lets the device install now; a step on the way to it is no offer of it. */
function offerOf(policy: ProductPolicy, decision: Decision): PromotionKey | undefined {
  if (decision.action !== "update" && decision.action !== "rollback") return undefined;
  if (decision.path[0] !== decision.target || decision.channel === undefined) return undefined;
  const channel = policy.channels[decision.channel];
  const promotion = channel === undefined ? undefined : promotionOf(channel, decision.target);
  if (promotion === undefined) return undefined;
  const { version, commit } = promotion;
  return { product: policy.product, channel: decision.channel, version, commit };
}

function promotionOf({ current, previous }: ChannelPolicy, version: string): Promotion | undefined {
  return [current, ...previous].find(
    (promotion) => promotion.version === version && promotion.halted !== true,
  );
}

/** The offers that attempts show, each once, that of the newest attempt first. */
function shownOffers(
  situations: readonly (Situation | undefined)[],
  report: ProductReport,
  { attempts, clock }: CheckIn,
  now: number,
): readonly PromotionKey[] {
  const shown = new Map<string, PromotionKey>();
  const later = new Set<string>();
  for (const attempt of attempts.toReversed()) {
    if (attempt.product !== report.product) continue;
    const before = stateBefore(report, attempt, later);
    later.add(attempt.to);
    const began = now - Math.max(0, clock - attempt.startedAt);
    for (const situation of situations) {
      // Most policies never named the version: they need not be asked.
      if (situation === undefined || !pointedTo(situation.policy.product, attempt.to)) continue;
      const decision = decideReadable(situation, before, began);
      const offer = decision === undefined ? undefined : offerOf(situation.policy.product, decision);
      if (offer?.version !== attempt.to) continue;
      const key = [offer.channel, offer.version, offer.commit].join(" ");
      if (!shown.has(key)) shown.set(key, offer);
      break;
    }
  }
  return [...shown.values()];
}

function pointedTo({ channels }: ProductPolicy, version: string): boolean {
  return Object.values(channels).some((channel) => promotionOf(channel, version) !== undefined);
}

/**
 * How the product stood when an attempt began: what ran then, and that nothing kept its version from being tried.
 *
 * @param later versions that were tried after it: that one of them ran was not known yet
 */
function stateBefore(
  report: ProductReport,
  { from, to }: Attempt,
  later: ReadonlySet<string>,
): ProductReport {
  const { newestConfirmed, ...rest } = report;
  return {
    ...rest,
    ...(newestConfirmed === undefined || later.has(newestConfirmed) ? {} : { newestConfirmed }),
    installed: from === null ? null : { version: from, digest: "" },
    blocked: report.blocked.filter(({ version }) => version !== to),
  };
}
