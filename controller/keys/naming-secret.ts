import { createHmac, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256Hex } from "../../protocol/digest.ts";
import { createFile, replaceFile } from "../files/replace-file.ts";
import type { FileToWrite } from "../files/write-together.ts";
import { KeyError } from "./key-error.ts";
import type { MadeKey } from "./key-supply.ts";
import { readPrivateFile } from "./read-private-file.ts";

/** The file with the naming secret: in the controller's state folder, and in the folder of a fleet's first keys. */
export const NAMING_SECRET = "naming-secret";

/** In the state folder: the SHA-256 of a naming secret that a person made in the place of another one. */
const RENAMING = "naming-secret.renames";
const MAX_BYTES = 1024;

/** A tenant's name to its key, 64 hexadecimal digits. */
export type TenantKeys = (tenant: string) => string;

/** What the controller knows about where its naming secret may be. */
export interface NamingSecretPlaces {
  readonly stateFolder: string;
  /** Folder of the online key: the secret may have come with it. */
  readonly besideOnlineKey: string | undefined;
  /** Whether nothing can have been published with another one: then it is made. */
  readonly mayMake: boolean;
}

/** As the text of its file. */
function newNamingSecret(): string {
  return `${randomBytes(32).toString("hex")}\n`;
}

/**
 * The naming secret of a new fleet, beside its first online key where that is made here; nothing where there is one.
 *
 * @param made new keys, of all roles
 */
export function firstNamingSecret(made: readonly MadeKey[]): FileToWrite[] {
  const online = made.find(({ key }) => key.role === "online");
  const path = online === undefined ? undefined : secretPath(dirname(online.path));
  if (path === undefined || existsSync(path)) return [];
  return [{ path, bytes: newNamingSecret(), mode: 0o600, write: "create" }];
}

/**
 * The key of each tenant: HMAC-SHA256 of its name under the naming secret. It names the tenant's policy document, so that
 * nobody without the key can tell which one that is.
 *
 * The secret is made with a fleet's first keys, given to the controller with the online key, and kept in its state
 * folder from then on. A controller makes one by itself in development only: an empty state folder looks alike before the
 * first start and after a loss, and a new secret renames every tenant's policy, which no machine then finds.
 *
 * @throws KeyError `keys/no-naming-secret`, `keys/unreadable`, `keys/too-open`
 * @throws SystemError
 */
export function openTenantKeys({ stateFolder, besideOnlineKey, mayMake }: NamingSecretPlaces): TenantKeys {
  const own = secretPath(stateFolder);
  if (existsSync(own)) return tenantKeys(readSecret(own));
  const brought = besideOnlineKey === undefined ? own : secretPath(besideOnlineKey);
  if (brought !== own && existsSync(brought)) {
    const secret = readSecret(brought);
    createFile(own, `${secret}\n`, 0o600);
    return tenantKeys(secret);
  }
  if (!mayMake) throw lost(own);
  createFile(own, newNamingSecret(), 0o600);
  return tenantKeys(readSecret(own));
}

/**
 * The same for a controller that has run before: nothing is made, since a new secret would give keys that open nothing.
 *
 * @throws KeyError `keys/no-state-folder`, `keys/unreadable`, `keys/too-open`
 * @throws SystemError
 */
export function findTenantKeys(stateFolder: string): TenantKeys {
  const path = secretPath(stateFolder);
  if (existsSync(path)) return tenantKeys(readSecret(path));
  throw new KeyError("keys/no-state-folder", `\`${stateFolder}\` is not the state folder of a controller`, {
    help: "run this where `fairlead serve` runs, or name its state folder with --state-dir DIR",
  });
}

/** Whether a person made the secret that is in use, knowing that it renames every tenant's policy. */
export function isRenamingAllowed(stateFolder: string): boolean {
  const path = join(stateFolder, RENAMING);
  if (!existsSync(path)) return false;
  const allowed = readPrivateFile(path, MAX_BYTES)?.toString("latin1").trim();
  return allowed === sha256Hex(Buffer.from(readSecret(secretPath(stateFolder))));
}

/**
 * Makes a new naming secret in the place of one that is lost or no secret any more. The old one is kept beside it.
 *
 * @returns where the old one is now; `undefined` where there was none
 * @throws SystemError
 */
export function replaceNamingSecret(stateFolder: string): string | undefined {
  const path = secretPath(stateFolder);
  const text = newNamingSecret();
  const former = existsSync(path) ? `${path}.former` : undefined;
  if (former !== undefined) replaceFile(former, readPrivateFile(path, MAX_BYTES) ?? "", 0o600);
  // The permission comes first: without its secret it allows nothing.
  replaceFile(join(stateFolder, RENAMING), `${sha256Hex(Buffer.from(text.trim()))}\n`, 0o600);
  replaceFile(path, text, 0o600);
  return former;
}

/** The published policies have names that this secret does not give. */
export function otherNamingSecret(stateFolder: string): KeyError {
  return new KeyError(
    "keys/other-naming-secret",
    `\`${secretPath(stateFolder)}\` is not the secret that the published policies of tenants are named by`,
    { help: `${RESTORE}; nothing was published, and what is served stays` },
  );
}

/** Where the naming secret of a controller is kept. */
export function secretPath(folder: string): string {
  return join(folder, NAMING_SECRET);
}

const RESTORE =
  "restore naming-secret from a backup of the state folder or of the first keys; where there is none, " +
  "`fairlead tenant new-secret` makes one, and every machine of a tenant has to enrol again";

function lost(path: string): KeyError {
  return new KeyError("keys/no-naming-secret", `there is no naming secret at \`${path}\``, { help: RESTORE });
}

function readSecret(path: string): string {
  const text = readPrivateFile(path, MAX_BYTES)?.toString("latin1").trim() ?? "";
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new KeyError("keys/unreadable", `\`${path}\` is not a naming secret`, { help: RESTORE });
}

function tenantKeys(hex: string): TenantKeys {
  const secret = Buffer.from(hex, "hex");
  return (tenant) => createHmac("sha256", secret).update(tenant).digest("hex");
}
