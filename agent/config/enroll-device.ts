import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { isSha256Hex, sha256Hex } from "../../protocol/digest.ts";
import type { RootRole } from "../../protocol/tuf/roles.ts";
import { fetchBytes } from "../fetch/fetch-bytes.ts";
import { FetchError } from "../fetch/fetch-error.ts";
import { useProxy } from "../fetch/proxy.ts";
import { errnoOf } from "../files/errno.ts";
import { installFolder } from "../formats/formats.ts";
import { type AgentHome, makeHome, productHome } from "../home/agent-home.ts";
import { homeError } from "../home/home-error.ts";
import { TrustError } from "../trust/trust-error.ts";
import type { TrustedRepository } from "../trust/trusted-repository.ts";
import { verifyInitialRoot } from "../trust/verify-roles.ts";
import { type AgentConfig, metadataUrl, type ProductConfig } from "./agent-config.ts";
import { CONFIG_ERRORS, ConfigError } from "./config-error.ts";
import { parseConfig, writeConfig } from "./config-file.ts";
import type { ConfigValues } from "./config-keys.ts";
import { type DeviceIdentity, readOrMakeDevice } from "./device-key.ts";
import { openRepository } from "./open-repository.ts";

const MAX_ROOT_BYTES = 512 * 1024;

/** How the first root is trusted: it came by a way of its own, its digest did, or nothing did. */
export type RootOrigin =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "sha256"; readonly sha256: string }
  | { readonly kind: "first-use" };

export interface Enrolled {
  readonly device: DeviceIdentity;
  /** Of the root that is now trusted. */
  readonly rootSha256: string;
  /** Why nobody could look whether the fleet knows what was enrolled. */
  readonly unchecked?: string;
}

/** Registers the device where its fleet is known, and says what else goes into its config. */
export type Register = (server: string, root: RootRole) => Promise<ConfigValues>;

/**
 * Makes this machine a device of the fleet: its key (once), its place at the controller, the trusted root, and last the
 * config, so that a half enrolment counts as none.
 *
 * @param register asked before anything but the key is written
 * @throws ConfigError, FetchError, TrustError, and what `register` throws
 */
export async function enrollDevice(
  home: AgentHome,
  values: ConfigValues,
  origin: RootOrigin,
  force: boolean,
  register?: Register,
): Promise<Enrolled> {
  if (!force && isThere(home.config)) {
    throw new ConfigError("config/already-enrolled", `there is a \`${home.config}\` already`, {
      help: "use another --home for another product, or --force to replace it (the device keeps its key)",
    });
  }
  const { server, products, tenant, proxy } = parseConfig({ schemaVersion: 1, ...values }, home.config);
  useProxy(proxy);
  const root = await readRoot(server, origin);
  makeHome(home);
  const device = readOrMakeDevice(home);
  const { role } = blamingRoot(origin, () => verifyInitialRoot(root));
  const registered = await register?.(server, role);
  blamingRoot(origin, () => openRepository(server, home, currentSecond).init(root));
  // Like every other floor that the metadata before has set.
  forgetNewestConfirmed(home);
  // Now, with a person watching: a folder that is missing later on may be a file system that is not mounted.
  for (const { installPath, format } of products) makeInstallFolder(installFolder(format, installPath));
  // Where the controller itself said to which tenant the device belongs, nobody can have mistyped it.
  const unchecked = await requireInFleet(openRepository(server, home, currentSecond), products, tenant);
  await writeConfig(home, { ...values, ...registered });
  return { device, rootSha256: sha256Hex(root), ...(unchecked === undefined ? {} : { unchecked }) };
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw homeError(error, "read", path);
  }
}

function makeInstallFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (error) {
    const why = errnoOf(error) ?? "unknown";
    throw new ConfigError("config/unusable-path", `cannot make \`${folder}\` (${why})`, {
      help: CONFIG_ERRORS["config/unusable-path"].remedy,
      cause: error,
    });
  }
}

/**
 * Now, while whoever mistyped a name is there to correct it: a machine whose product or tenant nobody knows is never
 * updated.
 *
 * @returns why it could not be looked at, where no manifest is to be had yet: that keeps nobody from enrolling
 * @throws ConfigError `config/not-in-fleet`
 */
