import { quote } from "../../protocol/printable.ts";
import { compareVersions, isVersion } from "../../protocol/version.ts";
import type { ExpectedOutcomeState, ExpectedScopeState } from "../../schemas/state.generated.ts";
import type { DesiredState } from "../desired/desired-state.ts";
import { nearestMatch } from "../diagnostics/nearest-match.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import type { ExpectedTime } from "./expectation.ts";
import { ExpectationError } from "./expectation-error.ts";
import { isStep } from "./follow-machine.ts";
import { withinTime } from "./judge.ts";
import { isInScope, type Machine, machineOf } from "./machine.ts";
import { machinesOfScope } from "./machines-of-scope.ts";

/** What is decided for the machines of a scope, as an expectation would ask for it. */
export interface RecordedExpectation {
  /** `agent at site acme/berlin` */
  readonly subject: string;
  readonly scope: ExpectedScopeState;
  readonly outcome: ExpectedOutcomeState;
  /** Why it is so: what the decision of one of them says, rule by rule where state has a say. */
  readonly because: readonly string[];
}

export interface RecordRequest {
  readonly state: DesiredState;
  /** Whose decisions: a tenant's, one site's, ...; the whole fleet's when it says nothing. */
  readonly scope: ExpectedScopeState;
  /** What the fleet runs; absent: nobody knows. */
  readonly records: readonly InventoryRecord[] | undefined;
  /** Seconds since 1970. */
  readonly now: number;
  /** The first second for which they need not hold; absent: they are for good. */
  readonly until: number | undefined;
}

/** As many as a file may hold, and as many as `except` may name: more is nothing that people keep. */
const MOST_RECORDED = 1000;

/** Longest range of versions that a state file may hold. */
const MAX_RANGE = 256;

/**
 * What is decided for a scope, from `now` on, one entry for each place in it that is decided for otherwise than the rest:
 * devices, then groups, sites, tenants, and whoever is left. Looked at again on the same state and at the same time, every
 * one of them holds: it asks for no more than all machines that it is about have in common.
 *
 * @throws ExpectationError `expectation/nothing-to-record`, `expectation/unknown-name`, `expectation/too-large`
 */
export function recordExpectations({
  state,
  scope,
  records = [],
  now,
  until,
}: RecordRequest): RecordedExpectation[] {
  requireKnown(state, scope);
  const when: ExpectedTime = { kind: "span", from: now, until: until ?? Number.POSITIVE_INFINITY };
  const recorded: RecordedExpectation[] = [];
  const { product: only } = scope;
  for (const product of only === undefined ? [...state.products.keys()] : [only]) {
    for (const part of partsOf(state, { ...scope, product }, when, now)) {
      const found = commonOf([...machinesIn(state, part, records, now)], when, now);
      if (found === undefined) continue;
      recorded.push({ subject: subjectOf(part), scope: part, ...found });
      if (recorded.length > MOST_RECORDED) {
        throw new ExpectationError(
          "expectation/too-large",
          `more than ${MOST_RECORDED} places are decided for in ways of their own`,
          { help: "name a tenant or a product" },
        );
      }
    }
  }
  if (recorded.length === 0) {
    throw new ExpectationError("expectation/nothing-to-record", "no machine is in this scope", {
      help: "check the names of the scope, or give an inventory",
    });
  }
  return recorded;
}

/** A device needs no name in the state, but for the one that finds its tenant. */
function requireKnown(state: DesiredState, { product, tenant, site, group }: ExpectedScopeState): void {
  const requireName = (what: string, name: string | undefined, known: readonly string[]): void => {
    if (name === undefined || known.includes(name)) return;
    const near = nearestMatch(name, known);
    throw new ExpectationError("expectation/unknown-name", `the state has no ${what} ${quote(name)}`, {
      help:
        near === undefined
          ? `it has ${known.slice(0, 20).join(", ") || "none"}`
          : `did you mean \`${near}\`?`,
    });
  };
  requireName("product", product, [...state.products.keys()]);
  requireName("tenant", tenant, [...state.tenants.keys()]);
  const policy = tenant === undefined ? undefined : state.tenants.get(tenant);
  requireName("site", site, Object.keys(policy?.sites ?? {}));
  requireName("group", group, policy?.groups.map(({ name }) => name) ?? []);
}

/** Those that stand for machines that there can be. */
function presumedIn(state: DesiredState, scope: ExpectedScopeState, now: number): Machine[] {
  return [...machinesOfScope(state, scope, true)].filter((machine) => machine.canBe(now));
}

function* machinesIn(
  state: DesiredState,
  scope: ExpectedScopeState,
  records: readonly InventoryRecord[],
  now: number,
): Generator<Machine> {
  for (const record of records) {
    if (scope.product !== record.product) continue;
    if (scope.tenant !== undefined && scope.tenant !== record.tenant) continue;
    const machine = machineOf(state, record);
    if (machine !== undefined && isInScope(scope, machine, record.installed)) yield machine;
  }
  yield* presumedIn(state, scope, now);
}

/**
 * The scope in parts that do not overlap: what is nearer to a machine is left out of what is wider, as decisions have it. A
 * place has a part of its own where it is decided for otherwise than by what stands around it.
 */
