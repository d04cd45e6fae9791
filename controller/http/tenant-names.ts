import type { TenantPolicy } from "../../protocol/policy.ts";
import type { TenantScope } from "../fleet/store/fleet-store.ts";
import type { ServedManifest } from "./manifest/served-manifest.ts";

/** The tenants of what is served, by any of their names. */
type Tenants = { get(name: string): Pick<TenantPolicy, "formerly" | "renamedTo"> | undefined };

/** What a tenant is called now, by any of its names; a name that nobody has stays as it is. */
export function presentName(tenants: Tenants, name: string): string {
  return tenants.get(name)?.renamedTo ?? name;
}

/**
 * A scope with every name of each of its tenants. A machine is recorded under the name that it uses, and a person may
 * have been let in under another: a rename takes nothing from the view of either.
 */
export function underAllNames(serving: ServedManifest | undefined, scope: TenantScope): TenantScope {
  if (scope === null || serving === undefined) return scope;
  const { tenants } = serving.manifest;
  const names = scope.flatMap((name) => {
    const present = presentName(tenants, name);
    return [name, present, ...(tenants.get(present)?.formerly ?? [])];
  });
  return [...new Set(names)];
}
