import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { matchedFact } from "../../protocol/match-device.ts";
import { isMember } from "../../protocol/membership.ts";
import type { GroupPolicy, ProductPolicy, ScopeSettings, TenantPolicy } from "../../protocol/policy.ts";
import { groupsOf, own, scopesOf } from "../../protocol/scope.ts";
import { WHOLE_PPM } from "../../protocol/share.ts";
import type { ExpectedScopeState } from "../../schemas/state.generated.ts";
import type { DesiredProduct, DesiredState } from "../desired/desired-state.ts";
import { isInScope, PresumedMachine, type StandsFor } from "./machine.ts";
import { type WaveClass, waveClasses } from "./wave-classes.ts";

/** The id of a machine that stands for any: no real one is called so. */
const ANY_MACHINE = "any machine";

/** Where a machine may be, as far as state tells machines apart. */
interface Place {
  readonly tenant?: TenantPolicy;
  readonly site?: string;
  readonly group?: GroupPolicy;
  /** Absent: any. */
  readonly device?: string;
}

/** Where machines of a scope may be, as far as state tells them apart: one place, platform and product. */
export interface Spot {
  readonly level: StandsFor["level"];
  /** Equal where the same is decided for the same reasons, whatever those who say so are called. */
  readonly likeness: string;
  /**
   * One for each part of the waves.
   *
   * @param edgesOnly leaves out who is between two machines for which the same is decided
   */
  machines(edgesOnly: boolean): Iterable<PresumedMachine>;
}

/** All machines of {@link spotsOfScope}. */
export function* machinesOfScope(
  state: DesiredState,
  scope: ExpectedScopeState,
  edgesOnly: boolean,
): Generator<PresumedMachine> {
  for (const spot of spotsOfScope(state, scope)) yield* spot.machines(edgesOnly);
}

/**
 * Where the machines of a scope may be of which no inventory tells: each place that state names (the tenant, its sites
 * and groups, the devices that it names), with each platform of the product. Who is in a site and in a group at once is
 * looked at where the scope names both.
 */
export function* spotsOfScope(state: DesiredState, scope: ExpectedScopeState): Generator<Spot> {
  for (const name of productsOf(state, scope)) {
    const desired = state.products.get(name);
    if (desired === undefined) continue;
    const product = { desired, canaries: canaryGroups(desired), classes: new Map() };
    const platforms = platformsOf(desired).filter(
      (platform) => scope.platform === undefined || scope.platform === platform,
    );
    for (const place of placesOf(state, scope)) {
      for (const platform of platforms) {
        for (const labels of labelsOf(scope, place)) {
          const spot = spotAt(scope, product, place, platform, labels);
          if (spot !== undefined) yield spot;
        }
      }
    }
  }
}

interface LookedAtProduct {
  readonly desired: DesiredProduct;
  /** Groups (`tenant/group`) that some channel has as canaries. */
  readonly canaries: ReadonlySet<string>;
  /** By channel. */
  readonly classes: Map<string, readonly WaveClass[]>;
}

