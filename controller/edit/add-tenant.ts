import { notThere } from "./choose-product.ts";
import type { Edit, EditContext } from "./edit.ts";
import { setInYaml } from "./edit-yaml.ts";
import { requireFreeTenantName, requireName } from "./free-name.ts";
import { schemaLine } from "./schema-line.ts";

export interface AddTenantRequest {
  readonly tenant: string;
  /** Absent: the fleet's default. */
  readonly channel?: string | undefined;
  readonly sites: readonly string[];
}

/** A new tenant, before its first machine enrols. @throws EditError `edit/name-taken`, `edit/unknown-channel` */
export function addTenant({ files }: EditContext, { tenant, channel, sites }: AddTenantRequest): Edit {
  requireFreeTenantName(files, tenant);
  const channels = [...new Set(files.products().flatMap((product) => files.channels(product)))];
  if (channel !== undefined && !channels.includes(channel)) {
    throw notThere("edit/unknown-channel", `no product has a channel \`${channel}\``, channel, channels);
  }
  for (const site of sites) requireName(site);
  const header = schemaLine("tenant", 1);
  const text = channel === undefined ? header : setInYaml(header, ["channel"], channel);
  const declared = Object.fromEntries(sites.map((site) => [site, {}]));
  // A file has to say something, if only that there is no site yet.
  const isNamed = sites.length > 0 || channel === undefined;
  return {
    subject: `add tenant ${tenant}`,
    changes: [
      {
        path: `tenants/${tenant}.yaml`,
        before: undefined,
        after: isNamed ? setInYaml(text, ["sites"], declared) : text,
      },
    ],
    notices: [`its machines enrol with a token: \`fairlead tokens create --tenant ${tenant}\``],
  };
}
