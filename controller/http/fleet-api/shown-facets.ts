import { FACETS, type Facet, type FacetValue } from "../../fleet/store/fleet-store.ts";
import type { Caller } from "../sign-in.ts";
import { presentName } from "../tenant-names.ts";
import { askedDevices, byVersion, type DeviceQuery, groupsOf, schemeOf } from "./asked-devices.ts";
import type { FleetScope } from "./fleet-scope.ts";

/** Values of one facet that are answered. */
const MOST_VALUES = 100;

type ShownFacets = Readonly<Record<Facet | "group", readonly FacetValue[]>> & {
  readonly total: number;
  readonly left: Readonly<Record<string, number>>;
};

/** The facets of a list, with those of the one tenant's groups that is asked for, or that the caller may know of. */
export async function shownFacets(
  scope: FleetScope,
  caller: Caller,
  query: DeviceQuery,
): Promise<ShownFacets> {
  const now = scope.context.now();
  const filter = await askedDevices(scope, caller, query);
  const [facets, group] = await Promise.all([
    scope.store.devices.facets(filter, now),
    countGroups(scope, caller, query),
  ]);
  const version = facets.version.toSorted((a, b) => {
    const [ofA, ofB] = [a.product ?? "", b.product ?? ""];
    return ofA === ofB ? byVersion(schemeOf(scope, ofA))(a.value, b.value) : ofA < ofB ? -1 : 1;
  });
  const all: Readonly<Record<Facet | "group", readonly FacetValue[]>> = { ...facets, version, group };
  const left: Record<string, number> = {};
  for (const facet of [...FACETS, "group"] as const) {
    const more = all[facet].length - MOST_VALUES;
    if (more > 0) left[facet] = more;
  }
  const few = (facet: Facet | "group"): readonly FacetValue[] => all[facet].slice(0, MOST_VALUES);
  return {
    ...{ total: facets.total, left },
    ...{ state: few("state"), tenant: few("tenant"), site: few("site"), platform: few("platform") },
    ...{ product: few("product"), version: few("version"), channel: few("channel"), cause: few("cause") },
    group: few("group"),
  };
}

async function countGroups(
  scope: FleetScope,
  caller: Caller,
  { group: _, ...query }: DeviceQuery,
): Promise<readonly FacetValue[]> {
  const { serving } = scope.context.state();
  if (serving === undefined) return [];
  const asked = query.tenant ?? caller.tenants ?? [];
  const { tenants } = serving.manifest;
  const [tenant, ...others] = new Set(asked.map((name) => presentName(tenants, name)));
  if (tenant === undefined || others.length > 0) return [];
  const groups = groupsOf(serving, caller, tenant).slice(0, MOST_VALUES);
  if (groups.length === 0) return [];
  const filter = await askedDevices(scope, caller, query);
  const counts = await scope.store.devices.countMembers(
    filter,
    groups.flatMap(({ members }) => members),
    scope.context.now(),
  );
  let at = 0;
  return groups.map(({ name, members }) => {
    const ofGroup = counts.slice(at, at + members.length);
    at += members.length;
    return { value: `${tenant}/${name}`, devices: ofGroup.reduce((sum, devices) => sum + devices, 0) };
  });
}
