import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../files/make-folder.ts";
import type { DevKeys } from "../trust/dev-trust.ts";
import { type KeyRole, SigningKey } from "../trust/signing-key.ts";
import { readKeyFile, writeKeyFile } from "./key-file.ts";

/** Reads a key below `folder`, or makes it on first use. */
function readOrMakeKey(folder: string, role: KeyRole): SigningKey {
  makeFolder(folder, 0o700);
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
 * Files in which the online key may be that is in use, for who only signs answers with it: that of a fleet, and that of
 * development mode where it is used.
 *
 * @param onlineKeyFile as the operator named it; absent: its place in the state folder
 */
export function onlineKeyFiles(
  stateFolder: string,
  onlineKeyFile: string | undefined,
  devKeys: boolean,
): readonly string[] {
  const files = [onlineKeyFile ?? onlineKeyPath(stateFolder)];
  if (devKeys) files.push(join(devKeyFolder(stateFolder), "online.json"));
  return files.filter((file) => existsSync(file));
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
