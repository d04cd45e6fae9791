import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import { isDueForSigning } from "../trust/lifetimes.ts";
import { readRole } from "../trust/read-role.ts";
import { type MetadataFiles, type OnlineRoles, requireMetadata, versionedName } from "./manifest-roles.ts";
import { listingOf, listsContent, type PolicyRoleContent, rememberListing } from "./policy-bins.ts";
import { type OnlineSigning, signPolicy, signPolicyBin } from "./sign-online.ts";

/** A role of the manifest, signed now or before. */
export interface RoleFile {
  readonly role: string;
  readonly version: number;
  readonly bytes: Buffer;
}

/** The manifest before: its roles, and their bytes. */
export interface RolesBefore {
  readonly roles: OnlineRoles;
  readonly metadata: MetadataFiles;
}

/**
 * Signs the role `policy`, which names the commit, and those bins that list something else than before or are due. The
 * others stay byte for byte what they are, so that clients need not fetch them again.
 */
export function signPolicyRoles(
  signing: OnlineSigning,
  commit: string,
  contents: readonly PolicyRoleContent[],
  before: RolesBefore | undefined,
): RoleFile[] {
  return contents.map((content): RoleFile => {
    const { name, delegations } = content;
    if (name === POLICY_ROLE) {
      const [, bytes] = signPolicy(signing, commit, listingOf(content), delegations);
      return { role: name, version: signing.version, bytes };
    }
    const kept = before === undefined ? undefined : keptBin(signing, content, before);
    if (kept !== undefined) return kept;
    const [, bytes] = signPolicyBin(signing, name, listingOf(content), delegations);
    rememberListing(readRole("targets", bytes).role, content);
    return { role: name, version: signing.version, bytes };
  });
}

function keptBin(
  { onlineKey, lifetimes, now }: OnlineSigning,
  content: PolicyRoleContent,
  { roles, metadata }: RolesBefore,
): RoleFile | undefined {
  const bin = roles.bins.get(content.name);
  if (bin === undefined || isDueForSigning(bin.expires, lifetimes.policy, now)) return undefined;
  if (!bin.signatures.has(onlineKey.keyid)) return undefined;
  if (!listsContent(bin.role, content)) return undefined;
  const { version } = bin.role;
  return {
    role: content.name,
    version,
    bytes: requireMetadata(metadata, versionedName(version, content.name)),
  };
}
