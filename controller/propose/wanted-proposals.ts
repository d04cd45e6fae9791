import type { ProductPolicy } from "../../protocol/policy.ts";
import { own } from "../../protocol/scope.ts";
import type { HaltProposal, PromotionProposal, Proposal } from "../desired/proposal.ts";
import { leftBehind, type PromotionEvidence, pendingPromotions, whyOf } from "../edit/due-promotions.ts";
import type { FleetModel } from "../state/fleet-model.ts";

/** The products of the manifest that is served, by name. */
export type ServedPolicies = ReadonlyMap<string, { readonly policy: ProductPolicy }>;

/** Devices that run each version of a product, by product and version; `undefined`: nobody can tell. */
export type DeviceCounts = ReadonlyMap<string, ReadonlyMap<string, number>> | undefined;

/** What git should be asked to say. Pure. @param model of the commit that is served; absent: not known yet */
export function wantedProposals(
  served: ServedPolicies,
  model: FleetModel | undefined,
  counts: DeviceCounts,
  now: number,
): Proposal[] {
  return [
    ...haltProposals(served),
    ...(model === undefined ? [] : duePromotions(served, model, counts, now)),
  ];
}

/** Products of which a channel asks for devices that have proved a version. */
export function productsToCount(model: FleetModel): string[] {
  return [...model.products.values()].flatMap(({ name, channels }) => {
    const asks = [...channels.values()].some(({ value }) => (value.promotion?.minHealthy ?? 0) > 0);
    return asks ? [name] : [];
  });
}

/** Halts that stand in policy alone: once a commit says the same, it is a commit's. */
function haltProposals(served: ServedPolicies): HaltProposal[] {
  return [...served.values()].flatMap(({ policy }) =>
    Object.entries(policy.channels).flatMap(([channel, { current, halted }]) => {
      if (halted?.by !== "gate") return [];
      const { product } = policy;
      const { reason, at } = halted;
      return [{ kind: "halt" as const, product, channel, version: current.version, since: at, reason }];
    }),
  );
}

function duePromotions(
  served: ServedPolicies,
  model: FleetModel,
  counts: DeviceCounts,
  now: number,
): PromotionProposal[] {
  const channelOf = (product: string, channel: string) => own(served.get(product)?.policy.channels, channel);
  const evidence: PromotionEvidence = {
    // Since it was published: a commit may have waited for days before devices could have it.
    since: (product, channel) => channelOf(product, channel)?.current.at,
    healthy: (product, version) =>
      counts === undefined ? undefined : (counts.get(product)?.get(version) ?? 0),
    unknownHealth: "the fleet does not answer, or is off",
    left: (product, channel, version) => whyLeft(served.get(product)?.policy, channel, version),
  };
  return pendingPromotions(model, evidence, now).flatMap((pending) => {
    const { product, channel, from, version, due } = pending;
    if (!due) return [];
    const since = channelOf(product, from)?.current.at ?? now;
    return [{ kind: "promotion" as const, product, channel, from, version, since, why: whyOf(pending) }];
  });
}

/** Halted somewhere, by whomever, or taken out of the channel: somebody has found it bad. */
function whyLeft(policy: ProductPolicy | undefined, channel: string, version: string): string | undefined {
  for (const [name, { current, previous, halted, rollback }] of Object.entries(policy?.channels ?? {})) {
    if (current.version === version && halted !== undefined) return `halted on ${name}`;
    if (previous.some((promotion) => promotion.version === version && promotion.halted === true)) {
      return `${name} left it while it was halted`;
    }
    if (rollback?.from.includes(version)) return `${name} was rolled back from it`;
  }
  const target = own(policy?.channels, channel);
  return target === undefined
    ? undefined
    : leftBehind(channel, version, [target.current, ...target.previous]);
}
