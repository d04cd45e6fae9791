import { spawnSync } from "node:child_process";
import { isAbsolute } from "node:path";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import {
  badDocument,
  list,
  object,
  oneOf,
  optional,
  type Reader,
  record,
  text,
} from "../../protocol/read-json.ts";
import { ARTIFACT_FORMATS, type ArtifactFormat } from "../../protocol/release.ts";
import { readBounded } from "../files/read-bounded.ts";
import { HelperError } from "../helper-link/helper-error.ts";
import { requireRootOwned } from "./root-owned.ts";

const MAX_BYTES = 64 * 1024;

/** One product as root lets the helper install it. What is run for it stands here, and never in a request. */
export interface HelperProduct {
  readonly name: string;
  readonly format?: ArtifactFormat;
  readonly installPath: string;
  readonly executable?: string;
  readonly package?: { readonly name: string; readonly repository?: string };
  readonly service?: string;
  /** Program and arguments that restart it, where no service manager does. */
  readonly restart?: readonly string[];
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

const readConfig = object({
  schemaVersion: oneOf(1),
  socket: optional(path),
  user: text({ max: 64, form: /^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/, what: "the name or number of a user" }),
  state: optional(path),
  root: path,
  products: record(
    object({
      format: optional(oneOf(...ARTIFACT_FORMATS)),
      install_path: path,
      executable: optional(innerPath),
      package: optional(word),
      package_repository: optional(word),
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
    return toConfig(readConfig(value, ""));
  } catch (error) {
    if (error instanceof HelperError) throw error;
    const what = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
    throw badConfig(file, error instanceof ProtocolError ? what : `not YAML: ${what}`);
  }
}

function toConfig(read: ReturnType<typeof readConfig>): HelperConfig {
  const products = Object.entries(read.products).map(([name, of]): [string, HelperProduct] => [
    name,
    {
      name,
      installPath: of.install_path,
      ...(of.format === undefined ? {} : { format: of.format }),
      ...(of.executable === undefined ? {} : { executable: of.executable }),
      ...(of.package === undefined
        ? {}
        : {
            package: {
              name: of.package,
              ...(of.package_repository === undefined ? {} : { repository: of.package_repository }),
            },
          }),
      ...(of.service === undefined ? {} : { service: of.service }),
      ...(of.restart === undefined ? {} : { restart: of.restart }),
    },
  ]);
  return {
    socket: read.socket ?? DEFAULT_SOCKET,
    peer: findUser(read.user),
    state: read.state ?? DEFAULT_STATE,
    root: read.root,
    products: new Map(products),
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
