import { decide } from "../../protocol/decide.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type {
  ChannelPolicy,
  GroupPolicy,
  ProductPolicy,
  ScopePolicy,
  ScopeSettings,
  TenantPolicy,
} from "../../protocol/policy.ts";
import { own } from "../../protocol/scope.ts";
import { type Followed, followMachine } from "./follow-machine.ts";

/** What a machine that no inventory tells of is taken to run. Versions; `null`: nothing. */
export interface Presumed {
  /** The second at which the last promotion of its channel began, or `now` where that is to come. */
  readonly since: number;
  /** What it ran before that promotion; `null` where the channel had pointed to nothing before. */
  readonly before: string | null;
  /** What it runs until now, if nothing but waves held it back since then: what is decided at `now` is still to come. */
  readonly now: string | null;
}

/**
 * Whether there can be such a machine: for some platforms nothing that its scope is offered has ever been built, and it
 * would run nothing.
 *
 * @param now seconds since 1970
 */
export function canBe(followed: Followed, now: number): boolean {
  const { policy, device, local } = withoutHolds(followed);
  const decision = decide(policy, policy.releases, device, { version: null }, local, now);
  return decision.action !== "refuse" || decision.code !== "no-artifact-for-platform";
}

/** Limit that no way from one version to another comes near. */
const MAX_STEPS = 100;

/**
 * What runs on a machine of which only its scope is known: it had arrived where its channel pointed before, and has
 * followed the last promotion as far as its waves are open.
 *
 * @param now seconds since 1970
 */
export function presumedVersion(followed: Followed, now: number): Presumed {
  const { policy, channel } = followed;
  const free = withoutHolds(followed);
  const current = own(policy.product.channels, channel);
  if (current === undefined) return { since: now, before: null, now: arrive(free, null, now) };
  const since = Math.min(current.current.at, now);
  const former = formerProduct(free.policy.product, channel);
  if (former === undefined) {
    const runs = arrive(free, null, now);
    // What is pinned is not what the channel spreads for the first time.
    return { since, before: runs === current.current.version ? null : runs, now: runs };
  }
  const before = arrive({ ...free, policy: { ...free.policy, product: former } }, null, since);
  return { since, before, now: followMachine(free, before, since, now).at(-1)?.runs ?? before };
}

/** What it runs once it has gone wherever it is led to, past waves. */
function arrive({ policy, device, local }: Followed, installed: string | null, at: number): string | null {
  let version = installed;
  for (let step = 0; step < MAX_STEPS; step++) {
    const asked = { ...local, updateNow: true, firstInstall: true };
    const decision = decide(policy, policy.releases, device, { version }, asked, at);
    if (decision.action !== "update" && decision.action !== "rollback") break;
    version = decision.path[0];
  }
  return version;
}

/** Made once for all machines of a channel: what is known of a policy is found by its identity. */
const formerProducts = new KeptByIdentity<ProductPolicy, Map<string, ProductPolicy | undefined>>();

/** The product before the last promotion of a channel; `undefined`: that had pointed to nothing before. */
function formerProduct(product: ProductPolicy, channel: string): ProductPolicy | undefined {
  const known = formerProducts.of(product, () => new Map());
  if (!known.has(channel)) {
    const policy = own(product.channels, channel);
    const former = policy === undefined ? undefined : formerChannel(policy);
    const channels = { ...product.channels, ...(former === undefined ? {} : { [channel]: former }) };
    known.set(channel, former === undefined ? undefined : { ...product, channels });
  }
  return known.get(channel);
}

/** The channel before its last promotion. */
function formerChannel({ current: _, halted, resumed, rollback, ...channel }: ChannelPolicy) {
  const [current, ...previous] = channel.previous;
  if (current === undefined) return undefined;
  const { halted: wasHalted, ...promotion } = current;
  return { ...channel, current: promotion, previous };
}

/** The same machine if nothing but waves, halts and pins held it back. */
function withoutHolds(followed: Followed): Followed {
  const { policy } = followed;
  const { tenant } = policy;
  return {
    ...followed,
    policy: {
      ...policy,
      product: freeProducts.of(policy.product, freeProduct),
      ...(tenant === undefined ? {} : { tenant: freeTenants.of(tenant, freeTenant) }),
    },
  };
}

const freeProducts = new KeptByIdentity<ProductPolicy, ProductPolicy>();
const freeTenants = new KeptByIdentity<TenantPolicy, TenantPolicy>();

function freeProduct({ paused, freeze, fleet, channels, ...product }: ProductPolicy): ProductPolicy {
  return {
    ...product,
    fleet: freeSettings(fleet),
    channels: mapValues(channels, ({ paused: _, freeze: __, ...channel }) => channel),
  };
}

function freeTenant(policy: TenantPolicy): TenantPolicy {
  const { kind, schemaVersion, tenant, sites, groups, devices, ...scope } = policy;
  return {
    ...{ kind, schemaVersion, tenant },
    ...freeScope(scope),
    sites: mapValues(sites, freeScope),
    groups: groups.map(freeGroup),
    devices: mapValues(devices, freeScope),
  };
}

function freeGroup({ name, devices, match, ...scope }: GroupPolicy): GroupPolicy {
  return { name, devices, ...(match === undefined ? {} : { match }), ...freeScope(scope) };
}

function freeScope({ products, ...scope }: ScopePolicy): ScopePolicy {
  const free = freeSettings(scope);
  return products === undefined ? free : { ...free, products: mapValues(products, freeSettings) };
}

function freeSettings<T extends ScopeSettings>(
  settings: T,
): Omit<T, "paused" | "autoUpdate" | "window" | "freeze"> {
  const { paused, autoUpdate, window, freeze, ...free } = settings;
  return free;
}

function mapValues<T, R>(members: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, change(value)]));
}
