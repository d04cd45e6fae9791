import type { TrustHolders } from "../trust/build-trust.ts";
import {
  type NewKey,
  requireThreshold,
  type SharedRole,
  thresholdOf,
  withHolders,
  withOnlineKey,
  withoutKey,
  withReleaseKey,
  withReplacedKey,
} from "./change-holders.ts";
import { KeyError } from "./key-error.ts";
import { productOfRole } from "./key-roles.ts";
import type { KeySupply } from "./key-supply.ts";

/** What one command asks for: who holds what afterwards. Who has to sign for it follows from that. */
export interface Ceremony {
  /** The command, as it stands in a signing request. */
  readonly purpose: string;
  readonly holders: TrustHolders;
  /** Roles that are signed again although nothing in them changes but when they expire. */
  readonly renew?: readonly SharedRole[];
}

const SHARED: readonly SharedRole[] = ["root", "targets"];

/** The first keys of a fleet. */
export interface FirstKeys {
  /** Of those who hold a root and a targets key; absent: as many as there are public halves, and at least one. */
  readonly people: number | undefined;
  readonly names: readonly string[];
  readonly threshold: number;
  readonly products: readonly string[];
}

/** @throws KeyError `keys/bad-threshold` */
export function init(supply: KeySupply, { people, names, threshold, products }: FirstKeys): Ceremony {
  const keysOf = (role: SharedRole): NewKey[] => {
    const count = supply.count(role) || (people ?? (names.length || 1));
    requireThreshold(threshold, count);
    return Array.from({ length: count }, (_, index) =>
      supply.take(role, `${role}-${names[index] ?? index + 1}`, names[index]),
    );
  };
  const root = keysOf("root");
  const targets = keysOf("targets");
  const named = [...root, ...targets].flatMap(({ keyid, holder }): [string, string][] =>
    holder === undefined ? [] : [[keyid, holder]],
  );
  return {
    purpose: "init",
    holders: {
      root,
      targets,
      threshold,
      online: supply.take("online", "online"),
      releases: new Map(
        products.map((product) => [product, supply.take(`releases-${product}`, `releases-${product}`)]),
      ),
      names: new Map(named),
    },
  };
}

/** The same keys, for another year and more. */
export function renew(holders: TrustHolders, roles: readonly SharedRole[]): Ceremony {
  return { purpose: `renew ${roles.join(" ")}`, holders, renew: roles };
}

/** @throws KeyError `keys/exists` */
export function addProduct(holders: TrustHolders, supply: KeySupply, product: string): Ceremony {
  if (holders.releases.has(product)) {
    throw new KeyError("keys/exists", `product \`${product}\` has a release key already`, {
      help: `give it another one with \`fairlead keys rotate releases-${product}\``,
    });
  }
  const key = supply.take(`releases-${product}`, `releases-${product}`);
  return { purpose: `add-product ${product}`, holders: withReleaseKey(holders, product, key) };
}

/**
 * More people hold a shared role, or another number of them must sign.
 *
 * @throws KeyError `keys/bad-threshold`, `keys/nothing-to-do`
 */
export function addHolders(
  holders: TrustHolders,
  supply: KeySupply,
  role: SharedRole,
  options: { readonly names: readonly string[]; readonly threshold: number | undefined },
): Ceremony {
  const { names, threshold } = options;
  const halves = Array.from({ length: supply.count(role) }, () => supply.take(role));
  const made = names.map((name) => supply.take(role, `${role}-${name}`, name));
  const keys = [...halves, ...made];
  if (keys.length === 0 && (threshold ?? thresholdOf(holders, role)) === thresholdOf(holders, role)) {
    throw new KeyError("keys/nothing-to-do", `nobody is named who is to hold a ${role} key`, {
      help: "name the public half of their key with --public FILE, or a person with --holder NAME to make one here",
    });
  }
  return { purpose: `add-holder ${role}`, holders: withHolders(holders, role, keys, threshold) };
}

/**
 * A key gives way to a new one, as planned.
 *
 * @param keyid first digits of the key's id; needed where several keys have the role
 * @throws KeyError `keys/not-found`, `keys/ambiguous`
 */
