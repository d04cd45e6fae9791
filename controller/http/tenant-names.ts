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
  return scope === null ? null : allNames(serving, scope);
}

/** These names of tenants, with every other name that one of those tenants has or had. */
export function allNames(
  serving: Pick<ServedManifest, "manifest"> | undefined,
  given: readonly string[],
): readonly string[] {
  if (serving === undefined) return given;
  const { tenants } = serving.manifest;
  const names = given.flatMap((name) => {
    const present = presentName(tenants, name);
    return [name, present, ...(tenants.get(present)?.formerly ?? [])];
  });
  return [...new Set(names)];
}
