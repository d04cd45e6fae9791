import { parseDate } from "../../protocol/date.ts";
import { parseDuration } from "../../protocol/duration.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import {
  type Canary,
  type ChannelPolicy,
  CRITICAL_KEYS,
  type FleetPolicy,
  type Freeze,
  type Gate,
  type GroupPolicy,
  type Halt,
  OFFERED_PROMOTIONS,
  type Pause,
  type Pin,
  POLICY_SCHEMA_VERSION,
  type ProductPolicy,
  type Promotion,
  type Resumption,
  type Rollback,
  type Rollout,
  type ScopePolicy,
  type ScopeSettings,
  type Spread,
  type TenantPolicy,
  type UpdateWindow,
} from "../../protocol/policy.ts";
import { parsePercent } from "../../protocol/share.ts";
import type {
  ChannelState,
  FleetState,
  PinState,
  RolloutState,
  ScopeState,
  SettingsState,
  SeverityWavesState,
  TenantState,
  WindowState,
} from "../../schemas/state.generated.ts";
import type { ChannelHistories, PromotionRecord } from "../source/promotion-record.ts";
import { ChunkedMap, changedEntries } from "../state/chunked-map.ts";
import type { FleetModel, ProductModel, StateDocument } from "../state/fleet-model.ts";
import { type FormerName, formerNamesOf } from "../state/former-names.ts";

/** What the online key is asked to sign: everything that state says, as policy documents. */
export interface DesiredPolicies {
  readonly products: ReadonlyMap<string, ProductPolicy>;
  /** Also under each name that a tenant had before: those say what they are called now (`renamedTo`). */
  readonly tenants: TenantPolicies;
}

/**
 * Turns state into policy: durations and dates become whole seconds, percentages parts per million, and each channel
 * learns from history what it pointed to before.
 *
 * Pure, but for the commit that a product's policy names: the first one that it was made for, when nothing of it has
 * changed since. The model has passed the rules, so an error thrown here means that a rule is missing or wrong.
 *
 * @param histories absent: every channel points to its version since this commit
 * @throws ProtocolError for a duration, percentage or date that cannot be read
 */
export function desiredPolicies(model: FleetModel, histories: ChannelHistories = new Map()): DesiredPolicies {
  const fleet = knownFleets.of(model.fleet.value, fleetPolicy);
  return {
    products: mapValues(model.products, (product) => knownProductPolicy(model, fleet, product, histories)),
    tenants: TenantPolicies.of(model.tenants),
  };
}

function fleetPolicy(state: FleetState): FleetPolicy {
  return {
    ...scopeSettings(state),
    defaultChannel: state.defaultChannel,
    ...defined({
      minVersion: state.minVersion,
      checkInterval: optional(state.checkInterval, parseDuration),
      unknownDevices: state.unknownDevices === "hold" ? state.unknownDevices : undefined,
    }),
  };
}

const knownFleets = new KeptByIdentity<FleetState, FleetPolicy>();

interface KnownProduct {
  readonly commit: string;
  readonly fleet: FleetPolicy;
  /** Of each channel, in their order. */
  readonly pasts: readonly (readonly PromotionRecord[] | undefined)[];
  /** Canary groups of tenants that had other names, by those names. */
  readonly formerGroups: string;
  /** Then it says the same at a later commit. */
  readonly saysItsOwnTimes: boolean;
  readonly policy: ProductPolicy;
}

const knownProducts = new KeptByIdentity<ProductModel, KnownProduct>();

/**
 * The policy of a product; the very same as at an earlier commit where nothing changed that it is made of. It then names
 * that earlier commit.
 */
function knownProductPolicy(
  model: FleetModel,
  fleet: FleetPolicy,
  product: ProductModel,
  histories: ChannelHistories,
): ProductPolicy {
  const { commit } = model;
  const known = knownProducts.get(product);
  const formerGroups = formerCanaryGroups(model, product).join(" ");
  const isSame =
    known?.fleet === fleet &&
    known.formerGroups === formerGroups &&
    hasPasts(product, histories, known.pasts) &&
    (known.commit === commit || known.saysItsOwnTimes);
  if (isSame) return known.policy;
  const pasts = [...product.channels.keys()].map((channel) => histories.get(`${product.name}/${channel}`));
  const policy = productPolicy(model, fleet, product, histories);
  knownProducts.set(product, {
    ...{ commit, fleet, pasts, formerGroups, policy },
    saysItsOwnTimes: saysItsOwnTimes(product, pasts),
  });
  return policy;
}

function hasPasts(
  { name, channels }: ProductModel,
  histories: ChannelHistories,
  pasts: KnownProduct["pasts"],
): boolean {
  let index = 0;
  for (const channel of channels.keys()) {
    if (histories.get(`${name}/${channel}`) !== pasts[index++]) return false;
  }
  return true;
}

