import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { matchedFact } from "../../protocol/match-device.ts";
import { isMember } from "../../protocol/membership.ts";
import type { GroupPolicy, TenantPolicy } from "../../protocol/policy.ts";
import { groupsOf, own } from "../../protocol/scope.ts";
import { WHOLE_PPM } from "../../protocol/share.ts";
import type { ExpectedScopeState } from "../../schemas/state.generated.ts";
import type { DesiredState } from "../desired/desired-state.ts";
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

/**
 * The machines that stand for those of a scope where no inventory tells of any: one for each place that state names (the
 * tenant, its sites and groups, the devices that it names), each platform of the product, and each part of the waves.
 * Who is in a site and in a group at once is looked at where the scope names both.
 *
 * @param edgesOnly leaves out who is between two machines for which the same is decided
 */
export function* machinesOfScope(
  state: DesiredState,
  scope: ExpectedScopeState,
  edgesOnly: boolean,
): Generator<PresumedMachine> {
  for (const product of productsOf(state, scope)) {
    const platforms = platformsOf(state, product).filter(
      (platform) => scope.platform === undefined || scope.platform === platform,
    );
    const classes = new Map<string, readonly WaveClass[]>();
    for (const place of placesOf(state, scope)) {
      for (const platform of platforms) {
        for (const labels of labelsOf(scope, place)) {
          yield* machinesAt(state, scope, { product, platform, place, labels }, classes, edgesOnly);
        }
      }
    }
  }
}

interface Spot {
  readonly product: string;
  readonly platform: string;
  readonly place: Place;
  readonly labels: Readonly<Record<string, string>>;
}

function* machinesAt(
  state: DesiredState,
  scope: ExpectedScopeState,
  { product, platform, place, labels }: Spot,
  classes: Map<string, readonly WaveClass[]>,
  edgesOnly: boolean,
): Generator<PresumedMachine> {
  const desired = state.products.get(product);
  const wanted = own(place.group?.match, "facts.platform");
  if (desired === undefined || wanted?.includes(platform) === false) return;
  const device = {
    id: place.device ?? ANY_MACHINE,
    platform,
    ...(place.tenant === undefined ? {} : { tenant: place.tenant.tenant }),
    ...(place.site === undefined ? {} : { site: place.site }),
    labels,
  };
  const tenant = inGroup(place, device);
  const policyOf = (policy: typeof desired.policy) => ({
    product: policy,
    releases: desired.releases,
    ...(tenant === undefined ? {} : { tenant }),
  });
  const name = nameOf(place, platform, labels);
  const whole = `${name.replace(/^any machine/, "the machines")} that run ${product}`;
  const level = levelOf(place);
  const make = (
    policy: typeof desired.policy,
    label: string | undefined,
    { share, isSpread }: Pick<StandsFor, "share" | "isSpread">,
  ) =>
    new PresumedMachine(
      policyOf(policy),
      device,
      label === undefined ? name : `${name} (${label} of the channel)`,
      { share, isSpread, level, whole },
      scope.installed,
    );
  const anybody = make(desired.policy, undefined, { share: WHOLE_PPM, isSpread: false });
  if (!isInScope(scope, anybody, scope.installed ?? null)) return;
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
  for (const { policy, share, isSpread, isEdge, label } of ofChannel) {
    if (isEdge || !edgesOnly) yield make(policy, label, { share, isSpread });
  }
}

function levelOf({ site, group, device }: Place): StandsFor["level"] {
  if (device !== undefined) return "device";
  if (group !== undefined) return "group";
  return site === undefined ? "tenant" : "site";
}

function productsOf(state: DesiredState, { product }: ExpectedScopeState): string[] {
  return product === undefined ? [...state.products.keys()] : [product];
}

function platformsOf(state: DesiredState, product: string): string[] {
  const { releases = [] } = state.products.get(product) ?? {};
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
