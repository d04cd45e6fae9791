import type { PublicKey, TrustHolders } from "../trust/build-trust.ts";
import { KeyError } from "./key-error.ts";

/** A public key, and what people call its holder. */
export interface NewKey extends PublicKey {
  readonly holder?: string;
}

/** A role that several people hold. */
export type SharedRole = "root" | "targets";

/** How many people there may be: more cannot be brought together, and a threshold of few of many protects nothing. */
export const MAX_HOLDERS = 20;

/** The online key gives way to another: for policy, snapshot and timestamp at once. */
export function withOnlineKey(holders: TrustHolders, online: NewKey): TrustHolders {
  requireUnused(holders, online);
  return { ...holders, online };
}

/** A product gets a release key: its first, or another in its place. */
export function withReleaseKey(holders: TrustHolders, product: string, key: NewKey): TrustHolders {
  requireUnused(holders, key);
  return { ...holders, releases: new Map(holders.releases).set(product, key) };
}

/** One key of a shared role gives way to another. */
export function withReplacedKey(
  holders: TrustHolders,
  role: SharedRole,
  keyid: string,
  key: NewKey,
): TrustHolders {
  requireUnused(holders, key);
  const name = key.holder ?? holders.names?.get(keyid);
  return {
    ...holders,
    [role]: holders[role].map((one) => (one.keyid === keyid ? key : one)),
    names: name === undefined ? (holders.names ?? new Map()) : new Map(holders.names).set(key.keyid, name),
  };
}

/** A shared role loses a key that nobody replaces; enough must be left. */
export function withoutKey(holders: TrustHolders, role: SharedRole, keyid: string): TrustHolders {
  const left = holders[role].filter((one) => one.keyid !== keyid);
  requireThreshold(thresholdOf(holders, role), left.length);
  return { ...holders, [role]: left };
}

/** More people hold a shared role, or another number of them must sign. */
export function withHolders(
  holders: TrustHolders,
  role: SharedRole,
  keys: readonly NewKey[],
  threshold = thresholdOf(holders, role),
): TrustHolders {
  for (const key of keys) requireUnused(holders, key);
  const all = [...holders[role], ...keys];
  requireThreshold(threshold, all.length);
  const names = new Map(holders.names);
  for (const { keyid, holder } of keys) if (holder !== undefined) names.set(keyid, holder);
  const changed = role === "root" ? { threshold } : { targetsThreshold: threshold };
  // What is not said follows the threshold of root, which must not move that of targets.
  return { ...holders, targetsThreshold: thresholdOf(holders, "targets"), ...changed, [role]: all, names };
}

export function thresholdOf({ threshold, targetsThreshold }: TrustHolders, role: SharedRole): number {
  return role === "root" ? threshold : (targetsThreshold ?? threshold);
}

/** @throws KeyError `keys/bad-threshold` */
export function requireThreshold(threshold: number, people: number): void {
  if (threshold >= 1 && people >= threshold && people <= MAX_HOLDERS) return;
  throw new KeyError("keys/bad-threshold", `${threshold} of ${people} is no threshold`, {
    help: `ask for at least one signature and for at most as many as there are keys (up to ${MAX_HOLDERS})`,
  });
}

/** A key has one job: with two, whoever takes it from one place has the other as well. */
function requireUnused(holders: TrustHolders, { keyid }: PublicKey): void {
  const uses = [...holders.root, ...holders.targets, holders.online, ...holders.releases.values()];
  if (!uses.some((one) => one.keyid === keyid)) return;
  throw new KeyError("keys/exists", `key ${keyid.slice(0, 16)} has a role already, and each key has one`, {
    help: "make a new one with `fairlead keys new`",
  });
}
