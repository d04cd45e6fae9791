import { canonicalBytes } from "../canonical-json.ts";
import { ProtocolError } from "../protocol-error.ts";
import {
  badDocument,
  describe,
  entries,
  flag,
  integer,
  list,
  object,
  oneOf,
  optional,
  parseJson,
  type Reader,
  record,
  text,
} from "../read-json.ts";
import { parseExpires } from "./expiry-time.ts";
import { type DelegatedRole, type RoleDocument, type RoleTypes, TOP_LEVEL_ROLES } from "./roles.ts";

/** One role as its bytes say it: parsed, well formed, and trusted by nobody yet. */
export interface ReadRole<Role extends RoleDocument> {
  /** What this program knows of it. */
  readonly role: Role;
  /** All of it, also members that this program does not know (TUF 1.0, section 4.1, lets a role have them). */
  readonly signed: Readonly<Record<string, unknown>>;
  /** When it expires, in seconds since 1970. */
  readonly expires: number;
  /** What the signatures are over: the canonical JSON of `signed`. */
  readonly signedBytes: Buffer;
  /** By key id. Empty where the text is not lower-case hexadecimal: such a signature holds for nothing. */
  readonly signatures: ReadonlyMap<string, Buffer>;
}

const MAX_KEYS = 1000;
const MAX_ROLES = 10_000;
const MAX_TARGETS = 100_000;

const version = integer(1);
const common = { version, expires: text({ max: 20 }), spec_version: text({ max: 40 }) };

const key = object(
  {
    keytype: text({ max: 64 }),
    scheme: text({ max: 64 }),
    keyval: object({ public: text({ max: 8192 }) }, "ignore"),
  },
  "ignore",
);
const keyids: Reader<readonly string[]> = (value, at) => {
  const ids = list(text({ max: 256 }), MAX_KEYS)(value, at);
  if (new Set(ids).size !== ids.length) throw badDocument(at, "different key ids", value);
  return ids;
};
const roleKeys = { keyids, threshold: integer(1) };
const hashes = record(text({ max: 256, form: /^[0-9a-f]+$/, what: "a digest in hexadecimal" }), 16);

const metaFile = object({ version, length: optional(integer(0)), hashes: optional(hashes) }, "ignore");
const anything: Reader<unknown> = (value) => value;
const targetFile = object({ length: integer(0), hashes, custom: optional(anything) }, "ignore");

/** A delegated role must not be taken for a top-level one, and its name must fit a file name once encoded. */
const delegatedName: Reader<string> = (value, at) => {
  const name = text({ max: 200 })(value, at);
  const taken: readonly string[] = TOP_LEVEL_ROLES;
  if (name === "" || taken.includes(name)) throw badDocument(at, "the name of a delegated role", value);
  if (!name.isWellFormed() || encodeURIComponent(name).length > 200) {
    throw badDocument(at, "a role name of at most 200 characters once percent-encoded", value);
  }
  return name;
};
const patterns = list(text({ max: 1024 }), MAX_ROLES);
const delegatedRole = object(
  {
    name: delegatedName,
    ...roleKeys,
    paths: (value: unknown, at: string) => (value === undefined ? [] : patterns(value, at)),
    path_hash_prefixes: optional(list(text({ max: 64, form: /^[0-9a-f]*$/ }), MAX_ROLES)),
    terminating: flag,
  },
  "ignore",
);
const delegatedRoles: Reader<readonly DelegatedRole[]> = (value, at) => {
  const roles = list(delegatedRole, MAX_ROLES)(value, at);
  if (new Set(roles.map(({ name }) => name)).size !== roles.length) {
    throw badDocument(at, "each role delegated once", value);
  }
  return roles;
};
const delegations = object({ keys: record(key, MAX_ROLES), roles: delegatedRoles }, "ignore");

const holders = object(roleKeys, "ignore");
const topLevelRoles = object(
  { root: holders, targets: holders, snapshot: holders, timestamp: holders },
  "ignore",
);

const readers: { readonly [Type in keyof RoleTypes]: Reader<RoleTypes[Type]> } = {
  root: object(
    {
      ...common,
      _type: oneOf("root"),
      consistent_snapshot: flag,
      keys: record(key, MAX_KEYS),
      roles: topLevelRoles,
    },
    "ignore",
  ),
  timestamp: object(
    { ...common, _type: oneOf("timestamp"), meta: object({ "snapshot.json": metaFile }, "ignore") },
    "ignore",
  ),
  snapshot: object({ ...common, _type: oneOf("snapshot"), meta: record(metaFile, MAX_ROLES) }, "ignore"),
  targets: object(
    {
      ...common,
      _type: oneOf("targets"),
      targets: record(targetFile, MAX_TARGETS),
      delegations: optional(delegations),
    },
    "ignore",
  ),
};

const envelope = object(
  {
    signatures: list(object({ keyid: text({ max: 256 }), sig: text({ max: 8192 }) }, "ignore"), MAX_KEYS),
    signed: anything,
  },
  "ignore",
);

/**
 * Reads the bytes of one role (TUF 1.0, section 4), for the controller and the agent alike: what one of them accepts
 * the other does. Members that it does not know are kept for the signature and otherwise ignored.
 *
 * @throws ProtocolError `protocol/bad-document` with the place as a JSON pointer, `protocol/spec-version`,
 *   `protocol/bad-canonical-json`
 */
export function readRole<Type extends keyof RoleTypes>(
  type: Type,
  bytes: Uint8Array,
  maxBytes: number,
): ReadRole<RoleTypes[Type]> {
  const { signatures, signed } = envelope(parseJson(bytes, maxBytes), "");
  const members = Object.fromEntries(entries(signed, "/signed"));
  requireSpecVersion(members.spec_version);
  const role = readers[type](signed, "/signed");
  return {
    role,
    signed: members,
    expires: expirySecond(role.expires),
    signedBytes: canonicalBytes(signed),
    signatures: signaturesByKey(signatures),
  };
}

/**
 * What a role says, of bytes that {@link readRole} has read before: without what its signatures are over.
 *
 * @throws ProtocolError as {@link readRole}
 */
export function readRoleAgain<Type extends keyof RoleTypes>(
  type: Type,
  bytes: Uint8Array,
  maxBytes: number,
): RoleTypes[Type] {
  return readers[type](envelope(parseJson(bytes, maxBytes), "").signed, "/signed");
}

function signaturesByKey(
  signatures: readonly { readonly keyid: string; readonly sig: string }[],
): Map<string, Buffer> {
  const byKey = new Map<string, Buffer>();
  for (const [index, { keyid, sig }] of signatures.entries()) {
    // Section 4.2: a key id stands once in the list; a second entry is how a threshold would be forged.
    if (byKey.has(keyid)) throw badDocument(`/signatures/${index}/keyid`, "one signature a key", keyid);
    byKey.set(keyid, /^([0-9a-f]{2})*$/.test(sig) ? Buffer.from(sig, "hex") : Buffer.alloc(0));
  }
  return byKey;
}

/** Section 4.3: a reader must not take a document of another major version for one of its own. */
function requireSpecVersion(spec: unknown): void {
  if (typeof spec === "string" && /^1\.\d{1,9}(\.\d{1,9})?$/.test(spec)) return;
  throw new ProtocolError("protocol/spec-version", `expected TUF specification 1.x, got ${describe(spec)}`);
}

function expirySecond(expires: string): number {
  const seconds = parseExpires(expires);
  if (seconds !== undefined) return seconds;
  throw badDocument("/signed/expires", "a time such as 2027-01-31T00:00:00Z", expires);
}
