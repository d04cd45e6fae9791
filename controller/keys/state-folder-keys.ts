import { createHmac, randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readBounded } from "../files/read-bounded.ts";
import { createFile } from "../files/replace-file.ts";
import type { DevKeys } from "../trust/dev-trust.ts";
import { type KeyRole, SigningKey } from "../trust/signing-key.ts";
import { KeyError } from "./key-error.ts";
import { readKeyFile, writeKeyFile } from "./key-file.ts";

/** Reads a key below `folder`, or makes it on first use. */
function readOrMakeKey(folder: string, role: KeyRole): SigningKey {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${role}.json`);
  if (!existsSync(path)) writeKeyFile(path, SigningKey.generate(role));
  return readKeyFile(path, role);
}

/** Whether an earlier start has made the keys of development mode. */
export function hasDevKeys(stateFolder: string): boolean {
  return existsSync(devKeyFolder(stateFolder));
}

function devKeyFolder(stateFolder: string): string {
  return join(stateFolder, "dev-keys");
}

/** The keys of development mode, made at the first start and kept in the controller's state folder. */
export function openDevKeys(stateFolder: string): DevKeys {
  const folder = devKeyFolder(stateFolder);
  const keys = new Map<KeyRole, SigningKey>();
  const key = (role: KeyRole): SigningKey => {
    const known = keys.get(role) ?? readOrMakeKey(folder, role);
    keys.set(role, known);
    return known;
  };
  return {
    root: key("root"),
    targets: key("targets"),
    online: key("online"),
    release: (product) => key(`releases-${product}`),
  };
}

/** Where the controller looks for its online key unless told otherwise. */
export function onlineKeyPath(stateFolder: string): string {
  return join(stateFolder, "online.json");
}

/**
 * Where the online key is when nobody says: in the state folder, or else where `fairlead init` put it, which is what
 * somebody has who tries things out on one machine.
 *
 * @param root the state root on this machine; absent for a remote
 */
export function findOnlineKey(stateFolder: string, root: string | undefined): string {
  const own = onlineKeyPath(stateFolder);
  const made = root === undefined ? own : join(root, "keys", "online.json");
  return existsSync(own) || !existsSync(made) ? own : made;
}

/** A tenant's name to its key, 64 hexadecimal digits. */
export type TenantKeys = (tenant: string) => string;

/**
 * The key of each tenant: HMAC-SHA256 of its name under a secret that never leaves the state folder. It names the
 * tenant's policy document, so that nobody without the key can tell which one that is. The secret is made on first use.
 *
 * @throws KeyError `keys/unreadable`
 */
export function openTenantKeys(stateFolder: string): TenantKeys {
  const path = secretPath(stateFolder);
  if (!existsSync(path)) createFile(path, `${randomBytes(32).toString("hex")}\n`, 0o600);
  return tenantKeys(path);
}

/**
 * The same for a controller that has run before: nothing is made, since a new secret would give keys that open nothing.
 *
 * @throws KeyError `keys/no-state-folder`, `keys/unreadable`
 */
export function findTenantKeys(stateFolder: string): TenantKeys {
  const path = secretPath(stateFolder);
  if (existsSync(path)) return tenantKeys(path);
  throw new KeyError("keys/no-state-folder", `\`${stateFolder}\` is not the state folder of a controller`, {
    help: "run this where `fairlead serve` runs, or name its state folder with --state-dir DIR",
  });
}

function secretPath(stateFolder: string): string {
  return join(stateFolder, "naming-secret");
}

function tenantKeys(path: string): TenantKeys {
  const text = readBounded(path, 1024)?.toString("latin1").trim() ?? "";
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new KeyError("keys/unreadable", `\`${path}\` is not a naming secret`, {
      help: "restore it from a backup; a new one changes the name of every tenant's policy",
    });
  }
  const secret = Buffer.from(text, "hex");
  return (tenant) => createHmac("sha256", secret).update(tenant).digest("hex");
}
