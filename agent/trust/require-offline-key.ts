import { POLICY_ROLE, releaseRoleProduct } from "../../protocol/manifest-names.ts";
import type { Key, RootRole, TargetsRole } from "../../protocol/tuf/roles.ts";
import { openKey } from "./open-key.ts";
import { TrustError } from "./trust-error.ts";
import type { Delegator } from "./verify-roles.ts";

/**
 * Releases are signed by a key that no controller has: whoever takes a controller must not sign code. The keys
 * themselves are compared. Their ids say nothing here: agents do not ask an id to be the hash of its key, since public
 * TUF repositories have ids of other kinds (TAP 12).
 *
 * @throws TrustError `trust/online-key`
 */
export function requireOfflineKey(
  name: string,
  delegator: Delegator,
  root: RootRole,
  targets: TargetsRole,
): void {
  if (releaseRoleProduct(name) === undefined) return;
  const { snapshot, timestamp } = root.roles;
  const { keys = {}, roles = [] } = targets.delegations ?? {};
  const policy = roles.find((role) => role.name === POLICY_ROLE);
  const online = new Set([
    ...identities(root.keys, [...snapshot.keyids, ...timestamp.keyids]),
    ...identities(keys, policy?.keyids ?? []),
  ]);
  if (!identities(delegator.keys, delegator.role.keyids).some((identity) => online.has(identity))) return;
  throw new TrustError(
    "trust/online-key",
    `${name}.json: expected a key that signs releases only, got one that also signs online`,
    {
      help: "do not trust this repository; ask whoever holds its targets key",
    },
  );
}

function identities(keys: Readonly<Record<string, Key>>, ids: readonly string[]): string[] {
  return ids.flatMap((id) => {
    const key = Object.hasOwn(keys, id) ? keys[id] : undefined;
    return key === undefined ? [] : (openKey(key)?.identity ?? []);
  });
}
