import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import { keyId } from "../../protocol/tuf/identify-key.ts";
import type { Key, RootRole, TargetsRole } from "../../protocol/tuf/roles.ts";
import type { FairleadRoot, PublicKey, TrustHolders } from "../trust/build-trust.ts";
import { KeyError } from "./key-error.ts";
import { productOfRole } from "./key-roles.ts";
import { isHolderName } from "./public-key-file.ts";

/** How many of which keys must sign a role. */
export interface RoleHolders {
  readonly keys: readonly PublicKey[];
  readonly threshold: number;
}

/**
 * Who holds which role, read back from the two roles that say so: the inverse of `buildRoot` and `buildTargets`.
 *
 * @throws KeyError `keys/trust-invalid`: it was not made by Fairlead, so it cannot be built again with a change
 */
export function holdersOf(root: RootRole, targets: TargetsRole): TrustHolders {
  const { keys = {}, roles = [] } = targets.delegations ?? {};
  const releases = new Map<string, PublicKey>();
  for (const { name, keyids, threshold } of roles) {
    if (name === POLICY_ROLE) continue;
    const product = productOfRole(name);
    const [keyid, second] = keyids;
    if (product === undefined || keyid === undefined || second !== undefined || threshold !== 1) {
      throw foreign(
        `${shown(name)} is delegated to ${keyids.length} keys, and Fairlead gives one key to each product`,
      );
    }
    releases.set(product, publicKey(keys, keyid));
  }
  const policy = roles.find(({ name }) => name === POLICY_ROLE)?.keyids ?? [];
  const online = new Set([...root.roles.snapshot.keyids, ...root.roles.timestamp.keyids, ...policy]);
  const [onlineId, second] = online;
  if (onlineId === undefined || second !== undefined) {
    throw foreign(`${online.size} keys sign online, and Fairlead has one for policy, snapshot and timestamp`);
  }
  const rootKeys = topLevel(root, "root");
  const targetsKeys = topLevel(root, "targets");
  return {
    root: rootKeys.keys,
    targets: targetsKeys.keys,
    threshold: rootKeys.threshold,
    targetsThreshold: targetsKeys.threshold,
    online: publicKey(root.keys, onlineId),
    releases,
    names: holderNames(root),
  };
}

/** The keys that may sign root or targets. @throws KeyError `keys/trust-invalid` */
export function topLevel(root: RootRole, role: "root" | "targets"): RoleHolders {
  const { keyids, threshold } = root.roles[role];
  return { keys: keyids.map((keyid) => publicKey(root.keys, keyid)), threshold };
}

/** What a root calls the holders of its keys, by key id; names that could not be one are left out. */
export function holderNames(root: FairleadRoot): Map<string, string> {
  const said: unknown = root.holders;
  const entries = typeof said === "object" && said !== null ? Object.entries(said) : [];
  return new Map(entries.filter(([, name]) => typeof name === "string" && isHolderName(name)));
}

function publicKey(keys: Readonly<Record<string, Key>>, keyid: string): PublicKey {
  const key = Object.hasOwn(keys, keyid) ? keys[keyid] : undefined;
  if (key === undefined || keyId(key) !== keyid) {
    throw foreign(`key ${shown(keyid)} is missing, or its id is not the hash of it`);
  }
  return { key, keyid };
}

/** Text from a file that anybody may have made: short, and without what steers a terminal. */
function shown(text: string): string {
  return /^[a-z0-9-]{1,80}$/.test(text) ? `\`${text}\`` : "under a name of another form";
}

function foreign(why: string): KeyError {
  return new KeyError("keys/trust-invalid", `trust/ is not of the form that Fairlead writes: ${why}`, {
    help: "change it with the tool that made it",
  });
}
