import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readSigned, requireSigned } from "../../agent/trust/read-signed.ts";
import { readRole, requireSignatures } from "../../controller/trust/read-role.ts";
import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import { formatExpires } from "../../protocol/tuf/expiry-time.ts";
import { keyId } from "../../protocol/tuf/identify-key.ts";
import type { Key, RoleTypes } from "../../protocol/tuf/roles.ts";
import { type Json, MadeRepository, makeSigner, NOW } from "./made-repository.ts";

const KEYS = [makeSigner(), makeSigner(), makeSigner()];
const TYPES = ["root", "targets", "snapshot", "timestamp"] as const;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

interface SignedDraft {
  signatures: Json[];
  signed: Json;
}

/** What two of three keys signed, with the root that says so. */
interface Draft {
  readonly type: keyof RoleTypes;
  readonly root: SignedDraft;
  readonly subject: SignedDraft;
}

const file = { length: 5, hashes: { sha256: "ab".repeat(32) } };
const holders = () => ({ keyids: KEYS.map(({ id }) => id), threshold: 2 });
const publicKeys = (): Record<string, Key> => Object.fromEntries(KEYS.map(({ id, key }) => [id, key]));

const CONTENT: Readonly<Record<keyof RoleTypes, () => Json>> = {
  root: () => ({
    consistent_snapshot: true,
    keys: publicKeys(),
    roles: { root: holders(), targets: holders(), snapshot: holders(), timestamp: holders() },
  }),
  targets: () => ({
    targets: { "releases/lantern/1.0.0/linux-x64/lantern": { ...file, custom: { product: "lantern" } } },
    delegations: {
      keys: publicKeys(),
      roles: [{ ...holders(), name: "policy", paths: ["policy/*/*"], terminating: true }],
    },
  }),
  snapshot: () => ({ meta: { "targets.json": { version: 3 }, "policy.json": { version: 4, ...file } } }),
  timestamp: () => ({ meta: { "snapshot.json": { version: 3, ...file } } }),
};

function signedBy(signed: Json): SignedDraft {
  // Through JSON, so that no two places of a draft are one object.
  const copy: Json = JSON.parse(JSON.stringify(signed));
  return {
    signed: copy,
    signatures: JSON.parse(MadeRepository.signRaw(copy, KEYS.slice(0, 2)).toString()).signatures,
  };
}

function draft(type: keyof RoleTypes): Draft {
  const head = (of: keyof RoleTypes) => ({
    _type: of,
    spec_version: "1.0.31",
    version: 3,
    expires: formatExpires(NOW),
  });
  return {
    type,
    root: signedBy({ ...head("root"), ...CONTENT.root() }),
    subject: signedBy({ ...head(type), ...CONTENT[type]() }),
  };
}

/** Every place of a document: the object or list, and the member. */
function places(value: unknown): { readonly of: Json; readonly name: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const of = value as Json;
  return Object.keys(of).flatMap((name) => [{ of, name }, ...places(of[name])]);
}

type Change = (draft: SignedDraft, pick: (count: number) => number, value: unknown) => void;

function recase(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
}

function changeSignature(change: (signature: Json, sig: string) => void): Change {
  return ({ signatures }, pick) => {
    const signature = signatures[pick(signatures.length)];
    if (signature !== undefined) change(signature, String(signature.sig));
  };
}

function addTo(document: Json, value: unknown): void {
  document["x-unknown"] = value;
}

