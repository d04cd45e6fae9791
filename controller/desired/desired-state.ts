import type { Policy } from "../../protocol/decide.ts";
import type { ChannelPolicy, ProductPolicy, Promotion, TenantPolicy } from "../../protocol/policy.ts";
import type { Releases } from "../../protocol/release.ts";
import type { ChannelHistories } from "../source/promotion-record.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { releaseOf } from "../state/version-release.ts";
import { applyOverlays } from "./apply-overlays.ts";
import { desiredPolicies } from "./desired-policies.ts";
import type { Overlay } from "./overlay.ts";
import { startByCommits } from "./start-promotions.ts";

export interface DesiredProduct {
  readonly policy: ProductPolicy;
  readonly releases: Releases;
}

/** What one commit asks of the fleet, in the values that `decide` takes. */
export interface DesiredState {
  /** Object id, or `worktree`. */
  readonly commit: string;
  readonly products: ReadonlyMap<string, DesiredProduct>;
  readonly tenants: ReadonlyMap<string, TenantPolicy>;
}

/**
 * What the manifest of this state would say once its releases are signed. Nobody here knows when the controller has
 * published what, so promotions begin by the times of their commits.
 *
 * @param now seconds since 1970
 * @param overlays what a controller adds to it
 * @throws ProtocolError for a model that has not passed the rules
 */
export function desiredState(
  model: FleetModel,
  histories: ChannelHistories | undefined,
  now: number,
  overlays: readonly Overlay[] = [],
): DesiredState {
  const policies = desiredPolicies(model, histories);
  const products = new Map<string, DesiredProduct>();
  for (const [name, desired] of applyOverlays(policies.products, overlays, undefined)) {
    const policy = startByCommits(desired, now);
    const versions = [...(model.products.get(name)?.versions.values() ?? [])];
    const product = { name, versionScheme: policy.versionScheme };
    products.set(name, { policy, releases: versions.map(({ value }) => releaseOf(product, value)) });
  }
  return { commit: model.commit, products, tenants: policies.tenants };
}

/** The policy about one product for a device of `tenant`; `undefined` when the state does not have the product. */
export function policyFor(
  state: DesiredState,
  product: string,
  tenant: string | undefined,
): (Policy & { readonly releases: Releases }) | undefined {
  const desired = state.products.get(product);
  if (desired === undefined) return undefined;
  const ofTenant = tenant === undefined ? undefined : state.tenants.get(tenant);
  return {
    product: desired.policy,
    releases: desired.releases,
    ...(ofTenant === undefined ? {} : { tenant: ofTenant }),
  };
}

/**
 * `after` as it will be once it is merged: what it promotes is promoted at `now`, on top of what `before` had. On the
 * branch itself the commit may be days old, and its waves would look as if they had passed.
 *
 * @param now seconds since 1970
 */
export function asMergedNow(before: DesiredState, after: DesiredState, now: number): DesiredState {
  const products = new Map<string, DesiredProduct>();
  for (const [name, product] of after.products) {
    const known = before.products.get(name)?.policy.channels ?? {};
    const channels = Object.fromEntries(
      Object.entries(product.policy.channels).map(([channel, policy]) => {
        const was = Object.hasOwn(known, channel) ? known[channel] : undefined;
        return [channel, mergedChannel(was, policy, now)];
      }),
    );
    products.set(name, { ...product, policy: { ...product.policy, channels } });
  }
  return { ...after, products };
}

function mergedChannel(was: ChannelPolicy | undefined, is: ChannelPolicy, now: number): ChannelPolicy {
  const current: Promotion = { ...is.current, at: now, startedBy: "publication" };
  if (was === undefined) return { ...is, current, previous: [] };
  if (was.current.version === is.current.version) {
    return { ...is, current: was.current, previous: was.previous };
  }
  const opened = was.rollout?.opened;
  const superseded: Promotion = {
    ...was.current,
    ...(was.halted === undefined ? {} : { halted: true }),
    ...(opened === undefined ? {} : { opened }),
  };
  return { ...is, current, previous: [superseded, ...was.previous] };
}
