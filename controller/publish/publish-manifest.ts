import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { POLICY_ROLE, releaseRoleName } from "../../protocol/manifest-names.ts";
import type { MetaFile, RootRole, TargetsRole } from "../../protocol/tuf/roles.ts";
import type { DesiredPolicies } from "../desired/desired-policies.ts";
import type { RemovedState } from "../source/removed-state.ts";
import type { ArtifactLocation } from "../state/artifact-location.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import type { OnlineLifetimes } from "../trust/lifetimes.ts";
import { nextVersion } from "../trust/sign-role.ts";
import type { SigningKey } from "../trust/signing-key.ts";
import { verifyTrust } from "../trust/verify-trust.ts";
import { checkContinuity } from "./check-continuity.ts";
import { lastingRoles, mostTenants } from "./lasting-roles.ts";
import { onlineExpiry, readOnlineRoles, rememberTrust, trustOf, versionedName } from "./manifest-roles.ts";
import { binDepth, depthOf, policyRoleContents } from "./policy-bins.ts";
import { PublishError } from "./publish-error.ts";
import {
  type ArtifactsByProduct,
  hostedArtifactsOf,
  type PublishedArtifact,
  type PublishedManifest,
  type PublishedProduct,
  type PublishedTenants,
  SignedProduct,
} from "./published-manifest.ts";
import { metaFile, type OnlineSigning, signSnapshot, signTimestamp } from "./sign-online.ts";
import { type RoleFile, signPolicyRoles } from "./sign-policy-roles.ts";
import { formerDocuments, formerMetadata, generationsAfter } from "./store/retain-generations.ts";

/** Everything that a manifest is made of. */
export interface PublishInput {
  /** The commit of the state repository. */
  readonly commit: string;
  readonly products: DesiredPolicies["products"];
  readonly tenants: PublishedTenants;
  /** Writes what policy says of them, by target path. */
  readonly write: (previous: PublishedManifest | undefined) => ReadonlyMap<string, Buffer>;
  /** What was signed offline: the commit's `trust/`, or what the development keys signed. */
  readonly trust: TrustFiles;
  /** Of each product, where artifacts are that are signed without a URL, by target path; absent: where `previous` says. */
  readonly hosted: ReadonlyMap<string, HostedPaths> | undefined;
  readonly onlineKey: SigningKey;
  readonly previous: PublishedManifest | undefined;
  /** What agents may know from before, and `previous` does not; absent: nothing. */
  readonly removed: RemovedState | undefined;
  /** Versions that were used before and are not in `previous`; 0 if none. */
  readonly versionFloor: number;
  /** Seconds since 1970. */
  readonly now: number;
  readonly lifetimes: OnlineLifetimes;
}

/**
 * Signs a complete manifest: root chain, targets and release roles byte for byte as they are, policy, snapshot and
 * timestamp anew with the online key.
 *
 * Pure: nothing is stored or served yet.
 *
 * @throws PublishError when the offline part does not verify, does not trust the online key, or does not continue
 *   what was published before
 */
export function publishManifest(input: PublishInput): PublishedManifest {
  const { trust, previous, removed, now, lifetimes, commit } = input;
  const { targets, releases } = requireTrust(trust, input.onlineKey, now);
  if (previous !== undefined) checkContinuity(trustOf(previous.metadata), trust);

  const floor = Math.max(previous?.version ?? 0, input.versionFloor);
  const version = nextVersion(floor, now);
  const signing: OnlineSigning = { onlineKey: input.onlineKey, version, now, lifetimes };
  const before =
    previous === undefined
      ? undefined
      : { roles: readOnlineRoles(previous.metadata), metadata: previous.metadata };
  const documents = input.write(previous);
  const depth = binDepth(
    mostTenants(input.tenants, removed),
    before === undefined ? 0 : depthOf(before.roles.bins),
  );
  const contents = policyRoleContents(documents, depth, input.onlineKey);

  const metadata = new Map<string, Buffer>();
  const meta: Record<string, MetaFile> = {};
  const roles = new Set<string>();
  const list = ({ role, version, bytes }: RoleFile): void => {
    roles.add(role);
    metadata.set(versionedName(version, role), bytes);
    meta[`${role}.json`] = metaFile(version, bytes);
  };
  for (const [number, bytes] of trust.roots) metadata.set(versionedName(number, "root"), bytes);
  list({ role: "targets", version: targets.version, bytes: required(trust.targets) });
  for (const [product, { version }] of releases) {
    list({ role: releaseRoleName(product), version, bytes: required(trust.releases.get(product)) });
  }
  for (const file of signPolicyRoles(signing, commit, contents, before)) list(file);
  for (const file of lastingRoles(roles, previous, removed, version)) list(file);

  const snapshot = signSnapshot(signing, meta);
  metadata.set(...snapshot);
  metadata.set(...signTimestamp(signing, metaFile(version, snapshot[1])));
  const generations = previous === undefined ? [] : generationsAfter(previous, { metadata, documents });
  for (const [name, bytes] of formerMetadata(generations)) metadata.set(name, bytes);
  rememberTrust(metadata, trust);
  return {
    commit,
    signedAt: now,
    expiresAt: onlineExpiry(readOnlineRoles(metadata)),
    version,
    metadata,
    documents,
    formerDocuments: formerDocuments(generations),
    generations,
    artifacts:
      input.hosted === undefined && previous !== undefined
        ? previous.artifacts
        : publishedArtifacts(releases, input.hosted ?? new Map(), previous?.artifacts),
    products: signedProducts(input.products, releases, previous),
    tenants: input.tenants,
  };
}

