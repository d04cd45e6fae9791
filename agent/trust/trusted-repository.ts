import {
  policyRoles,
  productPolicyPath,
  releaseRoleName,
  tenantPolicyPath,
} from "../../protocol/manifest-names.ts";
import type { ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import { quote } from "../../protocol/printable.ts";
import { MAX_POLICY_BYTES, readProductPolicy, readTenantPolicy } from "../../protocol/read-policy.ts";
import { readReleases } from "../../protocol/read-release.ts";
import type { Releases } from "../../protocol/release.ts";
import { MAX_ROLE_BYTES } from "../../protocol/tuf/limits.ts";
import type { RootRole, TargetsRole } from "../../protocol/tuf/roles.ts";
import type { FetchBytes } from "../fetch/fetch-bytes.ts";
import { findTargetFile } from "./find-target.ts";
import { FileSource } from "./metadata-source.ts";
import { MetadataStore } from "./metadata-store.ts";
import { loadPollState, type PollState, requireForwardClock, savePollState } from "./poll-state.ts";
import { fetchTargets, type Received, refreshMetadata } from "./refresh-metadata.ts";
import { requireOfflineKey } from "./require-offline-key.ts";
import { TargetDocuments } from "./target-documents.ts";
import { TrustError } from "./trust-error.ts";
import {
  type CompleteSet,
  loadTrustedSet,
  requireCurrent,
  storeRoot,
  type TrustedSet,
} from "./trusted-set.ts";
import {
  type Delegator,
  requireUnexpired,
  roleFile,
  type Verified,
  verifyInitialRoot,
} from "./verify-roles.ts";

export interface RepositoryOptions {
  /** Where verified metadata is kept; made if need be, for this agent alone. */
  readonly directory: string;
  readonly metadataUrl: URL;
  readonly targetsUrl: URL;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly fetch: FetchBytes;
  /**
   * `last-verified`: what was in date when this machine last verified it counts as in date, to tell what is known of a
   * file or a decision. Nothing may be installed by that.
   */
  readonly judgeBy?: "last-verified";
}

/** Until when a role of the manifest is signed. */
export interface RoleExpiry {
  readonly role: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** A target that a trusted role lists. */
export interface TrustedTarget {
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  readonly hashes: Readonly<Record<string, string>>;
  readonly custom: unknown;
  /** The role that signed it. */
  readonly role: string;
  /** The roles above it, from `targets` down. */
  readonly delegatedBy: readonly string[];
}

/**
 * A TUF 1.0 repository as this agent trusts it. Every method but `open` and `init` throws `TrustError` for what is not
 * trusted and `FetchError` for what did not come.
 */
export class TrustedRepository {
  private readonly options: RepositoryOptions;
  private readonly store: MetadataStore;
  private readonly metadata: FileSource;
  private readonly documents: TargetDocuments;
  private trusted: TrustedSet | undefined;
  private state: PollState;
  private readonly delegated = new Map<string, Verified<TargetsRole>>();

  private constructor(options: RepositoryOptions) {
    this.options = options;
    this.store = new MetadataStore(options.directory);
    this.metadata = new FileSource(options.metadataUrl, options.fetch);
    this.documents = new TargetDocuments(this.store, new FileSource(options.targetsUrl, options.fetch));
    this.state = loadPollState(this.store);
  }

  /** Opens the store; uses no network. */
  static open(options: RepositoryOptions): TrustedRepository {
    return new TrustedRepository(options);
  }

  /**
   * Trusts a root that came by a way of its own: with the agent or from its operator. Whatever was trusted before is
   * forgotten. Uses no network.
   */
  init(rootBytes: Buffer): void {
    const root = verifyInitialRoot(rootBytes);
    this.store.keep((name) => name === "root.json");
    storeRoot(this.store, root);
    this.state = loadPollState(this.store);
    this.delegated.clear();
    this.trusted = { root };
  }

  /**
   * Brings the trusted metadata up to date. While nothing changed this is one conditional request; the whole workflow
   * runs when the timestamp changed, and at least once inside a timestamp's life, because an expired one is not
   * asked for conditionally.
   *
   * @returns whether the timestamp is another one than before, and its version
   */
  async refresh(): Promise<{ readonly changed: boolean; readonly version: number }> {
    const now = this.now();
    const before = this.load();
    const quiet = await this.poll(before, now);
    if (quiet === "unchanged") {
      this.state = savePollState(this.store, this.state, { ...this.state, latestKnownTime: now });
      return { changed: false, version: before.timestamp?.role.version ?? 0 };
    }
    const context = { source: this.metadata, store: this.store, now };
    // Whatever happens from here on, the next look starts from what the store then holds.
    this.trusted = undefined;
    this.delegated.clear();
    const { trusted, etag } = await refreshMetadata(context, before, quiet);
    this.trusted = trusted;
    this.state = savePollState(this.store, this.state, {
      latestKnownTime: now,
      ...(etag === undefined ? {} : { timestampEtag: etag }),
    });
    const { version } = trusted.timestamp.role;
    return { changed: version !== before.timestamp?.role.version, version };
  }

  /**
   * What the trusted roles say of a path; metadata must be current.
   *
   * @param chain the only roles that may be followed from `targets` down, each delegated by the one before it; absent:
   *   any, as TUF has it
   * @throws TrustError `trust/unknown-target`; `trust/wrong-role` where a role is delegated the path that is not in the
   *   chain, which is then not even fetched
   */
  async findTarget(path: string, chain?: readonly string[]): Promise<TrustedTarget> {
    const { targets } = this.current();
    const load = async (name: string, delegator: Delegator, parent: string) =>
      (await this.loadDelegated(name, delegator, parent)).role;
    const found = await findTargetFile(path, targets.role, load, chain);
    if (found === undefined) {
      throw new TrustError("trust/unknown-target", `expected a role that lists ${quote(path)}, got none`, {
        help: "nobody has signed this file; check the name, or publish it",
      });
    }
    const { length, hashes, custom } = found.file;
    const { role, delegatedBy } = found;
    return { path, length, hashes, custom, role, delegatedBy };
  }

  /** The bytes of a small target, verified; from the store where it has them already. */
  async fetchDocument(path: string, maxBytes: number): Promise<Buffer> {
    return this.fetchTarget(await this.findTarget(path), maxBytes);
  }

  /** The root that is trusted now. */
  rootRole(): RootRole {
    return this.load().root.role;
  }

  /** Version of the timestamp role that is trusted; `undefined` before the first refresh. */
  timestampVersion(): number | undefined {
    return this.load().timestamp?.role.version;
  }

  /** The repository's first root, which names it for ever. Once a later one is trusted, it comes from the server. */
  async firstRoot(): Promise<Buffer> {
    const { root } = this.load();
    if (root.role.version === 1) return root.bytes;
    return (await this.metadata.require("1.root.json", MAX_ROLE_BYTES.root)).bytes;
  }

  /** All that the release key of a product has signed. */
  async releases(product: string): Promise<Releases> {
    const name = releaseRoleName(product);
    const { targets } = this.current();
    const delegations = targets.role.delegations;
    const delegated = delegations?.roles.find((role) => role.name === name);
    if (delegations === undefined || delegated === undefined) {
      throw new TrustError(
        "trust/unknown-target",
        `expected a delegation to \`${name}\` in targets.json, got none`,
        {
          help: `check the name of the product \`${product}\`, or add it to the offline-signed targets role`,
        },
      );
    }
    const role = await this.loadDelegated(name, { keys: delegations.keys, role: delegated }, "targets");
    return readReleases(product, role.role);
  }

  /** @throws TrustError `trust/wrong-document` for a document that names another product than its path */
  async productPolicy(product: string): Promise<ProductPolicy> {
    const path = productPolicyPath(product);
    const policy = readProductPolicy(await this.fetchPolicy(path));
    requireSubject(path, product, policy.product);
    return policy;
  }

  /**
   * @param tenant as the enrolment gave it; the key has 64 hexadecimal digits
   * @throws TrustError `trust/wrong-document` for a document that names another tenant
   */
  async tenantPolicy(tenant: { readonly name: string; readonly key: string }): Promise<TenantPolicy> {
    const path = tenantPolicyPath(tenant.key);
    const policy = readTenantPolicy(await this.fetchPolicy(path));
    requireSubject(path, tenant.name, policy.tenant);
    return policy;
  }

  /**
   * Policy speaks through the role `policy` only, or through the bin of tenants that `policy` delegates for that very
   * name; releases through theirs: no key can stand in for another.
   */
  private async fetchPolicy(path: string): Promise<Buffer> {
    const allowed = policyRoles(path);
    const target = await this.findTarget(path, allowed);
    if (target.role === "targets") {
      throw new TrustError(
        "trust/wrong-role",
        `${path}: expected role \`${allowed.join("` or `")}\`, got ${quote(target.role)}`,
        {
          help: "the delegations of this repository are wrong; ask whoever holds its targets key",
        },
      );
    }
    return this.fetchTarget(target, MAX_POLICY_BYTES);
  }

  private fetchTarget(target: TrustedTarget, maxBytes: number): Promise<Buffer> {
    return this.documents.fetch(target, maxBytes, this.load().root.role.consistent_snapshot);
  }

  /** One conditional GET, where all that is stored is verified and in date. */
  private async poll(trusted: TrustedSet, now: number): Promise<"unchanged" | Received | undefined> {
    const etag = this.state.timestampEtag;
    if (etag === undefined || !isCurrent(trusted, now)) return undefined;
    const fetched = await this.metadata.get("timestamp.json", MAX_ROLE_BYTES.timestamp, etag);
    switch (fetched.kind) {
      case "unchanged":
        return "unchanged";
      case "absent":
        return undefined;
      case "file":
        return fetched;
    }
  }

  private async loadDelegated(
    name: string,
    delegator: Delegator,
    parent: string,
  ): Promise<Verified<TargetsRole>> {
    const key = `${parent}/${name}`;
    const now = this.now();
    const known = this.delegated.get(key);
    if (known !== undefined) {
      requireUnexpired(roleFile(name), known, now);
      return known;
    }
    const { root, snapshot, targets } = this.current();
    requireOfflineKey(name, delegator, root.role, targets.role);
    const context = { source: this.metadata, store: this.store, now };
    const role = await fetchTargets(context, root, name, delegator, snapshot);
    this.delegated.set(key, role);
    return role;
  }

  private load(): TrustedSet {
    this.trusted ??= loadTrustedSet(this.store);
    return this.trusted;
  }

  private current(): CompleteSet {
    return requireCurrent(this.load(), this.now());
  }

  /** What expires, of the roles that are trusted now; uses no network. */
  expiries(): readonly RoleExpiry[] {
    const { root, timestamp, snapshot, targets } = this.load();
    return [root, targets, snapshot, timestamp].flatMap((one) =>
      one === undefined ? [] : [{ role: one.role._type, expires: one.expires }],
    );
  }

  private now(): number {
    if (this.options.judgeBy === "last-verified") return this.state.latestKnownTime;
    return requireForwardClock(this.state, this.options.now());
  }
}

/** A document speaks of whom its path names: the name inside is what its settings are looked up by. */
function requireSubject(path: string, expected: string, got: string): void {
  if (got === expected) return;
  throw new TrustError(
    "trust/wrong-document",
    `${path}: expected the policy of \`${expected}\`, got that of \`${got}\``,
    {
      help: "check the name in this agent's configuration; if it is right, whoever runs the controller must look",
    },
  );
}

function isCurrent(trusted: TrustedSet, now: number): boolean {
  try {
    requireCurrent(trusted, now);
    return true;
  } catch (error) {
    if (error instanceof TrustError) return false;
    throw error;
  }
}
