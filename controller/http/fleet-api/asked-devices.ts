import type { FailureCause } from "../../../protocol/gate/failure-causes.ts";
import type { VersionScheme } from "../../../protocol/version.ts";
import { compareVersions, isVersion } from "../../../protocol/version.ts";
import type { DeviceFilter, DeviceOrder, DeviceState, GroupMembers } from "../../fleet/store/fleet-store.ts";
import { DEVICE_STATES } from "../../fleet/store/fleet-store.ts";
import { HttpError } from "../http-error.ts";
import type { ServedManifest } from "../manifest/served-manifest.ts";
import { requireServing } from "../route-context.ts";
import { type Caller, mayKnow } from "../sign-in.ts";
import { allNames } from "../tenant-names.ts";
import type { FleetScope } from "./fleet-scope.ts";
import type { DeviceSort } from "./input-schemas.ts";

/** What a list of machines is asked for, as the query or a body says it: of several values of one key one must hold. */
export interface DeviceQuery {
  readonly tenant?: readonly string[];
  readonly site?: readonly string[];
  /** `tenant/group` */
  readonly group?: readonly string[];
  readonly label?: string;
  readonly platform?: readonly string[];
  readonly product?: string;
  /** A version, or `<` and one: all that are lower. */
  readonly version?: readonly string[];
  readonly channel?: readonly string[];
  readonly state?: readonly DeviceState[];
  readonly cause?: readonly FailureCause[];
  readonly search?: string;
}

/**
 * The machines that somebody asks for, of those that the caller may know of. Groups are in the policy that is served: one
 * that there is not, or that is another tenant's, has nobody in it.
 *
 * @throws HttpError `http/no-manifest`, where the served policy is needed; `http/bad-request`
 */
export async function askedDevices(
  scope: FleetScope,
  caller: Caller,
  query: DeviceQuery,
): Promise<DeviceFilter> {
  const { label, group, version, ...others } = query;
  const { site, platform, product, channel, state, cause, search } = others;
  const { serving } = scope.context.state();
  // Machines are recorded under the name that they use.
  const tenant = others.tenant === undefined ? undefined : allNames(serving, others.tenant);
  const [, labelName, value] = /^([^=]+)=(.+)$/s.exec(label ?? "") ?? [];
  return {
    tenants: caller.tenants,
    ...(tenant === undefined ? {} : { tenant }),
    ...(site === undefined ? {} : { site }),
    ...(group === undefined ? {} : { groups: group.flatMap((name) => membersOf(scope, caller, name)) }),
    ...(platform === undefined ? {} : { platform }),
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : await versionsAsked(scope, caller, version, product)),
    ...(channel === undefined ? {} : { channel }),
    ...(state === undefined ? {} : { state }),
    ...(cause === undefined ? {} : { cause }),
    ...(search === undefined ? {} : { search }),
    ...(labelName === undefined || value === undefined ? {} : { label: [labelName, value] }),
  };
}

function membersOf(scope: FleetScope, caller: Caller, name: string): readonly GroupMembers[] {
  const [tenant = "", group = ""] = name.split("/");
  const serving = requireServing(scope.context);
  const found = groupsOf(serving, caller, tenant).find((one) => one.name === group);
  return found?.members ?? [{ tenant, devices: [] }];
}

/**
 * The groups of a tenant, in its order; none where the caller may not know of it. The members of each are those of every
 * name that the tenant has.
 */
export function groupsOf(
  serving: ServedManifest,
  caller: Pick<Caller, "tenants">,
  tenant: string,
): readonly { readonly name: string; readonly members: readonly GroupMembers[] }[] {
  if (!mayKnow(caller, tenant)) return [];
  const groups = serving.manifest.tenants.get(tenant)?.groups ?? [];
  const names = allNames(serving, [tenant]);
  return groups.map(({ name, devices, match }) => ({
    name,
    members: names.map((one) => ({ tenant: one, devices, ...(match === undefined ? {} : { match }) })),
  }));
}

async function versionsAsked(
  scope: FleetScope,
  caller: Caller,
  asked: readonly string[],
  product: string | undefined,
): Promise<Pick<DeviceFilter, "version" | "product">> {
  if (!asked.some((one) => one.startsWith("<"))) return { version: asked };
  if (product === undefined) {
    throw new HttpError("http/bad-request", "versions below one are of a product", {
      help: "name it as `product`",
    });
  }
  const scheme = schemeOf(scope, product);
  const known = await knownVersions(scope, caller, product);
  const version = asked.flatMap((one) => {
    if (!one.startsWith("<")) return [one];
    const bound = one.slice(1);
    if (!isVersion(scheme, bound)) {
      throw new HttpError("http/bad-request", `\`${bound}\` is no version of ${product}`);
    }
    return known.filter((each) => isVersion(scheme, each) && compareVersions(scheme, each, bound) < 0);
  });
  return { version };
}

async function knownVersions(scope: FleetScope, { tenants }: Caller, product: string) {
  const { version } = await scope.store.devices.facets({ tenants, product }, scope.context.now());
  return version.map(({ value }) => value);
}

export function schemeOf({ context }: FleetScope, product: string): VersionScheme {
  return context.state().serving?.manifest.products.get(product)?.policy.versionScheme ?? "semver";
}

/** Newest first; what is no version of the scheme comes last. */
export function byVersion(scheme: VersionScheme): (a: string, b: string) => number {
  return (a, b) => {
    const [isA, isB] = [isVersion(scheme, a), isVersion(scheme, b)];
    if (isA && isB) return compareVersions(scheme, b, a);
    return Number(isB) - Number(isA) || (a < b ? -1 : 1);
  };
}

/** What the list is ordered by. @throws HttpError `http/bad-request` */
export async function askedOrder(
  scope: FleetScope,
  caller: Caller,
  sort: DeviceSort | undefined,
  product: string | undefined,
): Promise<DeviceOrder | undefined> {
  switch (sort) {
    case undefined:
      return undefined;
    case "seen":
    case "-seen":
      return { by: "seen", newestFirst: sort === "-seen" };
    case "state":
      return { by: "state", among: DEVICE_STATES };
    case "-state":
      return { by: "state", among: DEVICE_STATES.toReversed() };
    case "version":
    case "-version": {
      if (product === undefined) {
        throw new HttpError("http/bad-request", "versions are of a product", {
          help: "name it as `product`",
        });
      }
      const newestFirst = (await knownVersions(scope, caller, product)).toSorted(
        byVersion(schemeOf(scope, product)),
      );
      return { by: "version", among: sort === "-version" ? newestFirst : newestFirst.toReversed() };
    }
  }
}
