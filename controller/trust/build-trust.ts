import {
  POLICY_PATH_PATTERN,
  POLICY_ROLE,
  releasePathPattern,
  releaseRoleName,
} from "../../protocol/manifest-names.ts";
import { formatExpires } from "../../protocol/tuf/expiry-time.ts";
import {
  type DelegatedRole,
  type Key,
  type RootRole,
  SPEC_VERSION,
  type TargetsRole,
} from "../../protocol/tuf/roles.ts";
import { OFFLINE_LIFETIMES } from "./lifetimes.ts";
import type { ReleaseTarget } from "./release-index.ts";
import type { SigningKey } from "./signing-key.ts";

/** A public key with its id: enough to grant a role to it. */
export type PublicKey = Pick<SigningKey, "key" | "keyid">;

/** Who holds which role. */
export interface TrustHolders {
  readonly root: readonly PublicKey[];
  readonly targets: readonly PublicKey[];
  /** How many root keys must sign together; as many targets keys, where `targetsThreshold` does not say otherwise. */
  readonly threshold: number;
  readonly targetsThreshold?: number;
  readonly online: PublicKey;
  /** The release key of each product. */
  readonly releases: ReadonlyMap<string, PublicKey>;
  /** What people call the holder of a root or targets key, by key id. */
  readonly names?: ReadonlyMap<string, string>;
}

/** A root as Fairlead writes it; `holders` is an extra member (TUF 1.0, section 4.1, lets a role have them). */
export interface FairleadRoot extends RootRole {
  /** What people call the holder of a root or targets key, by key id: so that a message can say who is missing. */
  readonly holders?: Readonly<Record<string, string>>;
}

/** The root role (TUF 1.0, section 4.3) that gives each top-level role its keys. */
export function buildRoot(holders: TrustHolders, version: number, now: number): FairleadRoot {
  const { root, targets, threshold, targetsThreshold = threshold, online } = holders;
  const named = namesById(holders);
  const onlineOnly = { keyids: [online.keyid], threshold: 1 };
  return {
    _type: "root",
    spec_version: SPEC_VERSION,
    version,
    expires: formatExpires(now + OFFLINE_LIFETIMES.root.life),
    consistent_snapshot: true,
    keys: keysById([...root, ...targets, online]),
    roles: {
      root: { keyids: keyids(root), threshold },
      targets: { keyids: keyids(targets), threshold: targetsThreshold },
      snapshot: onlineOnly,
      timestamp: onlineOnly,
    },
    ...(Object.keys(named).length === 0 ? {} : { holders: named }),
  };
}

/**
 * The top-level targets role (TUF 1.0, section 4.5): nothing but terminating delegations, for each product to its
 * release key and for policy to the online key.
 */
export function buildTargets(
  { online, releases }: Pick<TrustHolders, "online" | "releases">,
  version: number,
  now: number,
): TargetsRole {
  const products = [...releases].sort(([a], [b]) => (a < b ? -1 : 1));
  const roles = products.map(([product, key]) => releaseDelegation(product, key));
  roles.push({
    name: POLICY_ROLE,
    keyids: [online.keyid],
    threshold: 1,
    paths: [POLICY_PATH_PATTERN],
    terminating: true,
  });
  return {
    _type: "targets",
    spec_version: SPEC_VERSION,
    version,
    expires: formatExpires(now + OFFLINE_LIFETIMES.targets.life),
    targets: {},
    delegations: { keys: keysById([...releases.values(), online]), roles },
  };
}

/** The delegation that lets the release key of one product sign its releases, and nothing else. */
export function releaseDelegation(product: string, { keyid }: PublicKey): DelegatedRole {
  return {
    name: releaseRoleName(product),
    keyids: [keyid],
    threshold: 1,
    paths: [releasePathPattern(product)],
    terminating: true,
  };
}

/** The role that lists the artifacts of one product, for its release key to sign. */
export function buildReleases(
  targets: Readonly<Record<string, ReleaseTarget>>,
  version: number,
  now: number,
): TargetsRole {
  return {
    _type: "targets",
    spec_version: SPEC_VERSION,
    version,
    expires: formatExpires(now + OFFLINE_LIFETIMES.releases.life),
    targets,
  };
}

function namesById({ root, targets, names = new Map() }: TrustHolders): Record<string, string> {
  const ids = new Set(keyids([...root, ...targets]));
  return Object.fromEntries([...names].filter(([id]) => ids.has(id)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keysById(keys: readonly PublicKey[]): Record<string, Key> {
  const sorted = keys.toSorted((a, b) => (a.keyid < b.keyid ? -1 : 1));
  return Object.fromEntries(sorted.map(({ keyid, key }) => [keyid, key]));
}

function keyids(keys: readonly PublicKey[]): string[] {
  return keys.map(({ keyid }) => keyid).sort();
}
