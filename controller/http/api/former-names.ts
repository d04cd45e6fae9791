import { FleetError } from "../../fleet/fleet-error.ts";
import { StoreError } from "../../fleet/store/store-error.ts";
import type { RouteContext } from "../route-context.ts";

/** A name that a tenant had before and answers to, and who is known to use it. */
export interface FormerNameReport {
  readonly name: string;
  /** What it is called now. */
  readonly tenant: string;
  /** Machines that have not said yet that they took the present name over; absent: nobody can tell. */
  readonly machines?: number;
  /** Enrolment tokens that are good and were made for it; absent: nobody can tell. */
  readonly tokens?: number;
  /** People who are limited to it by that name; absent: nobody can tell. */
  readonly people?: number;
}

/** Most names that go into the report. */
const MOST_NAMES = 100;

/** The former names of tenants. Never fails: without the fleet's store it says the names alone. */
export async function formerNamesReport(context: RouteContext): Promise<readonly FormerNameReport[]> {
  const served = context.state().serving?.manifest.tenants.formerNames ?? [];
  const names = served.slice(0, MOST_NAMES).map(([name, tenant]) => ({ name, tenant }));
  const { fleet } = context;
  if (names.length === 0 || fleet === undefined) return names;
  const tenants = names.map(({ name }) => name);
  const now = context.now();
  try {
    const { store } = fleet;
    const [facets, tokens, people] = await Promise.all([
      store.devices.facets({ tenants }, now),
      store.tokens.list(tenants),
      store.people.list(),
    ]);
    const machines = new Map(facets.tenant.map(({ value, devices }) => [value, devices]));
    const good = tokens.filter(
      ({ expiresAt, usesLeft, revokedAt }) => expiresAt > now && usesLeft > 0 && revokedAt === null,
    );
    return names.map((one) => ({
      ...one,
      machines: machines.get(one.name) ?? 0,
      tokens: good.filter(({ tenant }) => tenant === one.name).length,
      people: people.filter((person) => person.tenants?.includes(one.name) === true).length,
    }));
  } catch (error) {
    if (error instanceof StoreError || error instanceof FleetError) return names;
    throw error;
  }
}