/** Whether no channel takes its time from the commit at hand: history has what it points to. */
function saysItsOwnTimes({ channels }: ProductModel, pasts: KnownProduct["pasts"]): boolean {
  return [...channels.values()].every(({ value }, index) => pasts[index]?.[0]?.version === value.version);
}

function productPolicy(
  model: FleetModel,
  fleet: FleetPolicy,
  { name, product, channels, versions }: ProductModel,
  histories: ChannelHistories,
): ProductPolicy {
  const state = product.value;
  const { hasBarrier, ...yanks } = knownVersions.of(versions, summarise);
  // Only where a version accepts nothing below another one does anybody need to be led.
  const isStone = (version: string): boolean => hasBarrier && versions.get(version)?.value.active !== false;
  return {
    kind: "product",
    schemaVersion: POLICY_SCHEMA_VERSION,
    critical: CRITICAL_KEYS,
    commit: model.commit,
    product: name,
    versionScheme: state.versionScheme ?? "semver",
    ...defined({
      ifInstalled: state.ifInstalled,
      paused: pause(state.paused),
      freeze: freezes(state.freeze),
      minVersion: state.minVersion,
    }),
    fleet,
    channels: Object.fromEntries(
      [...channels].map(([channel, { value }]) => [
        channel,
        channelPolicy(model, value, histories.get(`${name}/${channel}`) ?? [], isStone),
      ]),
    ),
    ...yanks,
  };
}

interface VersionsSummary extends Pick<ProductPolicy, "yanked" | "yankedFor"> {
  readonly hasBarrier: boolean;
}

const knownVersions = new KeptByIdentity<ProductModel["versions"], VersionsSummary>();

function summarise(versions: ProductModel["versions"]): VersionsSummary {
  const states = [...versions.values()].map(({ value }) => value);
  const yankedFor = states.flatMap(({ active, version, artifacts }) => {
    const platforms = artifacts.filter((artifact) => artifact.active === false);
    return active === false || platforms.length === 0
      ? []
      : [[version, platforms.map(({ platform }) => platform).sort()] as const];
  });
  return {
    yanked: states.flatMap(({ active, version }) => (active === false ? [version] : [])).sort(),
    ...(yankedFor.length > 0 ? { yankedFor: Object.fromEntries(yankedFor) } : {}),
    hasBarrier: states.some(
      ({ upgradeFrom, barrier = false }) => upgradeFrom !== undefined || barrier !== false,
    ),
  };
}

function channelPolicy(
  model: FleetModel,
  state: ChannelState,
  history: readonly PromotionRecord[],
  isStone: (version: string) => boolean,
): ChannelPolicy {
  const [current, ...earlier] = promotions(model, state.version, history);
  const previous = earlier.slice(0, OFFERED_PROMOTIONS - 1);
  const offered = new Set([current, ...previous].map(({ version }) => version));
  const longAgo = earlier.filter(({ halted }) => halted !== true).map(({ version }) => version);
  const steps = [...new Set([...longAgo, ...(state.via ?? [])])].filter(
    (version) => !offered.has(version) && isStone(version),
  );
  return {
    current,
    previous,
    ...(steps.length > 0 ? { steps } : {}),
    ...defined({
      paused: pause(state.paused),
      freeze: freezes(state.freeze),
      minVersion: state.minVersion,
      deferAtMost: optional(state.deferAtMost, parseDuration),
      rollout: optional(state.rollout, (said) => rollout(model, said, openedWaves(state))),
      halted: halt(model, state),
      resumed: resumption(state),
      rollback: optional(
        state.rollback,
        ({ from, reason }): Rollback => ({ from: from.toSorted(), ...defined({ reason }) }),
      ),
    }),
  };
}

/** The newest entry of a history is what the commit says. Where it is not (a work tree), the change is made now. */
function promotions(
  model: FleetModel,
  version: string,
  history: readonly PromotionRecord[],
): [Promotion, ...Promotion[]] {
  const [newest, ...older] = history.map(toPromotion);
  if (newest?.version === version) return [newest, ...older];
  const now: Promotion = { version, at: model.committedAt, commit: model.commit };
  return newest === undefined ? [now] : [now, newest, ...older];
}

function toPromotion({ version, at, commit, halted, opened }: PromotionRecord): Promotion {
  return { version, at, commit, ...defined({ halted, opened }) };
}

/** A halt stops one version: once the channel points to another one, it has no effect. */
function halt(model: FleetModel, { halted, version }: ChannelState): Halt | undefined {
  if (halted === undefined || halted.version !== version) return undefined;
  return { reason: halted.reason, at: model.committedAt };
}

