import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { memberOf } from "../source/unchecked-yaml.ts";
import { chooseProduct, notThere, requireChannel } from "./choose-product.ts";
import { EditError } from "./edit-error.ts";
import { schemaLine } from "./schema-line.ts";
import { channelFile, type StateFiles } from "./state-files.ts";

/** How a person names a scope on the command line. */
export interface ScopeFlags {
  readonly fleet?: boolean | undefined;
  readonly product?: string | undefined;
  readonly channel?: string | undefined;
  readonly tenant?: string | undefined;
  readonly site?: string | undefined;
  readonly group?: string | undefined;
  readonly device?: string | undefined;
  /** The tenant, site or device is a real one that nothing names yet. */
  readonly new?: boolean | undefined;
}

/** Devices of which something else than the state knows where they are. */
export type KnownDevices = readonly Pick<
  InventoryRecord,
  "device" | "tenant" | "site" | "product" | "channel"
>[];

/** Where in the state a scope stands. */
export interface ScopePlace {
  readonly file: string;
  /** Path of the scope's map inside the file. */
  readonly path: readonly string[];
  /** How many levels of `path` stay even when they become empty: a declared site or group stays declared. */
  readonly keep: number;
  /** `tenant acme`, `site acme/berlin`, `channel agent/stable`, `fleet`. */
  readonly label: string;
  /** What the file starts from where it does not exist. */
  readonly initial?: string;
  readonly notices: readonly string[];
}

const TENANT_PARTS = ["site", "group", "device"] as const;

/**
 * Finds the one scope that the flags name. A tenant's scope narrows to one product when `product` is given. A tenant,
 * site or device that nothing else names is refused unless it is said to be new: a pause of a misspelt tenant would be
 * committed and hold nobody.
 *
 * @param devices what an inventory knows beside the state
 * @throws EditError `edit/bad-argument` when they name none, or more than one; `edit/unknown-scope`,
 *   `edit/unknown-product`, `edit/unknown-channel`, ...
 */
export function placeOfScope(files: StateFiles, flags: ScopeFlags, devices: KnownDevices = []): ScopePlace {
  const parts = TENANT_PARTS.filter((part) => flags[part] !== undefined);
  if (flags.tenant === undefined && parts.length > 0) {
    throw new EditError("edit/bad-argument", `--${parts[0]} needs --tenant`);
  }
  const named = [flags.fleet === true, flags.tenant !== undefined, flags.channel !== undefined];
  if (
    named.filter(Boolean).length > 1 ||
    parts.length > 1 ||
    (flags.fleet === true && flags.product !== undefined)
  ) {
    throw new EditError("edit/bad-argument", "these options name more than one scope", {
      help: "name one: --fleet, --product P, --channel C, or --tenant T with at most one of --site, --group, --device",
    });
  }
  if (flags.tenant !== undefined) return tenantPlace(files, flags.tenant, flags, devices);
  if (flags.channel !== undefined) {
    const product = chooseProduct(files, flags.product);
    requireChannel(files, product, flags.channel);
    return plain(channelFile(product, flags.channel), `channel ${product}/${flags.channel}`);
  }
  if (flags.product !== undefined) {
    const product = chooseProduct(files, flags.product);
    return plain(`products/${product}/product.yaml`, `product ${product}`);
  }
  if (flags.fleet === true) return plain("fleet.yaml", "fleet");
  throw new EditError("edit/bad-argument", "no scope is named", {
    help: "say for whom: --fleet, --product P, --channel C, or --tenant T with --site, --group or --device",
  });
}

function plain(file: string, label: string): ScopePlace {
  return { file, path: [], keep: 0, label, notices: [] };
}

function tenantPlace(
  files: StateFiles,
  tenant: string,
  flags: ScopeFlags,
  devices: KnownDevices,
): ScopePlace {
  const file = `tenants/${tenant}.yaml`;
  const ofTenant = devices.filter((record) => record.tenant === tenant);
  const notices: string[] = [];
  if (files.text(file) === undefined && ofTenant.length === 0) {
    if (flags.new !== true) throw unknown(`tenant \`${tenant}\` does not exist`, tenant, files.tenants());
    notices.push(`${file} is new`);
  }
  const part = TENANT_PARTS.find((kind) => flags[kind] !== undefined);
  const name = part === undefined ? undefined : flags[part];
  const path: string[] = [];
  let label = `tenant ${tenant}`;
  if (part !== undefined && name !== undefined) {
    path.push(`${part}s`, name);
    label = part === "device" ? `device ${name}` : `${part} ${tenant}/${name}`;
    const known = knownParts(files.value(file), part, ofTenant);
    if (!known.has(name)) {
      if (part === "group" || flags.new !== true) {
        throw unknown(
          `tenant \`${tenant}\` has no ${part} \`${name}\` that state names`,
          name,
          [...known],
          part,
        );
      }
      notices.push(`${label} is new in ${file}`);
    }
  }
  if (flags.product !== undefined) path.push("products", chooseProduct(files, flags.product));
  return { file, path, keep: part === "device" ? 0 : 2, label, initial: schemaLine("tenant", 1), notices };
}

/** What state, or the inventory, knows of one part of a tenant: devices stand in groups too. */
function knownParts(
  value: unknown,
  part: (typeof TENANT_PARTS)[number],
  devices: KnownDevices,
): ReadonlySet<string> {
  const known = new Set(Object.keys(memberOf(value, `${part}s`) ?? {}));
  if (part === "group") return known;
  for (const record of devices) {
    const name = record[part];
    if (name !== undefined) known.add(name);
  }
  if (part === "device") {
    for (const group of Object.values(memberOf(value, "groups") ?? {})) {
      const listed = memberOf(group, "devices");
      for (const device of Array.isArray(listed) ? listed : []) known.add(String(device));
    }
  }
  return known;
}

function unknown(message: string, name: string, known: readonly string[], part = "tenant"): EditError {
  const refusal = notThere("edit/unknown-scope", message, name, known);
  if (part === "group") return refusal;
  return new EditError(refusal.code, message, {
    help: `${refusal.help ?? ""}${refusal.help?.endsWith("?") ? "" : ";"} --new for a ${part} that nothing names yet`,
  });
}