/** `undefined`: no machine of the scope can be there. */
function spotAt(
  scope: ExpectedScopeState,
  { desired, canaries, classes }: LookedAtProduct,
  place: Place,
  platform: string,
  labels: Readonly<Record<string, string>>,
): Spot | undefined {
  const wanted = own(place.group?.match, "facts.platform");
  if (wanted?.includes(platform) === false) return undefined;
  const device = {
    id: place.device ?? ANY_MACHINE,
    platform,
    ...(place.tenant === undefined ? {} : { tenant: place.tenant.tenant }),
    ...(place.site === undefined ? {} : { site: place.site }),
    labels,
  };
  const tenant = inGroup(place, device);
  const policyOf = (policy: ProductPolicy) => ({
    product: policy,
    releases: desired.releases,
    ...(tenant === undefined ? {} : { tenant }),
  });
  const name = nameOf(place, platform, labels);
  const level = levelOf(place);
  const { product } = desired.policy;
  const whole = `${name.replace(/^any machine/, "the machines")} that run ${product}`;
  const make = ({ policy, label, share, isSpread }: Omit<WaveClass, "isEdge">) =>
    new PresumedMachine(
      policyOf(policy),
      device,
      label === undefined ? name : `${name} (${label} of the channel)`,
      { share, isSpread, level, whole },
      scope.installed,
    );
  const { policy } = desired;
  const anybody = make({ policy, label: undefined, share: WHOLE_PPM, isSpread: false });
  if (!isInScope(scope, anybody, scope.installed ?? null)) return undefined;
  return {
    level,
    get likeness() {
      return likenessOf(anybody, place.device, canaries);
    },
    *machines(edgesOnly) {
      if (place.device !== undefined) {
        yield anybody;
        return;
      }
      const channel = anybody.choice.name;
      let ofChannel = classes.get(channel);
      if (ofChannel === undefined) {
        ofChannel = waveClasses(desired, channel);
        classes.set(channel, ofChannel);
      }
      for (const each of ofChannel) if (each.isEdge || !edgesOnly) yield make(each);
    },
  };
}

/**
 * All that decisions about a machine can depend on, in the order in which it counts: what the scopes on its path say, and
 * which of its groups are canaries. Its platform and labels are in it for what else they select.
 */
function likenessOf(
  { product, policy, device, groups }: PresumedMachine,
  named: string | undefined,
  canaries: ReadonlySet<string>,
): string {
  const scopes = scopesOf(policy.product, policy.tenant, device);
  return JSON.stringify([
    ...[product, device.platform, device.labels, named, policy.tenant === undefined],
    groups.map((group) => `${device.tenant}/${group}`).filter((group) => canaries.has(group)),
    scopes.map(({ settings }) => saidBy(settings)),
  ]);
}

/** What a scope can say; where a key is missing here, it does not compile. */
function saidBy(settings: ScopeSettings): Record<keyof ScopeSettings, unknown> {
  const { paused, channel, pin, autoUpdate, window, freeze, localOverrides } = settings;
  return { paused, channel, pin, autoUpdate, window, freeze, localOverrides };
}

function canaryGroups({ policy }: DesiredProduct): ReadonlySet<string> {
  return new Set(Object.values(policy.channels).flatMap(({ rollout }) => rollout?.canary?.groups ?? []));
}

function levelOf({ site, group, device }: Place): StandsFor["level"] {
  if (device !== undefined) return "device";
  if (group !== undefined) return "group";
  return site === undefined ? "tenant" : "site";
}

function productsOf(state: DesiredState, { product }: ExpectedScopeState): string[] {
  return product === undefined ? [...state.products.keys()] : [product];
}

function platformsOf({ releases }: DesiredProduct): string[] {
  return [...new Set(releases.flatMap(({ artifacts }) => artifacts.map(({ platform }) => platform)))].sort();
}

function* placesOf(state: DesiredState, scope: ExpectedScopeState): Generator<Place> {
  const { tenant: named, site, group: groupName, device } = scope;
  for (const tenant of tenantsOf(state, named)) {
    const group = tenant.groups.find(({ name }) => name === groupName);
    const at = { tenant, ...(site === undefined ? {} : { site }) };
    if (device !== undefined) {
      if (named !== undefined || namesDevice(tenant, device)) yield { ...at, device };
    } else if (group !== undefined) {
      yield { ...at, group };
      for (const id of group.devices) if (own(tenant.devices, id) !== undefined) yield { ...at, device: id };
    } else if (groupName === undefined) {
      yield at;
      if (site !== undefined) continue;
      for (const name of Object.keys(tenant.sites)) yield { tenant, site: name };
      for (const each of tenant.groups) yield { tenant, group: each };
      for (const id of Object.keys(tenant.devices)) yield { tenant, device: id };
    }
  }
  if (named === undefined && device === undefined && takesStrangers(state)) yield {};
}

