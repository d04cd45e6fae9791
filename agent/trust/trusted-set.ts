import { MAX_ROLE_BYTES } from "../../protocol/tuf/limits.ts";
import type { RootRole, SnapshotRole, TargetsRole, TimestampRole } from "../../protocol/tuf/roles.ts";
import type { MetadataStore } from "./metadata-store.ts";
import { storedRoleFile } from "./stored-role-file.ts";
import { TrustError } from "./trust-error.ts";
import {
  type Delegator,
  requireUnexpired,
  type Verified,
  verifyInitialRoot,
  verifySnapshotSignature,
  verifyTargets,
  verifyTimestampSignature,
} from "./verify-roles.ts";

/**
 * What the agent trusts at one moment. Timestamp and snapshot may have expired: then they are only the floor that
 * nothing may go below.
 */
export interface TrustedSet {
  readonly root: Verified<RootRole>;
  readonly timestamp?: Verified<TimestampRole>;
  readonly snapshot?: Verified<SnapshotRole>;
  readonly targets?: Verified<TargetsRole>;
}

/**
 * Reads what an earlier refresh stored and verifies all of it again, so that neither a damaged disk nor somebody who
 * can write the directory but not sign is believed. What does not verify counts as absent.
 *
 * @throws TrustError `trust/no-root` where there is no root yet, `trust/damaged-root` where none that is there verifies
 */
export function loadTrustedSet(store: MetadataStore): TrustedSet {
  const root = loadRoot(store);
  const timestamp = stored(store, "timestamp", MAX_ROLE_BYTES.timestamp, (bytes) =>
    verifyTimestampSignature(root, bytes),
  );
  const snapshot = stored(store, "snapshot", MAX_ROLE_BYTES.snapshot, (bytes) =>
    verifySnapshotSignature(root, bytes),
  );
  const targets =
    snapshot === undefined ? undefined : loadTargets(store, "targets", topLevelTargets(root), snapshot);
  return {
    root,
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(targets === undefined ? {} : { targets }),
  };
}

const ROOT = "root.json";
/** Has no `.json`, so that no role's file can have the same name. */
const SPARE = "root.spare";

/**
 * Stores the root that is trusted from now on, and before it a spare: trust must outlive one damaged file. It stays under
 * its number too, for whoever on this machine trusts an earlier one and has to follow.
 */
export function storeRoot(store: MetadataStore, { role, bytes }: Verified<RootRole>): void {
  store.write(`root-${role.version}`, bytes);
  store.write(SPARE, bytes);
  store.write(ROOT, bytes);
}

function loadRoot(store: MetadataStore): Verified<RootRole> {
  const bytes = store.read(ROOT, MAX_ROLE_BYTES.root);
  const root = soundRoot(bytes);
  if (root !== undefined) return root;
  const spareBytes = store.read(SPARE, MAX_ROLE_BYTES.root);
  const spare = soundRoot(spareBytes);
  if (spare !== undefined) {
    store.write(ROOT, spare.bytes);
    return spare;
  }
  if (bytes === undefined && spareBytes === undefined) {
    throw new TrustError("trust/no-root", "expected a trusted root.json in the metadata store, got none", {
      help: "enrol this machine again, with the root that its operator hands out",
    });
  }
  throw new TrustError(
    "trust/damaged-root",
    "the root.json that this machine trusts is damaged on its disk",
    {
      help: "check the disk, then enrol again with `fairlead-agent enroll --force` and the root that the operator hands out",
    },
  );
}

function soundRoot(bytes: Buffer | undefined): Verified<RootRole> | undefined {
  try {
    return bytes === undefined ? undefined : verifyInitialRoot(bytes);
  } catch (error) {
    if (error instanceof TrustError) return undefined;
    throw error;
  }
}

/** A stored targets role, if it is the one that the snapshot names and its delegator's keys signed it. */
export function loadTargets(
  store: MetadataStore,
  name: string,
  delegator: Delegator,
  snapshot: Verified<SnapshotRole>,
): Verified<TargetsRole> | undefined {
  return stored(store, name, MAX_ROLE_BYTES.targets, (bytes) =>
    verifyTargets(name, delegator, snapshot, bytes),
  );
}

/** Root says who signs the top-level targets role. */
export function topLevelTargets(root: Verified<RootRole>): Delegator {
  return { keys: root.role.keys, role: root.role.roles.targets };
}

/** All four top-level roles. */
export type CompleteSet = Required<TrustedSet>;

/**
 * The set where it is complete and in date at `now`.
 *
 * @throws TrustError `trust/missing-role` or `trust/expired`
 */
export function requireCurrent({ root, timestamp, snapshot, targets }: TrustedSet, now: number): CompleteSet {
  if (timestamp === undefined || snapshot === undefined || targets === undefined) {
    throw new TrustError(
      "trust/missing-role",
      "expected verified metadata of all roles in the store, got less",
      {
        help: "refresh from the repository first",
      },
    );
  }
  const complete = { root, timestamp, snapshot, targets };
  for (const [name, role] of Object.entries(complete)) requireUnexpired(`${name}.json`, role, now);
  return complete;
}

function stored<Role>(
  store: MetadataStore,
  name: string,
  maxBytes: number,
  verify: (bytes: Buffer) => Verified<Role>,
): Verified<Role> | undefined {
  const bytes = store.read(storedRoleFile(name), maxBytes);
  if (bytes === undefined) return undefined;
  try {
    return verify(bytes);
  } catch (error) {
    if (error instanceof TrustError) return undefined;
    throw error;
  }
}