/** A resumption is of one version too: it says nothing of halts of another. */
function resumption({ resumed, version }: ChannelState): Resumption | undefined {
  if (resumed === undefined || resumed.version !== version) return undefined;
  return { reason: resumed.reason, at: parseDate(resumed.at) };
}

/** Waves that were opened for one version say nothing of another: what is promoted next begins with none. */
function openedWaves({ opened, version }: ChannelState): number {
  return opened?.version === version ? opened.waves : 0;
}

function spread({ strategy = "steps", waves }: SeverityWavesState): Spread {
  return {
    strategy,
    waves: waves.map(({ percent, after }) => ({ ppm: parsePercent(percent), after: parseDuration(after) })),
  };
}

/** Those of a product whose tenant had another name, by each such name. */
function formerCanaryGroups({ tenants }: FleetModel, { channels }: ProductModel): readonly string[] {
  if (formerNamesOf(tenants).length === 0) return [];
  const groups = [...channels.values()].flatMap(({ value }) => value.rollout?.canary?.groups ?? []);
  return underFormerNames(tenants, groups);
}

/** A machine that still has a former name of its tenant tells by that name which groups it is in. */
function underFormerNames(tenants: FleetModel["tenants"], groups: readonly string[]): readonly string[] {
  const former = formerNamesOf(tenants);
  if (former.length === 0) return [];
  return groups.flatMap((path) => {
    const [tenant, group] = path.split("/");
    return former.flatMap((name) => (name.tenant === tenant ? [`${name.former}/${group}`] : []));
  });
}

function rollout({ tenants }: FleetModel, state: RolloutState, opened: number): Rollout {
  const canary = optional(
    state.canary,
    ({ devices = [], groups = [], share, of = "platform" }): Canary => ({
      devices,
      groups: [...groups, ...underFormerNames(tenants, groups)],
      ...(share === undefined ? {} : { share: parsePercent(share), of }),
    }),
  );
  const gate = optional(
    state.gate,
    ({ maxFailureRate, minReports, silentAfter, confidence, causes, maxTenantShare }): Gate => ({
      maxFailure: parsePercent(maxFailureRate),
      minReports,
      // `checks` are the controller's own: it takes them from state, and agents have no use for them.
      ...defined({
        silentAfter: optional(silentAfter, parseDuration),
        confidence: optional(confidence, parsePercent),
        causes,
        maxTenantShare: optional(maxTenantShare, parsePercent),
      }),
    }),
  );
  return {
    ...spread(state),
    ...(state.advance === undefined || state.advance === "time" ? {} : { advance: state.advance, opened }),
    ...defined({
      canary,
      gate,
      startsAt: optional(state.startsAt, parseDate),
      bySeverity: optional(state.bySeverity, ({ security }) => ({ security: spread(security) })),
    }),
  };
}

/** What the policy of a name says: the file of the tenant that has the name, or one that had it. */
type TenantSource = StateDocument<TenantState> | FormerName;

/**
 * The policies of tenants by name, also by their former names. They are many and each is of its tenant's file and nothing
 * else, so they are made when somebody asks for them: who publishes needs those alone whose file has changed.
 */
export class TenantPolicies implements ReadonlyMap<string, TenantPolicy> {
  static readonly NONE = new TenantPolicies(ChunkedMap.empty<TenantSource>(), []);

  /** Names that tenants had before and that are nobody's now, with what each is called now. */
  readonly formerNames: readonly (readonly [former: string, tenant: string])[];
  private readonly sources: ChunkedMap<TenantSource>;

  private constructor(sources: ChunkedMap<TenantSource>, formerNames: TenantPolicies["formerNames"]) {
    this.sources = sources;
    this.formerNames = formerNames;
  }

  static of(tenants: FleetModel["tenants"]): TenantPolicies {
    const chunked = tenants instanceof ChunkedMap ? tenants : ChunkedMap.of(tenants);
    const former = formerNamesOf(tenants).filter((name) => !tenants.has(name.former));
    if (former.length === 0) return new TenantPolicies(chunked, []);
    const sources: ChunkedMap<TenantSource> = chunked;
    return new TenantPolicies(
      sources.with(new Map(former.map((name) => [name.former, name]))),
      former.map(({ former: name, tenant }) => [name, tenant]),
    );
  }

  get size(): number {
    return this.sources.size;
  }

  has(name: string): boolean {
    return this.sources.has(name);
  }

  /** The very same again for a file that an earlier commit had already. */
  get(name: string): TenantPolicy | undefined {
    const source = this.sources.get(name);
    return source === undefined ? undefined : knownTenantPolicy(name, source);
  }

