import { parseDate } from "../../protocol/date.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { PinState, ScopeState, SettingsState, TenantState } from "../../schemas/state.generated.ts";
import { type Chunk, chunksOf } from "./chunked-map.ts";
import type { StateDocument } from "./fleet-model.ts";
import type { SoundState } from "./sound-state.ts";

/** One place that may hold settings: the fleet, a tenant, site, group or device, or what one of them says of a product. */
export interface StateScope {
  /** `fleet`, `tenant acme`, `site acme/berlin`, `group acme/canaries`, `device d-1`. */
  readonly label: string;
  readonly tenant?: string;
  readonly document: StateDocument<unknown>;
  readonly path: readonly (string | number)[];
  readonly settings: SettingsState;
  /** The product that the settings are about; absent: all. */
  readonly product?: string;
  /** What the same scope says about all products, where `settings` is about one. */
  readonly forAll?: SettingsState;
}

type StateOfScopes = Pick<SoundState, "fleet" | "tenants">;

/** Every scope of a state, the fleet first. */
export function* scopesOfState(state: StateOfScopes): Generator<StateScope> {
  if (state.fleet !== undefined) {
    yield { label: "fleet", document: state.fleet, path: [], settings: state.fleet.value };
  }
  if (state.tenants.size === 0) return;
  for (const chunk of chunksOf(state.tenants)) yield* scopesOf(chunk);
}

type TenantChunk = Chunk<StateDocument<TenantState>>;

/** The scopes of the tenants that were asked about last: rules take turns at the same tenants. */
let last: { readonly chunk: TenantChunk; readonly scopes: readonly StateScope[] } | undefined;

function scopesOf(chunk: TenantChunk): readonly StateScope[] {
  if (last?.chunk !== chunk) {
    const scopes: StateScope[] = [];
    for (const [tenant, document] of chunk) collectScopes(tenant, document, scopes);
    last = { chunk, scopes };
  }
  return last.scopes;
}

/** Those scopes that say what few do. */
interface RareScopes {
  readonly pinned: readonly PinnedScope[];
  readonly frozen: readonly StateScope[];
  readonly paused: readonly StateScope[];
  readonly held: readonly StateScope[];
  readonly windowed: readonly StateScope[];
}

const knownInChunk = new KeptByIdentity<TenantChunk, RareScopes>();
const knownInState = new KeptByIdentity<SoundState["tenants"], RareScopes>();

/** Found once in each part of the tenants, and put together once for each state: every rule asks for them. */
function rareScopes({ tenants }: Pick<StateOfScopes, "tenants">): RareScopes {
  return knownInState.of(tenants, () => {
    const parts = chunksOf(tenants).map((chunk) => knownInChunk.of(chunk, findRare));
    return {
      pinned: parts.flatMap(({ pinned }) => pinned),
      frozen: parts.flatMap(({ frozen }) => frozen),
      paused: parts.flatMap(({ paused }) => paused),
      held: parts.flatMap(({ held }) => held),
      windowed: parts.flatMap(({ windowed }) => windowed),
    };
  });
}

function findRare(chunk: TenantChunk): RareScopes {
  const all = scopesOf(chunk);
  const rare = {
    pinned: all.flatMap(asPinned),
    frozen: all.filter(({ settings }) => settings.freeze !== undefined),
    paused: all.filter(({ settings }) => settings.paused !== undefined),
    held: all.filter(({ settings }) => isHeld(settings)),
    windowed: all.filter(({ settings }) => settings.window !== undefined),
  };
  return Object.values(rare).every(({ length }) => length === 0) ? NOTHING_RARE : rare;
}

const NOTHING_RARE: RareScopes = { pinned: [], frozen: [], paused: [], held: [], windowed: [] };

/** Adds the scopes of a tenant. Each commit looks at hundreds of tenants beside the one that it changes. */
function collectScopes(tenant: string, document: StateDocument<TenantState>, into: StateScope[]): void {
  const { sites, groups, devices } = document.value;
  const add = (label: string, path: readonly (string | number)[], scope: ScopeState): void => {
    into.push({ label, tenant, document, path, settings: scope });
    if (scope.products === undefined) return;
    for (const [product, settings] of Object.entries(scope.products)) {
      into.push({
        ...{ label, tenant, document, path: [...path, "products", product] },
        ...{ settings, product, forAll: scope },
      });
    }
  };
  add(`tenant ${tenant}`, [], document.value);
  for (const [name, site] of membersOf(sites)) add(`site ${tenant}/${name}`, ["sites", name], site);
  for (const [name, group] of membersOf(groups)) add(`group ${tenant}/${name}`, ["groups", name], group);
  for (const [id, device] of membersOf(devices)) add(`device ${id}`, ["devices", id], device);
}

function membersOf<T>(members: Readonly<Record<string, T>> | undefined): readonly [string, T][] {
  return members === undefined ? NO_MEMBERS : Object.entries(members);
}

const NO_MEMBERS: readonly never[] = [];

/** A scope that pins a product, with the pin. */
export interface PinnedScope extends StateScope {
  readonly product: string;
  readonly pin: PinState;
}

/** Whether a pin no longer holds at `now`, in seconds since 1970. */
export function isExpired(pin: PinState, now: number): boolean {
  return pin.expires !== undefined && parseDate(pin.expires) <= now;
}

/** Every pin of a product; the fleet has none, since it names no product. */
export function pinsOfState(state: StateOfScopes): readonly PinnedScope[] {
  return rareScopes(state).pinned;
}

/** Every scope of a tenant that declares a freeze. */
export function frozenScopes(state: Pick<StateOfScopes, "tenants">): readonly StateScope[] {
  return rareScopes(state).frozen;
}

/** Every scope of a tenant that says something about a pause. */
export function pausedScopes(state: Pick<StateOfScopes, "tenants">): readonly StateScope[] {
  return rareScopes(state).paused;
}

/** Every scope of a tenant that says something about a pause, or that updates are not automatic. */
export function heldScopes(state: Pick<StateOfScopes, "tenants">): readonly StateScope[] {
  return rareScopes(state).held;
}

/** Every scope of a tenant that has a window. */
export function windowedScopes(state: Pick<StateOfScopes, "tenants">): readonly StateScope[] {
  return rareScopes(state).windowed;
}

function isHeld({ paused, autoUpdate }: SettingsState): boolean {
  return paused !== undefined || autoUpdate === false;
}

function asPinned(scope: StateScope): PinnedScope[] {
  const { product, settings } = scope;
  return product === undefined || settings.pin === undefined
    ? []
    : [{ ...scope, product, pin: settings.pin }];
}
