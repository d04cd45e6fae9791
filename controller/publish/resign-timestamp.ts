import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import { isDueForSigning, type OnlineLifetimes } from "../trust/lifetimes.ts";
import { nextVersion } from "../trust/sign-role.ts";
import type { SigningKey } from "../trust/signing-key.ts";
import {
  type MetadataFiles,
  onlineExpiry,
  readOnlineRoles,
  requireMetadata,
  versionedName,
} from "./manifest-roles.ts";
import { PublishError } from "./publish-error.ts";
import type { PublishedManifest } from "./published-manifest.ts";
import {
  listingOfTargets,
  metaFile,
  type OnlineSigning,
  type SignedFile,
  signPolicy,
  signPolicyBin,
  signSnapshot,
  signTimestamp,
} from "./sign-online.ts";
import { formerDocuments, formerMetadata, generationsAfter } from "./store/retain-generations.ts";

/**
 * Signs the timestamp again under a higher version (an equal one is discarded by clients), and with it the snapshot
 * and the policy role when they have passed a third of their life. The content stays what it was.
 *
 * @param now seconds since 1970
 * @throws PublishError `publish/online-key-not-trusted`: the manifest was signed by another key
 */
export function resignTimestamp(
  previous: PublishedManifest,
  onlineKey: SigningKey,
  now: number,
  lifetimes: OnlineLifetimes,
): PublishedManifest {
  const roles = readOnlineRoles(previous.metadata);
  if (!roles.timestamp.signatures.has(onlineKey.keyid)) {
    throw new PublishError(
      "publish/online-key-not-trusted",
      `the served manifest was signed by another online key than ${onlineKey.keyid.slice(0, 16)}`,
      { help: "publish the commit whose trust/ names the new key; until then the old one must sign" },
    );
  }
  const version = nextVersion(previous.version, now);
  const signing: OnlineSigning = { onlineKey, version, now, lifetimes };
  const isDue = ({ expires }: { readonly expires: number }): boolean =>
    isDueForSigning(expires, lifetimes.policy, now);
  const dueBins = [...roles.bins].filter(([, bin]) => isDue(bin));
  const signSnapshotToo =
    isDue(roles.policy) ||
    dueBins.length > 0 ||
    isDueForSigning(roles.snapshot.expires, lifetimes.snapshot, now);
  if (!signSnapshotToo) {
    const { version: kept } = roles.snapshot.role;
    const bytes = requireMetadata(previous.metadata, versionedName(kept, "snapshot"));
    const metadata = new Map(previous.metadata).set(...signTimestamp(signing, metaFile(kept, bytes)));
    return { ...previous, version, signedAt: now, expiresAt: expiryOf(metadata), metadata };
  }

  const metadata = new Map<string, Buffer>();
  const meta = { ...roles.snapshot.role.meta };
  const list = (role: string, [name, bytes]: SignedFile): void => {
    metadata.set(name, bytes);
    meta[`${role}.json`] = metaFile(version, bytes);
  };
  if (isDue(roles.policy)) {
    const { targets, delegations } = roles.policy.role;
    list(POLICY_ROLE, signPolicy(signing, previous.commit, listingOfTargets(targets), delegations));
  }
  for (const [name, { role }] of dueBins) {
    list(name, signPolicyBin(signing, name, listingOfTargets(role.targets), role.delegations));
  }
  for (const [file, { version: listed }] of Object.entries(meta)) {
    const name = versionedName(listed, file.replace(/\.json$/, ""));
    if (!metadata.has(name)) metadata.set(name, requireMetadata(previous.metadata, name));
  }
  for (const [name, bytes] of previous.metadata) {
    if (name.endsWith(".root.json")) metadata.set(name, bytes);
  }
  const snapshot = signSnapshot(signing, meta);
  metadata.set(...snapshot);
  metadata.set(...signTimestamp(signing, metaFile(version, snapshot[1])));
  const generations = generationsAfter(previous, { metadata, documents: previous.documents });
  for (const [name, bytes] of formerMetadata(generations)) metadata.set(name, bytes);
  return {
    ...previous,
    version,
    signedAt: now,
    expiresAt: expiryOf(metadata),
    metadata,
    formerDocuments: formerDocuments(generations),
    generations,
  };
}

function expiryOf(metadata: MetadataFiles): number {
  return onlineExpiry(readOnlineRoles(metadata));
}
