import { isName, releaseRoleName } from "../../protocol/manifest-names.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import type { RemovedState } from "../source/removed-state.ts";
import { readRole } from "../trust/read-role.ts";
import { readOnlineRoles, requireMetadata, versionedName } from "./manifest-roles.ts";
import type { PublishedManifest } from "./published-manifest.ts";
import type { RoleFile } from "./sign-policy-roles.ts";

/**
 * The roles that were listed before and that the snapshot would have no more. A role must never be missing from a later
 * snapshot (TUF 1.0, section 5.5.5): every client that knows it would refuse all that comes, until another key signs
 * snapshots. What was listed is known from the manifest before, and where that is lost, or is an old copy, from what
 * git has removed. Nothing delegates to such a role, so nobody reads it.
 *
 * @param listed  names of the roles that the snapshot has already
 * @param version of the manifest that is being signed
 */
export function lastingRoles(
  listed: ReadonlySet<string>,
  previous: PublishedManifest | undefined,
  removed: RemovedState | undefined,
  version: number,
): RoleFile[] {
  const known = [
    ...(previous === undefined ? [] : rolesOf(previous, listed)),
    ...(removed === undefined ? [] : removedReleaseRoles(removed, version)),
  ];
  const lasting = new Map<string, RoleFile>();
  for (const file of known) {
    if (listed.has(file.role) || (lasting.get(file.role)?.version ?? 0) > file.version) continue;
    lasting.set(file.role, file);
  }
  return [...lasting.values()];
}

/** The roles that a manifest's snapshot lists, without those that are listed already. */
function rolesOf({ metadata }: PublishedManifest, listed: ReadonlySet<string>): RoleFile[] {
  const { meta } = readOnlineRoles(metadata).snapshot.role;
  const files: RoleFile[] = [];
  for (const file of Object.keys(meta)) {
    const role = file.slice(0, -".json".length);
    const version = listed.has(role) ? undefined : meta[file]?.version;
    if (version === undefined) continue;
    files.push({ role, version, bytes: requireMetadata(metadata, versionedName(version, role)) });
  }
  return files;
}

/** Without those from the future: no later role of that product could follow them. */
function removedReleaseRoles({ releases }: RemovedState, version: number): RoleFile[] {
  return [...releases].flatMap(([product, bytes]): RoleFile[] => {
    const shown = isName(product) ? tryReadVersion(bytes) : undefined;
    if (shown === undefined || shown > version) return [];
    return [{ role: releaseRoleName(product), version: shown, bytes }];
  });
}

function tryReadVersion(bytes: Buffer): number | undefined {
  try {
    return readRole("targets", bytes).role.version;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** How many tenants the fleet can have had at once: their bins may have been listed. */
export function mostTenants(
  tenants: Pick<PublishedManifest["tenants"], "size" | "has">,
  removed: RemovedState | undefined,
): number {
  const gone = [...(removed?.tenants ?? [])].filter((tenant) => !tenants.has(tenant));
  return tenants.size + gone.length;
}