  /** The policies of which the file is another one than in `before`; `undefined` for a name that is there no more. */
  *changedSince(
    before: TenantPolicies,
  ): Generator<readonly [name: string, policy: TenantPolicy | undefined]> {
    for (const [name, , source] of changedEntries(before.sources, this.sources)) {
      yield [name, source === undefined ? undefined : makeTenantPolicy(name, source)];
    }
  }

  keys(): MapIterator<string> {
    return this.sources.keys();
  }

  *entries(): MapIterator<[string, TenantPolicy]> {
    for (const [name, source] of this.sources) yield [name, knownTenantPolicy(name, source)];
  }

  *values(): MapIterator<TenantPolicy> {
    for (const [, policy] of this.entries()) yield policy;
  }

  [Symbol.iterator](): MapIterator<[string, TenantPolicy]> {
    return this.entries();
  }

  forEach(
    callback: (value: TenantPolicy, key: string, map: ReadonlyMap<string, TenantPolicy>) => void,
  ): void {
    for (const [name, policy] of this) callback(policy, name, this);
  }
}

const knownTenantPolicies = new KeptByIdentity<TenantSource, TenantPolicy>();

function knownTenantPolicy(name: string, source: TenantSource): TenantPolicy {
  const known = knownTenantPolicies.get(source);
  if (known?.tenant === name) return known;
  const policy = makeTenantPolicy(name, source);
  knownTenantPolicies.set(source, policy);
  return policy;
}

/** What a machine is told that asks by a former name: the same, of a tenant of that name, since that is what it checks. */
function makeTenantPolicy(name: string, source: TenantSource): TenantPolicy {
  if ("value" in source) return tenantPolicy(name, source.value);
  const { formerly: _, ...said } = tenantPolicy(source.tenant, source.document.value);
  return { ...said, tenant: name, renamedTo: source.tenant };
}

function tenantPolicy(tenant: string, state: TenantState): TenantPolicy {
  return {
    kind: "tenant",
    schemaVersion: POLICY_SCHEMA_VERSION,
    critical: CRITICAL_KEYS,
    tenant,
    ...defined({ formerly: state.formerly }),
    ...scopePolicy(state),
    sites: mapMembers(state.sites ?? {}, scopePolicy),
    groups: Object.entries(state.groups ?? {}).map(
      ([name, group]): GroupPolicy => ({
        name,
        ...scopePolicy(group),
        devices: group.devices ?? [],
        ...defined({ match: optional(group.match, (match) => mapMembers(match, (value) => [value].flat())) }),
      }),
    ),
    devices: mapMembers(state.devices ?? {}, scopePolicy),
  };
}

/** Also used for tenants and groups: they have all settings of a site, and their other members are read elsewhere. */
function scopePolicy(state: ScopeState): ScopePolicy {
  return {
    ...scopeSettings(state),
    ...defined({ products: optional(state.products, (products) => mapMembers(products, scopeSettings)) }),
  };
}

function scopeSettings(state: SettingsState): ScopeSettings {
  return defined({
    paused: pause(state.paused),
    channel: state.channel,
    pin: optional(state.pin, pin),
    autoUpdate: state.autoUpdate,
    window: optional(state.window, updateWindow),
    freeze: freezes(state.freeze),
    localOverrides: state.localOverrides,
  });
}

function pause(state: SettingsState["paused"]): Pause | undefined {
  if (state === undefined || state === false) return undefined;
  if (state === true) return {};
  return { reason: state.reason, ...defined({ until: optional(state.until, parseDate) }) };
}

function freezes(state: SettingsState["freeze"]): Freeze[] | undefined {
  return state?.map(({ from, to, reason, owner, except }) => ({
    from: parseDate(from),
    to: parseDate(to),
    reason,
    ...defined({ owner, except }),
  }));
}

function pin({ version, reason, owner, expires }: PinState): Pin {
  return { version, ...defined({ reason, owner, expires: optional(expires, parseDate) }) };
}

function updateWindow({ days, start, duration, timeZone, onReturn = "window" }: WindowState): UpdateWindow {
  return { days, start, duration: parseDuration(duration), timeZone, onReturn };
}

function optional<T, R>(value: T | undefined, read: (value: T) => R): R | undefined {
  return value === undefined ? undefined : read(value);
}

/** Leaves out what is `undefined`, which canonical JSON cannot hold. */
function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function mapMembers<T, R>(members: Readonly<Record<string, T>>, change: (member: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, change(member)]));
}

function mapValues<T, R>(map: ReadonlyMap<string, T>, change: (value: T, key: string) => R): Map<string, R> {
  const changed = new Map<string, R>();
  for (const [key, value] of map) changed.set(key, change(value, key));
  return changed;
}