async function requireInFleet(
  repository: TrustedRepository,
  products: readonly ProductConfig[],
  tenant: AgentConfig["tenant"],
): Promise<string | undefined> {
  try {
    await repository.refresh();
  } catch (error) {
    if (error instanceof TrustError || error instanceof FetchError) return error.message;
    throw error;
  }
  for (const { product } of products) {
    await requireKnown(`product \`${product}\``, async () => {
      await repository.releases(product);
      await repository.productPolicy(product);
    });
  }
  if (tenant === undefined) return undefined;
  await requireKnown(`tenant \`${tenant.name}\` by that key`, async () => {
    await repository.tenantPolicy(tenant);
  });
  return undefined;
}

async function requireKnown(what: string, ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof TrustError) || error.code !== "trust/unknown-target") throw error;
    throw new ConfigError("config/not-in-fleet", `the signed manifest knows no ${what}`, {
      help: CONFIG_ERRORS["config/not-in-fleet"].remedy,
      cause: error,
    });
  }
}

function forgetNewestConfirmed(home: AgentHome): void {
  const found = statSync(home.products, { throwIfNoEntry: false });
  const further = found?.isDirectory() === true ? readdirSync(home.products) : [];
  for (const { newestConfirmed } of [home, ...further.map((name) => productHome(home, name))]) {
    rmSync(newestConfirmed, { recursive: true, force: true });
  }
}

/** The person's file, or the server's, is to blame for a root that cannot be one, and nothing else is. */
function blamingRoot<T>(origin: RootOrigin, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TrustError) || errnoOf(error.cause) !== undefined) throw error;
    const where = origin.kind === "file" ? `\`${origin.path}\`` : "what the server gives as 1.root.json";
    throw new ConfigError("config/bad-root", `${where} is not a root: ${error.message}`, {
      help: "compare its sha256 with the one that the operator has; a file may be cut short: get it again",
      cause: error,
    });
  }
}

function currentSecond(): number {
  return Math.floor(Date.now() / 1000);
}

async function readRoot(server: string, origin: RootOrigin): Promise<Buffer> {
  switch (origin.kind) {
    case "file":
      return readRootFile(resolve(origin.path));
    case "sha256": {
      if (!isSha256Hex(origin.sha256)) {
        throw new ConfigError("config/bad-root", "the root's digest is not a SHA-256", {
          help: "give 64 lower-case hexadecimal digits, as `sha256sum 1.root.json` prints",
        });
      }
      const bytes = await fetchRoot(server);
      const got = sha256Hex(bytes);
      if (got === origin.sha256) return bytes;
      throw new ConfigError(
        "config/bad-root",
        `the server's root has sha256 ${got}, expected ${origin.sha256}`,
        {
          help: "ask the operator for the digest again; do not go on while they differ",
        },
      );
    }
    case "first-use":
      return fetchRoot(server);
  }
}

function readRootFile(path: string): Buffer {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size > MAX_ROOT_BYTES) {
    throw new ConfigError(
      "config/bad-root",
      `\`${path}\` is not a root file of up to ${MAX_ROOT_BYTES} bytes`,
      {
        help: "give the 1.root.json (or a later one) that the operator handed out",
      },
    );
  }
  return readFileSync(path);
}

async function fetchRoot(server: string): Promise<Buffer> {
  const url = new URL("1.root.json", metadataUrl(server));
  const { status, bytes } = await blamingServer(server, () => fetchBytes(url, { maxBytes: MAX_ROOT_BYTES }));
  if (status === 200) return bytes;
  throw new ConfigError("config/bad-root", `${url} answered with status ${status}, expected 200`, {
    help: "check --server: below it must be tuf/1.root.json",
  });
}

/** Now it is a person who waits: nothing is tried again by itself, and the address is more likely wrong than the network. */
async function blamingServer<T>(server: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    throw new FetchError(error.code, `--server ${server}: ${error.message}`, {
      help: "check --server, and that this machine reaches it; nothing was enrolled, so do it again",
      cause: error,
    });
  }
}
