import { spawnSync } from "node:child_process";
import { isAbsolute } from "node:path";
import { isLabelValue, isName } from "../../protocol/manifest-names.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import {
  badDocument,
  flag,
  list,
  object,
  oneOf,
  optional,
  type Reader,
  record,
  text,
} from "../../protocol/read-json.ts";
import { ARTIFACT_FORMATS, type ArtifactFormat, PACKAGE_FORMATS } from "../../protocol/release.ts";
import { readBounded } from "../files/read-bounded.ts";
import { needsExecutable } from "../formats/formats.ts";
import { HelperError } from "../helper-link/helper-error.ts";
import { requireRootOwned } from "./root-owned.ts";

const MAX_BYTES = 64 * 1024;

/** One product as root lets the helper install it. What is run for it stands here, and never in a request. */
export interface HelperProduct {
  readonly name: string;
  readonly format?: ArtifactFormat;
  readonly installPath: string;
  readonly executable?: string;
  readonly package?: { readonly name: string; readonly withoutWayBack?: true };
  readonly service?: string;
  /** Program and arguments that restart it, where no service manager does. */
  readonly restart?: readonly string[];
}

/** Where root says that the machine belongs: whose pauses hold for it. What is not said here, the helper does not judge by. */
export interface HelperMachine {
  readonly tenant?: { readonly name: string; readonly key: string };
  readonly site?: string;
  readonly device?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The privileged helper's own settings. */
export interface HelperConfig {
  readonly socket: string;
  /** The user whose processes may ask, and the group that the socket's folder is given to. */
  readonly peer: { readonly uid: number; readonly gid: number };
  /** Folder for what it trusts and remembers. */
  readonly state: string;
  /** File of the root to trust where the helper trusts none yet. */
  readonly root: string;
  readonly machine: HelperMachine;
  readonly products: ReadonlyMap<string, HelperProduct>;
}

const word = text({ max: 256, form: /^[A-Za-z0-9][A-Za-z0-9@:+._-]*$/, what: "a name" });
const path: Reader<string> = (value, at) => {
  const found = text({ max: 4096 })(value, at);
  if (!isAbsolute(found) || found.includes("\0")) throw badDocument(at, "an absolute path", found);
  return found;
};
const innerPath = text({
  max: 1024,
  form: /^(?!(?:.*\/)?\.{1,2}(?:\/|$))[^/\0]+(?:\/[^/\0]+)*$/,
  what: "a path inside the archive, such as bin/lantern",
});
const productName = text({ max: 63, form: /^[a-z0-9][a-z0-9-]*$/, what: "a product's name" });

const name: Reader<string> = (value, at) => {
  const found = text({ max: 63 })(value, at);
  if (!isName(found)) throw badDocument(at, "a name", found);
  return found;
};
const label: Reader<string> = (value, at) => {
  const found = text({ max: 63 })(value, at);
  if (!isLabelValue(found)) throw badDocument(at, "the value of a label", found);
  return found;
};
const tenantKey = text({ max: 64, form: /^[0-9a-f]{64}$/, what: "64 hexadecimal digits" });
const deviceId = text({ max: 128, form: /^[A-Za-z0-9][A-Za-z0-9._:-]*$/, what: "the id of a device" });

const readConfig = object({
  schemaVersion: oneOf(1),
  socket: optional(path),
  user: text({ max: 64, form: /^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/, what: "the name or number of a user" }),
  state: optional(path),
  root: path,
  tenant: optional(name),
  tenant_key: optional(tenantKey),
  site: optional(name),
  device: optional(deviceId),
  labels: optional(record(label, 50, name)),
  products: record(
    object({
      format: optional(oneOf(...ARTIFACT_FORMATS)),
      install_path: path,
      executable: optional(innerPath),
      package: optional(word),
      package_without_way_back: optional(flag),
      service: optional(word),
      restart: optional(list(text({ max: 4096 }), 64)),
    }),
    50,
    productName,
  ),
});

export const DEFAULT_SOCKET = "/run/fairlead-helper/socket";
const DEFAULT_STATE = "/var/lib/fairlead-helper";

/**
 * Reads the helper's config: root's own file, since it names what is run with root's rights.
 *
 * @throws HelperError `helper/untrusted-path`, `helper/bad-config`
 */
export async function readHelperConfig(file: string): Promise<HelperConfig> {
  requireRootOwned(file);
  const read = readBounded(file, MAX_BYTES);
  if (read.kind !== "bytes") throw badConfig(file, read.kind === "absent" ? "it is not there" : read.why);
  const { parse } = await import("yaml");
  try {
    const value = parse(new TextDecoder("utf-8", { fatal: true }).decode(read.bytes), {
      maxAliasCount: 0,
      uniqueKeys: true,
    });
    return toConfig(readConfig(value, ""), file);
  } catch (error) {
    if (error instanceof HelperError) throw error;
    const what = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
    throw badConfig(file, error instanceof ProtocolError ? what : `not YAML: ${what}`);
  }
}

function toConfig(read: ReturnType<typeof readConfig>, file: string): HelperConfig {
  const products = Object.entries(read.products).map(([name, of]): [string, HelperProduct] => {
    if (needsExecutable(of.format) && of.executable === undefined) {
      throw badConfig(file, `products.${name}.executable is missing: which program in the archive it is`);
    }
    if (PACKAGE_FORMATS.some((one) => one === of.format) && of.package === undefined) {
      throw badConfig(file, `products.${name}.package is missing: which package it is`);
    }
    const product: HelperProduct = {
      name,
      installPath: of.install_path,
      ...(of.format === undefined ? {} : { format: of.format }),
      ...(of.executable === undefined ? {} : { executable: of.executable }),
      ...(of.package === undefined
        ? {}
        : {
            package: {
              name: of.package,
              ...(of.package_without_way_back === true ? { withoutWayBack: true } : {}),
            },
          }),
      ...(of.service === undefined ? {} : { service: of.service }),
      ...(of.restart === undefined ? {} : { restart: of.restart }),
    };
    return [name, product];
  });
  return {
    socket: read.socket ?? DEFAULT_SOCKET,
    peer: findUser(read.user),
    state: read.state ?? DEFAULT_STATE,
    root: read.root,
    machine: toMachine(read, file),
    products: new Map(products),
  };
}

function toMachine(read: ReturnType<typeof readConfig>, file: string): HelperMachine {
  const { tenant, tenant_key: key, site, device, labels } = read;
  if ((tenant === undefined) !== (key === undefined)) {
    throw badConfig(file, "tenant and tenant_key belong together");
  }
  if (tenant === undefined && (site ?? device ?? labels) !== undefined) {
    throw badConfig(file, "site, device and labels belong to a tenant");
  }
  return {
    ...(tenant === undefined || key === undefined ? {} : { tenant: { name: tenant, key } }),
    ...(site === undefined ? {} : { site }),
    ...(device === undefined ? {} : { device }),
    ...(labels === undefined ? {} : { labels }),
  };
}

/** By number where it is one; else the system is asked, as it may know users from elsewhere than /etc/passwd. */
function findUser(user: string): { uid: number; gid: number } {
  const [uid, gid] = ["-u", "-g"].map((what) => {
    const { status, stdout } = spawnSync("id", [what, "--", user], { encoding: "utf8", timeout: 10_000 });
    return status === 0 && /^\d+\n$/.test(stdout) ? Number(stdout) : undefined;
  });
  if (uid !== undefined && gid !== undefined) return { uid, gid };
  if (/^\d{1,9}$/.test(user)) return { uid: Number(user), gid: Number(user) };
  throw new HelperError("helper/bad-config", `there is no user \`${user}\` on this machine`, {
    help: "make the user that the agent runs as, or correct `user` in the helper's config",
  });
}

function badConfig(file: string, why: string): HelperError {
  return new HelperError("helper/bad-config", `\`${file}\`: ${why}`, {
    help: "correct the file, then start the helper again",
  });
}