/** A signature's second form, S + L, which RFC 8032 forbids and tweetnacl takes. */
function malleated(sig: string): string {
  const bytes = Buffer.from(sig, "hex");
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString("hex") || "0"}`) + ORDER;
  const second = Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse();
  return Buffer.concat([bytes.subarray(0, 32), second]).toString("hex");
}

/** Changes of a document after it was signed. */
const AFTER: Readonly<Record<string, Change>> = {
  "repeat a signature": ({ signatures }, pick) => {
    const again = signatures[pick(signatures.length)];
    if (again !== undefined) signatures.push({ ...again });
  },
  "repeat a signature in other letters": ({ signatures }, pick) => {
    const again = signatures[pick(signatures.length)];
    if (again !== undefined) signatures.push({ keyid: again.keyid, sig: recase(String(again.sig)) });
  },
  "re-case a signature": changeSignature((signature, sig) => {
    signature.sig = recase(sig);
  }),
  "re-case a key id": changeSignature((signature) => {
    signature.keyid = recase(String(signature.keyid));
  }),
  "lengthen a signature": changeSignature((signature, sig) => {
    signature.sig = `${sig}00`;
  }),
  "put what is no digit behind a signature": changeSignature((signature, sig) => {
    signature.sig = `${sig} `;
  }),
  "shorten a signature": changeSignature((signature, sig) => {
    signature.sig = sig.slice(0, -1);
  }),
  "the other form of a signature": changeSignature((signature, sig) => {
    signature.sig = malleated(sig);
  }),
  "drop a signature": ({ signatures }, pick) => {
    signatures.splice(pick(signatures.length), 1);
  },
  "reorder signatures": ({ signatures }) => {
    signatures.reverse();
  },
  "reorder members": (document) => {
    document.signed = Object.fromEntries(Object.entries(document.signed).reverse());
  },
  "say more of a signature": ({ signatures }, pick, value) => {
    const signature = signatures[pick(signatures.length)];
    if (signature !== undefined) addTo(signature, value);
  },
  "change any member": (document, pick, value) => {
    const all = places(document);
    const place = all[pick(all.length)];
    if (place !== undefined) place.of[place.name] = value;
  },
};

/** Changes that the same two keys then sign. */
const BEFORE: Readonly<Record<string, Change>> = {
  "change any member": ({ signed }, pick, value) => {
    const all = places(signed);
    const place = all[pick(all.length)];
    if (place !== undefined) place.of[place.name] = value;
  },
  "drop any member": ({ signed }, pick) => {
    const all = places(signed);
    const place = all[pick(all.length)];
    if (place !== undefined) delete place.of[place.name];
  },
  "re-case any text": ({ signed }, pick) => {
    const all = places(signed).filter(({ of, name }) => typeof of[name] === "string");
    const place = all[pick(all.length)];
    if (place !== undefined) place.of[place.name] = recase(String(place.of[place.name]));
  },
  "say more anywhere": ({ signed }, pick, value) => {
    const objects = places(signed).filter(({ of, name }) => typeof of[name] === "object");
    const place = objects[pick(objects.length)];
    const inner = place?.of[place.name];
    if (typeof inner === "object" && inner !== null && !Array.isArray(inner)) addTo(inner as Json, value);
  },
  "repeat an entry of a list": ({ signed }, pick) => {
    const lists = places(signed).flatMap(({ of, name }) => (Array.isArray(of[name]) ? [of[name]] : []));
    const list: unknown[] | undefined = lists[pick(lists.length)];
    if (list !== undefined) list.push(list[0]);
  },
  "one key under a second id": ({ signed }, pick) => {
    const keys = signed.keys;
    const roles = signed.roles;
    if (typeof keys !== "object" || keys === null || typeof roles !== "object" || roles === null) return;
    const [id, key] = Object.entries(keys)[pick(3)] ?? [];
    const twin: Json = JSON.parse(JSON.stringify(key ?? {}));
    const inner = twin.keyval;
    if (typeof inner === "object" && inner !== null && pick(2) === 1) {
      const keyval = inner as Json;
      keyval.public = recase(String(keyval.public));
    }
    Object.assign(keys, { [`${id}-again`]: twin });
    for (const role of Object.values(roles)) {
      if (Array.isArray(role?.keyids)) role.keyids.push(`${id}-again`);
    }
  },
};

/** Changes of the bytes. */
const BYTES: Readonly<Record<string, (bytes: Buffer, pick: (count: number) => number) => Buffer>> = {
  "blanks everywhere": (bytes) => Buffer.from(JSON.stringify(JSON.parse(bytes.toString()), undefined, "\t")),
  "a byte order mark": (bytes) => Buffer.concat([Buffer.from("\ufeff"), bytes]),
  "more behind it": (bytes) => Buffer.concat([bytes, Buffer.from("{}")]),
  "the end cut off": (bytes, pick) => bytes.subarray(0, pick(bytes.length)),
  "a flipped bit": (bytes, pick) => {
    const at = pick(bytes.length);
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (1 << pick(8));
    return changed;
  },
  "a byte that is no UTF-8": (bytes, pick) => {
    const at = pick(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at)]);
  },
  "letters as escapes": (bytes) => Buffer.from(bytes.toString().replaceAll("a", "\\u0061")),
  "a member twice": (bytes) =>
    Buffer.from(bytes.toString().replace('"version":3', '"version":9,"version":3')),
};

/** What one side takes verified bytes for. */
interface Side {
  verify(type: keyof RoleTypes, rootBytes: Buffer, bytes: Buffer): unknown;
}

const controller: Side = {
  verify(type, rootBytes, bytes) {
    const root = readRole("root", rootBytes);
    requireSignatures(root, root.role.keys, root.role.roles.root);
    const subject = readRole(type, bytes);
    requireSignatures(subject, root.role.keys, root.role.roles[type]);
    return { role: subject.role, expires: subject.expires };
  },
};

const LIMIT = 100_000;
const agent: Side = {
  verify(type, rootBytes, bytes) {
    const root = readSigned("root", "root", rootBytes, LIMIT);
    requireSigned("root", root, root.role.keys, root.role.roles.root);
    const subject = readSigned(type, "file", bytes, LIMIT);
    requireSigned("file", subject, root.role.keys, root.role.roles[type]);
    return { role: subject.role, expires: subject.expires };
  },
};

/** What one side takes the bytes for; `undefined`: it refuses them. */
function verdict(side: Side, type: keyof RoleTypes, root: Buffer, bytes: Buffer): unknown {
  try {
    return side.verify(type, root, bytes);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

const change = (changes: Readonly<Record<string, unknown>>) =>
  fc.record({
    name: fc.constantFrom(...Object.keys(changes)),
    at: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
    value: fc.oneof(fc.jsonValue(), fc.constantFrom("ed25519", 1, 0, 1.5, "", "1.0", "2.0.0", [], {}, null)),
    where: fc.constantFrom("root", "subject"),
  });

const UNCHANGED = { name: "nothing", at: [0] };

function picker(at: readonly number[]): (count: number) => number {
  let turn = 0;
  return (count) => (at[turn++ % at.length] ?? 0) % Math.max(1, count);
}

test("controller and agent accept and refuse the same bytes, and read the same in them", () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...TYPES),
      fc.array(change(BEFORE), { maxLength: 1 }),
      fc.array(change(AFTER), { maxLength: 1 }),
      fc.oneof({ weight: 2, arbitrary: fc.constant(UNCHANGED) }, { weight: 1, arbitrary: change(BYTES) }),
      (type, before, after, bytes) => {
        const made = draft(type);
        for (const { name, at, value, where } of before) {
          const document = where === "root" ? made.root : made.subject;
          BEFORE[name]?.(document, picker(at), value);
          try {
            document.signatures = signedBy(document.signed).signatures;
          } catch (error) {
            // What has no canonical form is signed by nobody: the signatures of before stay.
            if (!(error instanceof DomainError)) throw error;
          }
        }
        for (const { name, at, value, where } of after) {
          const document = where === "root" ? made.root : made.subject;
          if (Array.isArray(document.signatures)) AFTER[name]?.(document, picker(at), value);
        }
        const alter = BYTES[bytes.name] ?? ((same) => same);
        const encode = (document: SignedDraft) => Buffer.from(JSON.stringify(document));
        const root = encode(made.root);
        const subject = alter(encode(made.subject), picker(bytes.at));
        const ours = verdict(controller, type, root, subject);
        const theirs = verdict(agent, type, root, subject);
        assert.deepEqual(ours, theirs);
        if (ours === undefined) refused++;
        else accepted++;
      },
    ),
    { numRuns: 500 },
  );
  assert.ok(accepted > 50 && refused > 100, `${accepted} accepted, ${refused} refused`);
});

test("a signature that stands twice, in upper-case digits or in its second form holds on neither side", () => {
  const { root, subject } = draft("targets");
  const verdicts = (signatures: readonly Json[]) => {
    const bytes = Buffer.from(JSON.stringify({ ...subject, signatures }));
    const rootBytes = Buffer.from(JSON.stringify(root));
    return [controller, agent].map((side) => verdict(side, "targets", rootBytes, bytes) !== undefined);
  };
  const [first = {}, second = {}] = subject.signatures;
  const upper = { ...first, sig: String(first.sig).toUpperCase() };
  assert.deepEqual(verdicts([first, second]), [true, true]);
  assert.deepEqual(verdicts([first, second, second]), [false, false]);
  assert.deepEqual(verdicts([upper, second]), [false, false]);
  assert.deepEqual(verdicts([first, upper]), [false, false]);
  const malleable = { ...first, sig: malleated(String(first.sig)) };
  assert.deepEqual(verdicts([malleable, second]), [false, false]);
});

test("one key counts once, also where its digits stand in upper case under an id of their own", () => {
  const [signer] = KEYS;
  assert.ok(signer);
  const upper: Key = { ...signer.key, keyval: { public: signer.key.keyval.public.toUpperCase() } };
  const twin = { id: keyId(upper), key: upper, privateKey: signer.privateKey };
  const { signed } = draft("targets").subject;
  const bytes = MadeRepository.signRaw(signed, [signer, twin]);
  const keys = { [signer.id]: signer.key, [twin.id]: twin.key };
  const roleKeys = { keyids: Object.keys(keys), threshold: 2 };
  assert.throws(() => requireSignatures(readRole("targets", bytes), keys, roleKeys), {
    code: "protocol/not-signed",
  });
  const read = readSigned("targets", "targets.json", bytes, LIMIT);
  assert.throws(() => requireSigned("targets.json", read, keys, roleKeys), {
    code: "trust/signature-threshold",
  });
});

test("a key under which anybody can sign counts for nothing on either side", () => {
  const identity = Buffer.alloc(32);
  identity[0] = 1;
  const signature = Buffer.concat([identity, Buffer.alloc(32)]);
  const key = { keytype: "ed25519", scheme: "ed25519", keyval: { public: identity.toString("hex") } };
  const { signed } = draft("targets").subject;
  const bytes = Buffer.from(
    JSON.stringify({ signed, signatures: [{ keyid: "any", sig: signature.toString("hex") }] }),
  );
  const roleKeys = { keyids: ["any"], threshold: 1 };
  assert.throws(() => requireSignatures(readRole("targets", bytes), { any: key }, roleKeys), {
    code: "protocol/not-signed",
  });
  const read = readSigned("targets", "targets.json", bytes, LIMIT);
  assert.throws(() => requireSigned("targets.json", read, { any: key }, roleKeys), {
    code: "trust/signature-threshold",
  });
  assert.deepEqual(read.signedBytes, canonicalBytes(signed));
});
