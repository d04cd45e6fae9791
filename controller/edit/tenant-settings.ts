import { memberOf } from "../source/unchecked-yaml.ts";
import type { StateFiles } from "./state-files.ts";

/** What a tenant's file says in one place, as it is written. */
export interface TenantSettings {
  /** `tenant acme`, `site acme/berlin`, `group acme/canaries`, `device d-1`. */
  readonly label: string;
  readonly file: string;
  readonly settings: unknown;
}

/** Every place in which tenants say something: of all of their machines, of a site, a group or a device. */
export function* settingsOfTenants(files: StateFiles): Generator<TenantSettings> {
  for (const tenant of files.tenants()) {
    const file = `tenants/${tenant}.yaml`;
    const value = files.value(file);
    yield { label: `tenant ${tenant}`, file, settings: value };
    for (const part of ["site", "group", "device"] as const) {
      for (const [name, settings] of Object.entries(memberOf(value, `${part}s`) ?? {})) {
        const label = part === "device" ? `device ${name}` : `${part} ${tenant}/${name}`;
        yield { label, file, settings };
      }
    }
  }
}