export function rotate(
  holders: TrustHolders,
  supply: KeySupply,
  role: string,
  keyid: string | undefined,
): Ceremony {
  const purpose = `rotate ${role}${keyid === undefined ? "" : ` --key ${keyid.slice(0, 64)}`}`;
  if (role === "online") return { purpose, holders: withOnlineKey(holders, supply.take("online")) };
  if (role === "root" || role === "targets") {
    const key = findShared(holders, role, keyid);
    return { purpose, holders: withReplacedKey(holders, role, key, supply.take(role)) };
  }
  const product = productOfRole(role);
  if (product === undefined || !holders.releases.has(product)) {
    const roles = ["online", ...SHARED, ...[...holders.releases.keys()].map((name) => `releases-${name}`)];
    throw new KeyError("keys/not-found", `there is no role \`${role}\``, {
      help: `name one of: ${roles.slice(0, 50).join(", ")}`,
    });
  }
  return { purpose, holders: withReleaseKey(holders, product, supply.take(`releases-${product}`)) };
}

/**
 * Keys that are lost or stolen lose every role at once. Where too few would be left, or a new public half is at hand, a
 * new key takes their place.
 *
 * @param keyids first digits of their ids
 * @throws KeyError `keys/not-found`, `keys/ambiguous`
 */
export function revoke(holders: TrustHolders, supply: KeySupply, keyids: readonly string[]): Ceremony {
  const all = [...holders.root, ...holders.targets, holders.online, ...holders.releases.values()];
  let after = holders;
  for (const prefix of keyids) {
    const keyid = findKey(
      all.map((key) => key.keyid),
      prefix,
    );
    after = withoutAnyRole(after, supply, keyid);
  }
  return {
    purpose: `revoke ${keyids.map((keyid) => keyid.slice(0, 16)).join(" ")}`.slice(0, 200),
    holders: after,
  };
}

function withoutAnyRole(holders: TrustHolders, supply: KeySupply, keyid: string): TrustHolders {
  let after = holders;
  for (const role of SHARED) {
    if (!after[role].some((key) => key.keyid === keyid)) continue;
    const isReplaced = supply.count(role) > 0 || after[role].length <= thresholdOf(after, role);
    after = isReplaced
      ? withReplacedKey(after, role, keyid, supply.take(role))
      : withoutKey(after, role, keyid);
  }
  if (after.online.keyid === keyid) after = withOnlineKey(after, supply.take("online"));
  for (const [product, key] of holders.releases) {
    if (key.keyid === keyid) after = withReleaseKey(after, product, supply.take(`releases-${product}`));
  }
  return after;
}

function findShared(holders: TrustHolders, role: SharedRole, prefix: string | undefined): string {
  const ids = holders[role].map(({ keyid }) => keyid);
  const [only, second] = ids;
  if (prefix !== undefined) return findKey(ids, prefix);
  if (only !== undefined && second === undefined) return only;
  throw new KeyError("keys/ambiguous", `${ids.length} keys have the role \`${role}\``, {
    help: `say which with --key: ${ids.map((id) => named(holders, id)).join(", ")}`,
  });
}

function findKey(ids: readonly string[], prefix: string): string {
  const found = [...new Set(ids.filter((id) => prefix.length >= 4 && id.startsWith(prefix)))];
  const [keyid, second] = found;
  if (keyid === undefined) {
    throw new KeyError("keys/not-found", `no key that has a role begins with \`${prefix.slice(0, 64)}\``, {
      help: "name at least the first four digits of an id that `fairlead keys show` lists",
    });
  }
  if (second === undefined) return keyid;
  throw new KeyError("keys/ambiguous", `${found.length} keys begin with \`${prefix}\``, {
    help: "name more digits of the id",
  });
}

function named({ names }: TrustHolders, keyid: string): string {
  const name = names?.get(keyid);
  return name === undefined ? keyid.slice(0, 16) : `${keyid.slice(0, 16)} (${name})`;
}
