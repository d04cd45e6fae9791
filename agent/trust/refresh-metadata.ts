import { MAX_ROLE_BYTES } from "../../protocol/tuf/limits.ts";
import { metadataFileName } from "../../protocol/tuf/name-files.ts";
import {
  type RoleKeys,
  type RootRole,
  type SnapshotRole,
  type TargetsRole,
  type TimestampRole,
  TOP_LEVEL_ROLES,
} from "../../protocol/tuf/roles.ts";
import { MAX_ROOT_UPDATES } from "./limits.ts";
import type { FileSource } from "./metadata-source.ts";
import type { MetadataStore } from "./metadata-store.ts";
import { storedRoleFile } from "./stored-role-file.ts";
import { TrustError } from "./trust-error.ts";
import { loadTargets, storeRoot, type TrustedSet, topLevelTargets } from "./trusted-set.ts";
import {
  type Delegator,
  requireMeta,
  requireUnexpired,
  roleFile,
  targetsLimit,
  type Verified,
  verifyNextRoot,
  verifySnapshot,
  verifyTargets,
  verifyTimestamp,
} from "./verify-roles.ts";

/** Where a refresh reads, where it keeps what it verified, and what time it is (seconds since 1970). */
export interface RefreshContext {
  readonly source: FileSource;
  readonly store: MetadataStore;
  readonly now: number;
}

/** A file as it came, and the validator for the next conditional GET. */
export interface Received {
  readonly bytes: Buffer;
  readonly etag?: string;
}

/**
 * The client workflow of TUF 1.0, section 5, in its order. Each role is stored when it is verified and never before,
 * so a refusal leaves what was trusted.
 *
 * @param early a timestamp that a conditional GET already brought; used unless the root changes meanwhile
 * @throws TrustError, FetchError
 */
export async function refreshMetadata(
  context: RefreshContext,
  trusted: TrustedSet,
  early?: Received,
): Promise<{
  readonly trusted: TrustedSet & { timestamp: Verified<TimestampRole> };
  readonly etag?: string;
}> {
  const rooted = await updateRoot(context, trusted);
  const { root } = rooted;
  const received =
    early !== undefined && root === trusted.root
      ? early
      : await context.source.require("timestamp.json", MAX_ROLE_BYTES.timestamp);
  const timestamp = updateTimestamp(context, rooted, received.bytes);
  const snapshot = await updateSnapshot(context, rooted, timestamp);
  const targets = await fetchTargets(context, root, "targets", topLevelTargets(root), snapshot);
  sweepRoles(context.store, snapshot.role);
  return {
    trusted: { root, timestamp, snapshot, targets },
    ...(received.etag === undefined ? {} : { etag: received.etag }),
  };
}

/** Removes what no role of the snapshot goes by: nothing would ever read it again. */
function sweepRoles(store: MetadataStore, { meta }: SnapshotRole): void {
  const listed = Object.keys(meta).map((name) => storedRoleFile(name.replace(/\.json$/, "")));
  const wanted = new Set([...TOP_LEVEL_ROLES.map(storedRoleFile), ...listed]);
  store.keep((name) => wanted.has(name) || !name.endsWith(".json"));
}

/** Section 5.3: each successor in turn until there is none, then expiry, then recovery from a fast-forward attack. */
async function updateRoot(context: RefreshContext, trusted: TrustedSet): Promise<TrustedSet> {
  let current = trusted;
  for (let updates = 0; ; updates++) {
    const next = current.root.role.version + 1;
    const fetched = await context.source.get(`${next}.root.json`, MAX_ROLE_BYTES.root);
    if (fetched.kind !== "file") break;
    if (updates === MAX_ROOT_UPDATES) {
      throw new TrustError(
        "trust/bad-root-chain",
        `expected at most ${MAX_ROOT_UPDATES} new roots, got more`,
        {
          help: "run again to follow the rest of the chain; a chain this long is suspicious",
        },
      );
    }
    const root = verifyNextRoot(current.root, fetched.bytes);
    current = forgetRotated(context.store, current, root);
    storeRoot(context.store, root);
  }
  requireUnexpired("root.json", current.root, context.now);
  return current;
}

