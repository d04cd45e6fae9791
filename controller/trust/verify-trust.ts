import { isSha256Hex } from "../../protocol/digest.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import {
  isName,
  POLICY_PATH_PATTERN,
  POLICY_ROLE,
  releasePathPattern,
  releaseRoleName,
  releaseRoleProduct,
} from "../../protocol/manifest-names.ts";
import { quote } from "../../protocol/printable.ts";
import { keyId } from "../../protocol/tuf/identify-key.ts";
import type { ReadRole } from "../../protocol/tuf/read-role.ts";
import type { DelegatedRole, Key, RootRole, TargetFile, TargetsRole } from "../../protocol/tuf/roles.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import { OFFLINE_LIFETIMES } from "./lifetimes.ts";
import { openKey } from "./open-key.ts";
import { readRole, requireSignatures } from "./read-role.ts";

/**
 * - `missing`: a file that others need is not there
 * - `unreadable`: not a metadata file of its kind
 * - `not-signed`: the keys that may sign it have not, or too few
 * - `broken-chain`: a root does not follow from the one before it
 * - `bad-delegation`: `targets.json` gives away more, less or other than Fairlead's two kinds of delegation
 * - `bad-key`: a key that is not listed under the hash of itself, or is not an Ed25519 key as Fairlead writes them
 * - `online-key-overreach`: a key of the controller may sign what only offline keys may
 * - `bad-target`: a release role lists what is not its own
 * - `expired`, `near-expiry`: no longer good, or not for long
 */
export type TrustProblemKind =
  | "missing"
  | "unreadable"
  | "not-signed"
  | "broken-chain"
  | "bad-delegation"
  | "bad-key"
  | "online-key-overreach"
  | "bad-target"
  | "expired"
  | "near-expiry";

export interface TrustProblem {
  readonly kind: TrustProblemKind;
  readonly severity: "error" | "warning";
  /** Relative to the state root: `trust/root/2.root.json`. */
  readonly file: string;
  /** Lower case, without full stop. */
  readonly message: string;
  readonly help: string;
}

/** The roles that verified, for whoever builds on them. */
export interface TrustRoles {
  /** The newest root of an unbroken chain. */
  readonly root?: RootRole;
  readonly targets?: TargetsRole;
  /** By product. */
  readonly releases: ReadonlyMap<string, TargetsRole>;
}

export interface VerifiedTrust {
  readonly problems: readonly TrustProblem[];
  readonly roles: TrustRoles;
}

/**
 * Verifies what was signed offline: the root chain (TUF 1.0, section 5.3), the delegations, and each release role.
 * All problems in one run; a role with an error is left out of `roles`.
 *
 * @param now seconds since 1970
 */
export function verifyTrust(trust: TrustFiles, now: number): VerifiedTrust {
  const known = verdicts.get(trust);
  if (known !== undefined && known.from <= now && now < known.until) return known.verdict;
  const verdict = verifyAll(trust, now);
  verdicts.set(trust, { from: now, ...verdict });
  return verdict.verdict;
}

interface KnownVerdict {
  readonly verdict: VerifiedTrust;
  /** From when to when nothing expires or begins to be alarming, seconds since 1970. */
  readonly from: number;
  readonly until: number;
}

const verdicts = new KeptByIdentity<TrustFiles, KnownVerdict>();

function verifyAll(trust: TrustFiles, now: number): Omit<KnownVerdict, "from"> {
  const verifier = new TrustVerifier(trust, now);
  const root = verifier.verifyRoots();
  const targets = root === undefined ? undefined : verifier.verifyTargets(root);
  const releases = targets === undefined ? new Map<string, TargetsRole>() : verifier.verifyReleases(targets);
  const roles = {
    ...(root === undefined ? {} : { root }),
    ...(targets === undefined ? {} : { targets }),
    releases,
  };
  return { verdict: { problems: verifier.problems, roles }, until: verifier.until };
}

const SIGN_AGAIN = "restore the file from git, or sign it again with the keys that may";

class TrustVerifier {
  readonly problems: TrustProblem[] = [];
  /** When time alone changes the verdict. */
  until = Number.POSITIVE_INFINITY;
  private readonly trust: TrustFiles;
  private readonly now: number;

  constructor(trust: TrustFiles, now: number) {
    this.trust = trust;
    this.now = now;
  }

