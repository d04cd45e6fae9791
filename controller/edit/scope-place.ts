import { memberOf } from "../source/unchecked-yaml.ts";
import { chooseProduct, notThere, requireChannel } from "./choose-product.ts";
import { EditError } from "./edit-error.ts";
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
}

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
 * Finds the one scope that the flags name. A tenant's scope narrows to one product when `product` is given.
 *
 * @throws EditError `edit/bad-argument` when they name none, or more than one; `edit/unknown-scope`,
 *   `edit/unknown-product`, `edit/unknown-channel`, ...
 */
export function placeOfScope(files: StateFiles, flags: ScopeFlags): ScopePlace {
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
  if (flags.tenant !== undefined) return tenantPlace(files, flags.tenant, flags);
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

function tenantPlace(files: StateFiles, tenant: string, flags: ScopeFlags): ScopePlace {
  const file = `tenants/${tenant}.yaml`;
  const notices: string[] = [];
  if (files.text(file) === undefined) notices.push(`${file} is new: check the tenant's name`);
  const part = TENANT_PARTS.find((kind) => flags[kind] !== undefined);
  const name = part === undefined ? undefined : flags[part];
  const path: string[] = [];
  let label = `tenant ${tenant}`;
  if (part !== undefined && name !== undefined) {
    path.push(`${part}s`, name);
    label = part === "device" ? `device ${name}` : `${part} ${tenant}/${name}`;
    const listed = memberOf(files.value(file), `${part}s`);
    if (memberOf(listed, name) === undefined) {
      if (part === "group") {
        const known = Object.keys(listed ?? {});
        throw notThere("edit/unknown-scope", `tenant \`${tenant}\` has no group \`${name}\``, name, known);
      }
      notices.push(`${label} is new in ${file}: check its name`);
    }
  }
  if (flags.product !== undefined) path.push("products", chooseProduct(files, flags.product));
  return { file, path, keep: part === "device" ? 0 : 2, label, initial: tenantTemplate(), notices };
}

/** A tenant's file that says nothing yet. */
function tenantTemplate(): string {
  return "# yaml-language-server: $schema=../schemas/tenant.schema.json\n";
}