/**
 * Section 5.3.11: once a key of timestamp or snapshot is withdrawn, versions that it may have driven up count no
 * longer. Forgotten before the new root is stored: a kill between the two then only means that it is fetched again.
 */
function forgetRotated(store: MetadataStore, trusted: TrustedSet, root: Verified<RootRole>): TrustedSet {
  const before = trusted.root.role.roles;
  const after = root.role.roles;
  if (!withdrawn(before.timestamp, after.timestamp) && !withdrawn(before.snapshot, after.snapshot)) {
    return { ...trusted, root };
  }
  store.remove("timestamp.json");
  store.remove("snapshot.json");
  return { root };
}

function withdrawn(before: RoleKeys, after: RoleKeys): boolean {
  return before.keyids.some((id) => !after.keyids.includes(id));
}

/** Section 5.4. */
function updateTimestamp(
  { store, now }: RefreshContext,
  { root, timestamp: before }: TrustedSet,
  bytes: Buffer,
): Verified<TimestampRole> {
  const timestamp = verifyTimestamp(root, before, bytes);
  requireUnexpired("timestamp.json", timestamp, now);
  if (timestamp !== before) store.write("timestamp.json", timestamp.bytes);
  return timestamp;
}

/** Section 5.5. The stored snapshot is used again where the timestamp still names it. */
async function updateSnapshot(
  { source, store, now }: RefreshContext,
  { root, snapshot: before }: TrustedSet,
  timestamp: Verified<TimestampRole>,
): Promise<Verified<SnapshotRole>> {
  if (before !== undefined && isListed(root, timestamp, before)) {
    requireUnexpired("snapshot.json", before, now);
    return before;
  }
  const listed = timestamp.role.meta["snapshot.json"];
  const path = versionedName(root, "snapshot", listed.version);
  const limit = Math.min(listed.length ?? MAX_ROLE_BYTES.snapshot, MAX_ROLE_BYTES.snapshot);
  const { bytes } = await source.require(path, limit);
  const snapshot = verifySnapshot(root, timestamp, before, bytes);
  requireUnexpired("snapshot.json", snapshot, now);
  store.write("snapshot.json", snapshot.bytes);
  return snapshot;
}

function isListed(
  root: Verified<RootRole>,
  timestamp: Verified<TimestampRole>,
  snapshot: Verified<SnapshotRole>,
): boolean {
  try {
    verifySnapshot(root, timestamp, undefined, snapshot.bytes);
    return true;
  } catch (error) {
    if (error instanceof TrustError) return false;
    throw error;
  }
}

/**
 * Section 5.6 for one targets role, top-level or delegated: from the store where the snapshot still names what is
 * there, else from the repository.
 */
export async function fetchTargets(
  { source, store, now }: RefreshContext,
  root: Verified<RootRole>,
  name: string,
  delegator: Delegator,
  snapshot: Verified<SnapshotRole>,
): Promise<Verified<TargetsRole>> {
  const file = roleFile(name);
  const listed = requireMeta(snapshot, name);
  const stored = loadTargets(store, name, delegator, snapshot);
  if (stored !== undefined) {
    requireUnexpired(file, stored, now);
    return stored;
  }
  const { bytes } = await source.require(versionedName(root, name, listed.version), targetsLimit(listed));
  const targets = verifyTargets(name, delegator, snapshot, bytes);
  requireUnexpired(file, targets, now);
  store.write(storedRoleFile(name), targets.bytes);
  return targets;
}

/** Section 6.2: with consistent snapshots every file but the timestamp carries its version. */
function versionedName(root: Verified<RootRole>, role: string, version: number): string {
  const name = metadataFileName(role);
  return root.role.consistent_snapshot ? `${version}.${name}` : name;
}