  verifyRoots(): RootRole | undefined {
    const numbers = [...this.trust.roots.keys()].sort((a, b) => a - b);
    if (numbers.length === 0) {
      return this.report("missing", "trust/root/1.root.json", "there is no root", "run `fairlead keys init`");
    }
    let newest: ReadRole<RootRole> | undefined;
    for (const [index, number] of numbers.entries()) {
      const file = rootFile(number);
      if (number !== index + 1) {
        const message = `the chain has a gap: ${rootFile(index + 1)} is missing`;
        return this.report(
          "broken-chain",
          file,
          message,
          "agents need every root from the first: restore it",
        );
      }
      const read = this.attempt(file, () => {
        const next = readRole("root", this.trust.roots.get(number) ?? Buffer.alloc(0));
        if (newest !== undefined) requireSignatures(next, newest.role.keys, newest.role.roles.root);
        requireSignatures(next, next.role.keys, next.role.roles.root);
        return next;
      });
      if (read === undefined) return undefined;
      if (read.role.version !== number) {
        const message = `the file is number ${number}, and its content says version ${read.role.version}`;
        return this.report("broken-chain", file, message, SIGN_AGAIN);
      }
      newest = read;
    }
    if (newest === undefined) return undefined;
    const file = rootFile(newest.role.version);
    if (!newest.role.consistent_snapshot) {
      return this.report(
        "unreadable",
        file,
        "`consistent_snapshot` is off, and Fairlead publishes nothing else",
        SIGN_AGAIN,
      );
    }
    this.checkExpiry(file, newest.expires, OFFLINE_LIFETIMES.root.alarm, renewWith("root"));
    this.checkKeys(file, newest.role.keys);
    this.requireSeparate(file, offlineKeys(newest.role), onlineKeys(newest.role));
    return newest.role;
  }

  verifyTargets(root: RootRole): TargetsRole | undefined {
    const file = "trust/targets.json";
    const bytes = this.trust.targets;
    if (bytes === undefined) {
      return this.report("missing", file, "there are no delegations", "run `fairlead keys init`");
    }
    const read = this.attempt(file, () => {
      const targets = readRole("targets", bytes);
      requireSignatures(targets, root.keys, root.roles.targets);
      return targets;
    });
    if (read === undefined) return undefined;
    if (Object.keys(read.role.targets).length > 0) {
      this.report("bad-delegation", file, "it lists targets of its own, and may only delegate", SIGN_AGAIN);
    }
    const { keys, roles } = read.role.delegations ?? { keys: {}, roles: [] };
    this.checkKeys(file, keys);
    const policy = roles.find(({ name }) => name === POLICY_ROLE);
    if (policy === undefined) {
      this.report("bad-delegation", file, `it delegates nothing to \`${POLICY_ROLE}\``, SIGN_AGAIN);
    }
    for (const role of roles) {
      const message = delegationFault(role);
      if (message !== undefined) this.report("bad-delegation", file, message, SIGN_AGAIN);
    }
    const online = [...onlineKeys(root), ...keysOf(keys, policy?.keyids ?? [])];
    const releases = roles.filter((role) => role !== policy).flatMap(({ keyids }) => keysOf(keys, keyids));
    this.requireSeparate(file, [...offlineKeys(root), ...releases], online);
    this.checkExpiry(file, read.expires, OFFLINE_LIFETIMES.targets.alarm, renewWith("targets"));
    return read.role;
  }

  verifyReleases(targets: TargetsRole): Map<string, TargetsRole> {
    const releases = new Map<string, TargetsRole>();
    const delegations = targets.delegations ?? { keys: {}, roles: [] };
    const byName = new Map(delegations.roles.toReversed().map((role) => [role.name, role]));
    for (const [product, bytes] of [...this.trust.releases].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const file = releasesFile(product);
      const role = isName(product) ? byName.get(releaseRoleName(product)) : undefined;
      if (role === undefined) {
        const help = `run \`fairlead keys add-product ${product}\`, or delete the file`;
        this.report("bad-delegation", file, "`trust/targets.json` delegates nothing to it", help);
        continue;
      }
      const verified = this.verifyRelease(file, product, bytes, role, delegations.keys);
      if (verified !== undefined) releases.set(product, verified);
    }
    for (const { name } of delegations.roles) {
      const product = releaseRoleProduct(name);
      if (product === undefined || this.trust.releases.has(product)) continue;
      this.report(
        "missing",
        releasesFile(product),
        `the role \`${name}\` is delegated, and its file is not there`,
        `restore it from git, or run \`fairlead release sign ${product}\``,
      );
    }
    return releases;
  }

  private verifyRelease(
    file: string,
    product: string,
    bytes: Buffer,
    role: DelegatedRole,
    keys: Readonly<Record<string, Key>>,
  ): TargetsRole | undefined {
    const help = `restore the file from git, or run \`fairlead release sign ${product}\``;
    const read = this.attempt(
      file,
      () => {
        const release = readRole("targets", bytes);
        requireSignatures(release, keys, role);
        return release;
      },
      help,
    );
    if (read === undefined) return undefined;
    if (read.role.delegations !== undefined) {
      return this.report("bad-delegation", file, "a release role may not delegate", help);
    }
    const stray = strayTarget(product, read.role);
    if (stray !== undefined) {
      const message = `${quote(stray)} is not a target of product \`${product}\`, or says so of itself`;
      return this.report("bad-target", file, message, help);
    }
    const again = `run \`fairlead release sign ${product}\` where its release key is`;
    this.checkExpiry(file, read.expires, OFFLINE_LIFETIMES.releases.alarm, again);
    return read.role;
  }