function tenantsOf(state: DesiredState, named: string | undefined): TenantPolicy[] {
  // A former name is the same tenant once more.
  if (named === undefined)
    return [...state.tenants.values()].filter(({ renamedTo }) => renamedTo === undefined);
  const tenant = state.tenants.get(named);
  return tenant === undefined ? [] : [tenant];
}

/** Whether the tenant's file has the device: by name, or in a group. */
export function namesDevice(
  { devices, groups }: Pick<TenantPolicy, "devices" | "groups">,
  id: string,
): boolean {
  return own(devices, id) !== undefined || groups.some((group) => isMember(group.devices, id));
}

/** Whether a machine of no tenant is one that state speaks to. */
function takesStrangers({ products, tenants }: DesiredState): boolean {
  const [product] = products.values();
  return tenants.size === 0 || product?.policy.fleet.unknownDevices !== "hold";
}

/** Most combinations of labels that one expectation is looked at with. */
const MAX_LABEL_SETS = 100;

/** The labels that a machine of the scope may have there; those by which the group selects are among them. */
function labelsOf({ labels = {} }: ExpectedScopeState, { group }: Place): Record<string, string>[] {
  const wanted = new Map<string, readonly string[]>();
  for (const [key, values] of Object.entries(group?.match ?? {})) {
    if (matchedFact(key) === undefined) wanted.set(key, values);
  }
  for (const [key, said] of Object.entries(labels)) {
    const values = [said].flat();
    const known = wanted.get(key);
    wanted.set(key, known === undefined ? values : known.filter((value) => values.includes(value)));
  }
  let sets: Record<string, string>[] = [{}];
  for (const [key, values] of wanted) {
    // What the group alone asks for, any of its values will do.
    const taken = Object.hasOwn(labels, key) ? values : values.slice(0, 1);
    sets = sets.flatMap((set) => taken.map((value) => ({ ...set, [key]: value }))).slice(0, MAX_LABEL_SETS);
  }
  return sets;
}

const memberships = new KeptByIdentity<TenantPolicy, Map<string, TenantPolicy>>();

/** The tenant with the machine in the group, also where facts select it that nobody can make up. */
function inGroup({ tenant, group, device }: Place, at: PresumedMachine["device"]): TenantPolicy | undefined {
  if (tenant === undefined || group === undefined || device !== undefined) return tenant;
  if (groupsOf(tenant, at).includes(group)) return tenant;
  const known = memberships.of(tenant, () => new Map());
  let changed = known.get(group.name);
  if (changed === undefined) {
    const groups = tenant.groups.map((each) => (each === group ? { ...each, devices: [ANY_MACHINE] } : each));
    changed = { ...tenant, groups };
    known.set(group.name, changed);
  }
  return changed;
}

function nameOf(
  { tenant, site, group, device }: Place,
  platform: string,
  labels: Readonly<Record<string, string>>,
): string {
  const parts = [
    ...(device === undefined ? [] : [device]),
    ...(device === undefined ? [tenant === undefined ? "any machine of no tenant" : "any machine"] : []),
    ...(tenant === undefined ? [] : [placeName(tenant.tenant, site, group?.name)]),
    `on ${platform}`,
  ];
  const given = Object.entries(labels).filter(([name]) => group?.match?.[name] === undefined);
  const having = given.map(([name, value]) => `${name}=${value}`).join(", ");
  return `${parts.join(" ")}${having === "" ? "" : ` with ${having}`}`;
}

function placeName(tenant: string, site: string | undefined, group: string | undefined): string {
  const parts = [
    ...(site === undefined ? [] : [`at site ${tenant}/${site}`]),
    ...(group === undefined ? [] : [`in group ${tenant}/${group}`]),
  ];
  return parts.length === 0 ? `of tenant ${tenant}` : parts.join(" and ");
}
