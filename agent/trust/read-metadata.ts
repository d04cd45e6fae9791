import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import {
  badDocument,
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
} from "../../protocol/read-json.ts";
import type {
  RootRole,
  SnapshotRole,
  TargetsRole,
  TimestampRole,
  TopLevelRole,
} from "../../protocol/tuf-metadata.ts";
import { TOP_LEVEL_ROLES } from "../../protocol/tuf-metadata.ts";
import { TrustError } from "./trust-error.ts";

/** A role document as it was received: parsed, well formed, and not yet trusted. */
export interface Document<Role> {
  readonly role: Role;
  /** When it expires, in seconds since 1970. */
  readonly expires: number;
  /** What the signatures are over: the canonical JSON of all of `signed`, with what this reader does not know. */
  readonly signedBytes: Buffer;
  /** Signatures by key id. */
  readonly signatures: ReadonlyMap<string, Buffer>;
}

/** The types of the four roles (TUF 1.0, section 4.3: `_type`). */
export interface RoleTypes {
  readonly root: RootRole;
  readonly timestamp: TimestampRole;
  readonly snapshot: SnapshotRole;
  readonly targets: TargetsRole;
}

const MAX_KEYS = 1000;
const MAX_ROLES = 10_000;
const MAX_TARGETS = 100_000;

const version = integer(1);
/** `_type` and `spec_version` are checked by `readDocument`, which can say more about them. */
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
const delegations = object({ keys: record(key, MAX_ROLES), roles: list(delegatedRole, MAX_ROLES) }, "ignore");

const topLevelRoles = object(
  Object.fromEntries(TOP_LEVEL_ROLES.map((name) => [name, object(roleKeys, "ignore")])) as Record<
    TopLevelRole,
    ReturnType<typeof object<typeof roleKeys>>
  >,
  "ignore",
);

const readers = {
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
} as const;

const envelope = object(
  {
    signatures: list(object({ keyid: text({ max: 256 }), sig: text({ max: 8192 }) }, "ignore"), MAX_KEYS),
    signed: anything,
  },
  "ignore",
);

/**
 * Reads the bytes of one role (TUF 1.0, section 4). Unknown keys are kept for the signature and otherwise ignored.
 *
 * @param name what to call the file in messages
 * @throws TrustError `malformed` or `spec-version`
 */
export function readDocument<Type extends keyof RoleTypes>(
  type: Type,
  name: string,
  bytes: Uint8Array,
  maxBytes: number,
): Document<RoleTypes[Type]> {
  try {
    const { signatures, signed } = envelope(parseJson(bytes, maxBytes), "");
    requireSpecVersion(name, signed);
    const reader: Reader<unknown> = readers[type];
    const role = reader(signed, "/signed") as RoleTypes[Type];
    const byKey = new Map<string, Buffer>();
    for (const [index, { keyid, sig }] of signatures.entries()) {
      // Section 4.2.1: one key signs once; a second entry is how a threshold would be forged.
      if (byKey.has(keyid)) throw badDocument(`/signatures/${index}/keyid`, "one signature a key", keyid);
      byKey.set(keyid, Buffer.from(sig, "hex"));
    }
    return {
      role,
      expires: expirySecond(role.expires),
      signedBytes: canonicalBytes(signed),
      signatures: byKey,
    };
  } catch (error) {
    if (error instanceof TrustError || !(error instanceof DomainError)) throw error;
    throw new TrustError("malformed", `${name}: ${error.message}`, {
      cause: error,
      help: "check that the metadata address is a TUF repository and that nothing on the way rewrites it",
    });
  }
}

/** Section 4.3: a client must not read a document of another major version. */
function requireSpecVersion(name: string, signed: unknown): void {
  const spec = new Map(entries(signed, "/signed")).get("spec_version");
  if (typeof spec === "string" && /^1\.\d{1,9}(\.\d{1,9})?$/.test(spec)) return;
  throw new TrustError(
    "spec-version",
    `${name}: expected TUF specification 1.x, got ${JSON.stringify(spec)}`,
    {
      help: "update this agent by hand: the repository speaks a newer format",
    },
  );
}

/** Section 4.2.3: `YYYY-MM-DDTHH:MM:SSZ`, and a day that exists. */
function expirySecond(expires: string): number {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(expires)) {
    const milliseconds = Date.parse(expires);
    if (!Number.isNaN(milliseconds)) return milliseconds / 1000;
  }
  throw badDocument("/signed/expires", "a time such as 2027-01-31T00:00:00Z", expires);
}