  /**
   * An online key must not also sign root, targets or releases: whoever takes the controller has it. What is compared
   * is the keys themselves, whatever ids they stand under.
   */
  private requireSeparate(file: string, offline: readonly Key[], online: readonly Key[]): void {
    const known = new Set(online.map(identityOf));
    const shared = offline.find((key) => known.has(identityOf(key)));
    if (shared === undefined) return;
    const message = `key ${keyId(shared).slice(0, 16)} signs online, and may also sign what is signed offline`;
    this.report(
      "online-key-overreach",
      file,
      message,
      "give the online role a key of its own: `fairlead keys rotate online`",
    );
  }

  /**
   * A key id is the hash of its key (TUF 1.0, section 4.2.1), so that no key has two names. Agents do not ask for it:
   * public TUF repositories have ids of other kinds (TAP 12), and agents count keys, not ids.
   */
  private checkKeys(file: string, keys: Readonly<Record<string, Key>>): void {
    for (const [id, key] of Object.entries(keys)) {
      if (openKey(key) === undefined) {
        const message = `the key ${quote(id)} is not an Ed25519 key in hexadecimal, and nothing else signs here`;
        this.report("bad-key", file, message, SIGN_AGAIN);
      } else if (keyId(key) !== id) {
        const message = `the key ${quote(id)} should stand under ${keyId(key).slice(0, 16)}, the hash of itself`;
        this.report("bad-key", file, message, SIGN_AGAIN);
      }
    }
  }

  private checkExpiry(file: string, expires: number, alarm: number, help = SIGN_AGAIN): void {
    for (const second of [expires - alarm, expires]) {
      if (second > this.now) this.until = Math.min(this.until, second);
    }
    if (this.now < expires - alarm) return;
    const date = new Date(expires * 1000).toISOString().slice(0, 10);
    if (this.now >= expires) this.report("expired", file, `expired on ${date}`, help);
    else this.report("near-expiry", file, `expires on ${date}`, help, "warning");
  }

  private attempt<T>(file: string, read: () => T, help = SIGN_AGAIN): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const kind = error.code === "protocol/not-signed" ? "not-signed" : "unreadable";
      return this.report(kind, file, error.message, help);
    }
  }

  private report(
    kind: TrustProblemKind,
    file: string,
    message: string,
    help: string,
    severity: TrustProblem["severity"] = "error",
  ): undefined {
    this.problems.push({ kind, severity, file, message, help });
    return undefined;
  }
}

/** The keys of root that sign online, and those that people hold. */
function onlineKeys({ keys, roles }: RootRole): Key[] {
  return keysOf(keys, [...roles.snapshot.keyids, ...roles.timestamp.keyids]);
}

function offlineKeys({ keys, roles }: RootRole): Key[] {
  return keysOf(keys, [...roles.root.keyids, ...roles.targets.keyids]);
}

function keysOf(keys: Readonly<Record<string, Key>>, ids: readonly string[]): Key[] {
  return ids.flatMap((id) => (Object.hasOwn(keys, id) ? (keys[id] ?? []) : []));
}

/** What a key is, however it is spelled. One that cannot be opened is reported by itself. */
function identityOf(key: Key): string {
  return openKey(key)?.identity ?? key.keyval.public;
}

function delegationFault({
  name,
  paths,
  path_hash_prefixes,
  terminating,
}: DelegatedRole): string | undefined {
  const product = releaseRoleProduct(name);
  const pattern =
    name === POLICY_ROLE
      ? POLICY_PATH_PATTERN
      : product === undefined
        ? undefined
        : releasePathPattern(product);
  if (pattern === undefined) return `the role ${quote(name)} is neither policy nor the releases of a product`;
  if (path_hash_prefixes !== undefined) {
    return `the role \`${name}\` is delegated by hash prefixes, expected the path \`${pattern}\``;
  }
  if (paths.length !== 1 || paths[0] !== pattern) {
    return `the role \`${name}\` has the paths ${quote(paths.join(" "))}, expected \`${pattern}\``;
  }
  return terminating ? undefined : `the role \`${name}\` is not terminating`;
}

const strays = new KeptByIdentity<
  TargetsRole,
  { readonly product: string; readonly path: string | undefined }
>();

/** The first target of a release role that is not its own; looked for once in each role. */
function strayTarget(product: string, role: TargetsRole): string | undefined {
  const known = strays.get(role);
  if (known?.product === product) return known.path;
  const stray = Object.entries(role.targets).find(([path, file]) => !isOwnTarget(product, path, file));
  strays.set(role, { product, path: stray?.[0] });
  return stray?.[0];
}

function isOwnTarget(product: string, path: string, { custom, hashes }: TargetFile): boolean {
  if (typeof custom !== "object" || custom === null || !isSha256Hex(hashes.sha256)) return false;
  const { product: owner, version, platform } = custom as Record<string, unknown>;
  const segments = path.split("/");
  return (
    owner === product &&
    segments.length === 5 &&
    segments[0] === "releases" &&
    segments[1] === product &&
    segments[2] === version &&
    segments[3] === platform
  );
}

function renewWith(role: "root" | "targets"): string {
  return `its holders sign it again: \`fairlead keys renew ${role}\``;
}

function rootFile(number: number): string {
  return `trust/root/${number}.root.json`;
}

function releasesFile(product: string): string {
  return `trust/releases/${product}.json`;
}
