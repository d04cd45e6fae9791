import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import type { SigningKey } from "../keys/signing-key.ts";
import { isDueForSigning, type OnlineLifetimes } from "./lifetimes.ts";
import { readOnlineRoles, requireMetadata, versionedName } from "./manifest-roles.ts";
import { PublishError } from "./publish-error.ts";
import { allDocuments } from "./publish-manifest.ts";
import type { PublishedManifest } from "./published-manifest.ts";
import { byServedPath, formerFiles } from "./retain-generations.ts";
import { metaFile, type OnlineSigning, signPolicy, signSnapshot, signTimestamp } from "./sign-online.ts";
import { nextVersion } from "./sign-role.ts";

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
  if (!roles.timestamp.signatures.some(({ keyid }) => keyid === onlineKey.keyid)) {
    throw new PublishError(
      "publish/online-key-not-trusted",
      `the served manifest was signed by another online key than ${onlineKey.keyid.slice(0, 16)}`,
      { help: "publish the commit whose trust/ names the new key; until then the old one must sign" },
    );
  }
  const version = nextVersion(previous.version, now);
  const signing: OnlineSigning = { onlineKey, version, now, lifetimes };
  const signPolicyToo = isDueForSigning(roles.policy.expires, lifetimes.policy, now);
  const signSnapshotToo = signPolicyToo || isDueForSigning(roles.snapshot.expires, lifetimes.snapshot, now);
  if (!signSnapshotToo) {
    const { version: kept } = roles.snapshot.role;
    const bytes = requireMetadata(previous.metadata, versionedName(kept, "snapshot"));
    const metadata = new Map(previous.metadata).set(...signTimestamp(signing, metaFile(kept, bytes)));
    const expiresAt = Math.min(roles.policy.expires, roles.snapshot.expires, now + lifetimes.timestamp);
    return { ...previous, version, signedAt: now, expiresAt, metadata };
  }

  const former = formerFiles(previous.metadata, allDocuments(previous));
  const roots = [...previous.metadata].filter(([name]) => name.endsWith(".root.json"));
  const metadata = new Map([...roots, ...former.metadata]);
  const meta = { ...roles.snapshot.role.meta };
  if (signPolicyToo) {
    const policy = signPolicy(signing, previous.commit, roles.policy.role.targets);
    metadata.set(...policy);
    meta[`${POLICY_ROLE}.json`] = metaFile(version, policy[1]);
  }
  const snapshot = signSnapshot(signing, meta);
  metadata.set(...snapshot);
  metadata.set(...signTimestamp(signing, metaFile(version, snapshot[1])));
  const current = byServedPath(previous.documents);
  return {
    ...previous,
    version,
    signedAt: now,
    expiresAt: Math.min(
      signPolicyToo ? now + lifetimes.policy : roles.policy.expires,
      now + lifetimes.snapshot,
      now + lifetimes.timestamp,
    ),
    metadata,
    formerDocuments: new Map([...former.documents].filter(([path]) => !current.has(path))),
  };
}
