import { DomainError } from "../../protocol/domain-error.ts";
import {
  isName,
  POLICY_PATH_PATTERN,
  POLICY_ROLE,
  releasePathPattern,
  releaseRoleName,
} from "../../protocol/manifest-names.ts";
import type { DelegatedRole, Key, RootRole, TargetsRole } from "../../protocol/tuf-metadata.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import { OFFLINE_LIFETIMES } from "./lifetimes.ts";
import { type ReadRole, readRole, requireSignatures } from "./read-role.ts";

/**
 * - `missing`: a file that others need is not there
 * - `unreadable`: not a metadata file of its kind
 * - `not-signed`: the keys that may sign it have not, or too few
 * - `broken-chain`: a root does not follow from the one before it
 * - `bad-delegation`: `targets.json` gives away more, less or other than Fairlead's two kinds of delegation
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
  const verifier = new TrustVerifier(trust, now);
  const root = verifier.verifyRoots();
  const targets = root === undefined ? undefined : verifier.verifyTargets(root);
  const releases = targets === undefined ? new Map<string, TargetsRole>() : verifier.verifyReleases(targets);
  return {
    problems: verifier.problems,
    roles: {
      ...(root === undefined ? {} : { root }),
      ...(targets === undefined ? {} : { targets }),
      releases,
    },
  };
}

const SIGN_AGAIN = "restore the file from git, or sign it again with the keys that may";

class TrustVerifier {
  readonly problems: TrustProblem[] = [];
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
    this.checkOnlineKeys(
      file,
      newest.role,
      [newest.role.roles.root, newest.role.roles.targets].flatMap(({ keyids }) => keyids),
    );
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
    const delegated = read.role.delegations?.roles ?? [];
    if (!delegated.some(({ name }) => name === POLICY_ROLE)) {
      this.report("bad-delegation", file, `it delegates nothing to \`${POLICY_ROLE}\``, SIGN_AGAIN);
    }
    for (const role of delegated) {
      const message = delegationFault(role);
      if (message !== undefined) this.report("bad-delegation", file, message, SIGN_AGAIN);
      if (role.name !== POLICY_ROLE) {
        this.checkOnlineKeys(
          file,
          root,
          role.keyids,
          delegated.find(({ name }) => name === POLICY_ROLE),
        );
      }
    }
    this.checkExpiry(file, read.expires, OFFLINE_LIFETIMES.targets.alarm, renewWith("targets"));
    return read.role;
  }

  verifyReleases(targets: TargetsRole): Map<string, TargetsRole> {
    const releases = new Map<string, TargetsRole>();
    const delegations = targets.delegations ?? { keys: {}, roles: [] };
    for (const [product, bytes] of [...this.trust.releases].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const file = releasesFile(product);
      const role = delegations.roles.find(({ name }) => isName(product) && name === releaseRoleName(product));
      if (role === undefined) {
        const help = `run \`fairlead keys add-product ${product}\`, or delete the file`;
        this.report("bad-delegation", file, "`trust/targets.json` delegates nothing to it", help);
        continue;
      }
      const verified = this.verifyRelease(file, product, bytes, role, delegations.keys);
      if (verified !== undefined) releases.set(product, verified);
    }
    for (const { name } of delegations.roles) {
      const product = name.startsWith("releases-") ? name.slice("releases-".length) : undefined;
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
    const stray = Object.entries(read.role.targets).find(
      ([path, { custom }]) => !isOwnTarget(product, path, custom),
    );
    if (stray !== undefined) {
      const message = `\`${stray[0]}\` is not a target of product \`${product}\`, or says so of itself`;
      return this.report("bad-target", file, message, help);
    }
    const again = `run \`fairlead release sign ${product}\` where its release key is`;
    this.checkExpiry(file, read.expires, OFFLINE_LIFETIMES.releases.alarm, again);
    return read.role;
  }

  /** Whoever takes the controller must not get what its keys are not for. */
  private checkOnlineKeys(
    file: string,
    root: RootRole,
    keyids: readonly string[],
    policy?: DelegatedRole,
  ): void {
    const online = new Set([
      ...root.roles.snapshot.keyids,
      ...root.roles.timestamp.keyids,
      ...(policy?.keyids ?? []),
    ]);
    const shared = keyids.find((id) => online.has(id));
    if (shared === undefined) return;
    const message = `key ${shared.slice(0, 16)} signs online, and may also sign what is signed offline`;
    this.report(
      "online-key-overreach",
      file,
      message,
      "give the online role a key of its own: `fairlead keys rotate online`",
    );
  }

  private checkExpiry(file: string, expires: number, alarm: number, help: string): void {
    const date = new Date(expires * 1000).toISOString().slice(0, 10);
    if (this.now >= expires) this.report("expired", file, `expired on ${date}`, help);
    else if (this.now >= expires - alarm) {
      this.report("near-expiry", file, `expires on ${date}`, help, "warning");
    }
  }

  private attempt<T>(file: string, read: () => T, help = SIGN_AGAIN): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const kind = error.code === "role/not-signed" ? "not-signed" : "unreadable";
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

function delegationFault({ name, paths, terminating }: DelegatedRole): string | undefined {
  const product = name.startsWith("releases-") ? name.slice("releases-".length) : undefined;
  const pattern =
    name === POLICY_ROLE
      ? POLICY_PATH_PATTERN
      : product !== undefined && isName(product)
        ? releasePathPattern(product)
        : undefined;
  if (pattern === undefined) return `the role \`${name}\` is neither policy nor the releases of a product`;
  if (paths.length !== 1 || paths[0] !== pattern) {
    return `the role \`${name}\` has the paths \`${paths.join(" ")}\`, expected \`${pattern}\``;
  }
  return terminating ? undefined : `the role \`${name}\` is not terminating`;
}

function isOwnTarget(product: string, path: string, custom: unknown): boolean {
  if (typeof custom !== "object" || custom === null) return false;
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