/** The products by name; each is the very same as before where it says the same. */
function signedProducts(
  policies: PublishInput["products"],
  releases: ReadonlyMap<string, TargetsRole>,
  previous: PublishedManifest | undefined,
): PublishedManifest["products"] {
  const products = new Map<string, PublishedProduct>();
  for (const [product, policy] of policies) {
    const before = previous?.products.get(product);
    const role = releases.get(product);
    const isSame = before !== undefined && before.policy === policy && before.role === role;
    products.set(product, isSame ? before : new SignedProduct(policy, role));
  }
  return products;
}

function requireTrust(
  trust: TrustFiles,
  onlineKey: SigningKey,
  now: number,
): { targets: TargetsRole; releases: ReadonlyMap<string, TargetsRole> } {
  const { problems, roles } = verifyTrust(trust, now);
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const { root, targets, releases } = roles;
  if (first !== undefined || root === undefined || targets === undefined) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    const what = first === undefined ? "trust/ is incomplete" : `${first.file}: ${first.message}${more}`;
    throw new PublishError("publish/trust-invalid", what, first === undefined ? {} : { help: first.help });
  }
  requireOnlineKey(root, targets, onlineKey);
  return { targets, releases };
}

function requireOnlineKey(root: RootRole, targets: TargetsRole, { keyid }: SigningKey): void {
  const policy = targets.delegations?.roles.find(({ name }) => name === POLICY_ROLE);
  const granted = { snapshot: root.roles.snapshot, timestamp: root.roles.timestamp, policy };
  for (const [role, keys] of Object.entries(granted)) {
    if (keys?.keyids.includes(keyid) === true && keys.threshold === 1) continue;
    throw new PublishError(
      "publish/online-key-not-trusted",
      `the online key ${keyid.slice(0, 16)} may not sign \`${role}\` alone`,
      { help: "give the controller the online key that trust/ names: `fairlead keys show` lists both" },
    );
  }
}

type HostedPaths = ReadonlyMap<string, ArtifactLocation>;

/** The hosted artifacts of all release roles; the very same map as `previous` where they are. */
function publishedArtifacts(
  releases: ReadonlyMap<string, TargetsRole>,
  hosted: ReadonlyMap<string, HostedPaths>,
  previous: ArtifactsByProduct | undefined,
): ArtifactsByProduct {
  const artifacts = new Map(
    [...releases].map(([product, role]) => [
      product,
      knownArtifacts(role, hosted.get(product) ?? NOT_HOSTED),
    ]),
  );
  const isSame =
    previous?.size === artifacts.size &&
    artifacts.entries().every(([product, ofProduct]) => previous.get(product) === ofProduct);
  return isSame ? previous : artifacts;
}

type Artifacts = ReadonlyMap<string, PublishedArtifact>;

const NOT_HOSTED: HostedPaths = new Map();
const known = new KeptByIdentity<
  TargetsRole,
  { readonly hosted: HostedPaths; readonly artifacts: Artifacts }
>();

function knownArtifacts(role: TargetsRole, hosted: HostedPaths): Artifacts {
  const before = known.get(role);
  if (before?.hosted === hosted) return before.artifacts;
  const artifacts = hostedArtifactsOf(role, hosted);
  known.set(role, { hosted, artifacts });
  return artifacts;
}

function required(bytes: Buffer | undefined): Buffer {
  if (bytes === undefined) throw new PublishError("publish/trust-invalid", "a verified role has no bytes");
  return bytes;
}