function partsOf(
  state: DesiredState,
  scope: ExpectedScopeState,
  when: ExpectedTime,
  now: number,
): ExpectedScopeState[] {
  const { tenant: named, site, group, device } = scope;
  if (device !== undefined || group !== undefined || site !== undefined) return [scope];
  const lookAt = (part: ExpectedScopeState): string =>
    signatureOf(commonOf(presumedIn(state, part, now), when, now)?.outcome);
  if (named !== undefined) return partsOfTenant(state, scope, named, lookAt);
  const rest = lookAt({ ...scope, except: { tenants: [...state.tenants.keys()].slice(0, MOST_RECORDED) } });
  const own = [...state.tenants.keys()].flatMap((tenant) => {
    const parts = partsOfTenant(state, { ...scope, tenant }, tenant, lookAt);
    const [all] = parts;
    const isAsRest = parts.length === 1 && all !== undefined && lookAt(all) === rest;
    return isAsRest ? [] : [{ tenant, parts }];
  });
  const tenants = own.map(({ tenant }) => tenant);
  const others = tenants.length === 0 ? scope : { ...scope, except: { tenants } };
  return [...own.flatMap(({ parts }) => parts), ...(tenants.length <= MOST_RECORDED ? [others] : [])];
}

function partsOfTenant(
  state: DesiredState,
  scope: ExpectedScopeState,
  tenant: string,
  lookAt: (part: ExpectedScopeState) => string,
): ExpectedScopeState[] {
  const policy = state.tenants.get(tenant);
  if (policy === undefined) return [];
  const names = {
    devices: Object.keys(policy.devices),
    groups: policy.groups.map(({ name }) => name),
    sites: Object.keys(policy.sites),
  };
  const plain = lookAt({ ...scope, except: notEmpty(names) });
  const own = (name: string, part: ExpectedScopeState): string[] => {
    const signature = lookAt(part);
    return signature === plain || signature === NOTHING ? [] : [name];
  };
  const devices = names.devices.flatMap((device) => own(device, { ...scope, device })).sort();
  const groups = names.groups.flatMap((group) =>
    own(group, { ...scope, group, except: notEmpty({ devices }) }),
  );
  const sites = names.sites
    .flatMap((site) => own(site, { ...scope, site, except: notEmpty({ devices, groups }) }))
    .sort();
  return [
    ...devices.map((device) => ({ ...scope, device })),
    ...groups.map((group, index) =>
      without({ ...scope, group }, { devices, groups: groups.slice(0, index) }),
    ),
    ...sites.map((site) => without({ ...scope, site }, { devices, groups })),
    without(scope, { devices, groups, sites }),
  ];
}

type Exceptions = NonNullable<ExpectedScopeState["except"]>;

function without(scope: ExpectedScopeState, except: Exceptions): ExpectedScopeState {
  const named = notEmpty(except);
  return Object.keys(named).length === 0 ? scope : { ...scope, except: named };
}

/** Without the lists that name nobody. */
function notEmpty(except: Exceptions): Exceptions {
  return Object.fromEntries(
    Object.entries(except).flatMap(([key, names]) => (names.length === 0 ? [] : [[key, names]])),
  );
}

/** What all of these machines have in common, all the time; `undefined`: there are none, or nothing. */
function commonOf(
  machines: readonly Machine[],
  when: ExpectedTime,
  now: number,
): Pick<RecordedExpectation, "outcome" | "because"> | undefined {
  const [first] = machines;
  if (first === undefined) return undefined;
  const versions = new Set<string | null>();
  const channels = new Set<string>();
  let isPaused = true;
  for (const machine of machines) {
    channels.add(machine.choice.name);
    const moments = withinTime(machine.moments(now), when, now);
    for (const [index, moment] of moments.entries()) {
      isPaused &&= moment.decision.action === "paused";
      const isPassing = isStep(moment) && moments[index + 1]?.at === moment.at;
      if (!isPassing) versions.add(moment.runs);
    }
  }
  const [channel] = channels;
  const version = rangeOf(versions, first);
  const outcome = {
    ...(channel === undefined || channels.size > 1 ? {} : { channel }),
    ...(version === undefined ? {} : { version }),
    ...(isPaused ? { action: "paused" as const } : {}),
  };
  if (Object.keys(outcome).length === 0) return undefined;
  const [told] = withinTime(first.moments(now), when, now).slice(-1);
  const spoke = told?.decision.trail.filter(
    ({ where, outcome: said }) => where !== undefined && said !== "pass",
  );
  return { outcome, because: spoke?.map(({ text, where }) => `${text} (${where})`) ?? [] };
}

/** `1.1.0 || 1.2.0`; `undefined` where one of them runs nothing, or more than can be written. */
function rangeOf(versions: ReadonlySet<string | null>, { policy }: Machine): string | undefined {
  const { versionScheme: scheme } = policy.product;
  const known = [...versions].filter((version) => version !== null && isVersion(scheme, version));
  if (known.length === 0 || known.length < versions.size) return undefined;
  const range = known.sort((a, b) => compareVersions(scheme, a ?? "", b ?? "")).join(" || ");
  return range.length > MAX_RANGE ? undefined : range;
}

/** Of a part without machines, or of machines that have nothing in common. */
const NOTHING = signatureOf(undefined);

function signatureOf(outcome: ExpectedOutcomeState | undefined): string {
  return JSON.stringify([outcome?.channel, outcome?.version, outcome?.action]);
}

function subjectOf({ product, tenant, site, group, device, except }: ExpectedScopeState): string {
  const what = product ?? "every product";
  if (device !== undefined) return `${what} on ${device}`;
  if (group !== undefined) return `${what} in group ${tenant}/${group}`;
  if (site !== undefined) return `${what} at site ${tenant}/${site}`;
  if (tenant !== undefined) return `${what} ${except === undefined ? "of" : "elsewhere at"} tenant ${tenant}`;
  return `${what} ${except === undefined ? "of everybody" : "of everybody else"}`;
}
