import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { releaseRoleName } from "../../protocol/manifest-names.ts";
import type { Key, RoleKeys, Signature } from "../../protocol/tuf/roles.ts";
import type { PublicKey } from "../trust/build-trust.ts";
import { verifySignature } from "../trust/open-key.ts";
import { holderNames } from "./holders.ts";
import type { SigningRequest } from "./signing-request.ts";
import { listDocuments, type TrustDocument } from "./trust-documents.ts";

/** A group of keys of which enough must sign a document. A new root needs two: the old holders and the new ones. */
export interface Approval {
  /** `root keys`, `present root keys`, `new root keys`, `targets keys`, `release key of agent` */
  readonly by: string;
  readonly keys: readonly PublicKey[];
  readonly threshold: number;
}

/** How far a group has come. */
export interface Standing extends Approval {
  readonly document: TrustDocument;
  readonly signed: readonly PublicKey[];
  /** Those who have not signed; as many as `missing` of them must. */
  readonly open: readonly PublicKey[];
  readonly missing: number;
}

/** Whose signatures a document of a request needs (TUF 1.0, sections 5.3.4, 5.6.3 and 5.6.7.1). */
export function approvalsOf({ present, proposed }: SigningRequest, document: TrustDocument): Approval[] {
  const root = (proposed.root ?? present.root)?.role;
  switch (document.kind) {
    case "root": {
      const next = approval("root keys", document.role.keys, document.role.roles.root);
      const before = present.root?.role;
      if (before === undefined) return [next];
      const old = approval("root keys", before.keys, before.roles.root);
      const isSame = old.threshold === next.threshold && hasSameKeys(old, next);
      return isSame
        ? [next]
        : [
            { ...old, by: "present root keys" },
            { ...next, by: "new root keys" },
          ];
    }
    case "targets":
      return root === undefined ? [] : [approval("targets keys", root.keys, root.roles.targets)];
    case "index": {
      const { keys = {}, roles = [] } = (proposed.targets ?? present.targets)?.role.delegations ?? {};
      const role = roles.find(({ name }) => name === releaseRoleName(document.product));
      return role === undefined ? [] : [approval(`release key of ${document.product}`, keys, role)];
    }
  }
}

/** How far every group of a request has come. A signature that does not hold counts for nothing. */
export function standings(request: SigningRequest): Standing[] {
  return listDocuments(request.proposed).flatMap((document) => {
    const signers = signersOf(request, document);
    return approvalsOf(request, document).map((approval) => {
      const signed = approval.keys.filter(({ keyid }) => signers.has(keyid));
      const open = approval.keys.filter(({ keyid }) => !signers.has(keyid));
      return {
        ...approval,
        document,
        signed,
        open,
        missing: Math.max(0, approval.threshold - signed.length),
      };
    });
  });
}

/** Every key that may sign something in a request. */
export function keysOf(request: SigningRequest): PublicKey[] {
  const keys = listDocuments(request.proposed).flatMap((document) =>
    approvalsOf(request, document).flatMap((approval) => approval.keys),
  );
  return [...new Map(keys.map((key) => [key.keyid, key])).values()];
}

/** Whether a signature is one that this document asks for. */
export function countsFor(request: SigningRequest, document: TrustDocument, signature: Signature): boolean {
  const keys = approvalsOf(request, document).flatMap((approval) => approval.keys);
  const key = keys.find(({ keyid }) => keyid === signature.keyid);
  if (key === undefined || !/^[0-9a-f]{128}$/.test(signature.sig)) return false;
  return verifySignature(key.key, canonicalBytes(document.role), Buffer.from(signature.sig, "hex"));
}

/** How people speak of a key: by its holder where a root names one, and by the first digits of its id. */
export function keyName(request: SigningRequest, { keyid }: Pick<PublicKey, "keyid">): string {
  const { present, proposed } = request;
  const names = [proposed.root, present.root].map((root) => root && holderNames(root.role).get(keyid));
  const name = names.find((one) => one !== undefined);
  const id = keyid.slice(0, 16);
  return name === undefined ? id : `${name} (${id})`;
}

function signersOf(request: SigningRequest, document: TrustDocument): Set<string> {
  const holding = document.signatures.filter((signature) => countsFor(request, document, signature));
  return new Set(holding.map(({ keyid }) => keyid));
}

function approval(by: string, keys: Readonly<Record<string, Key>>, role: RoleKeys): Approval {
  const held = role.keyids.flatMap((keyid): PublicKey[] => {
    const key = Object.hasOwn(keys, keyid) ? keys[keyid] : undefined;
    return key === undefined ? [] : [{ key, keyid }];
  });
  return { by, keys: held, threshold: role.threshold };
}

function hasSameKeys(a: Approval, b: Approval): boolean {
  const ids = new Set(a.keys.map(({ keyid }) => keyid));
  return a.keys.length === b.keys.length && b.keys.every(({ keyid }) => ids.has(keyid));
}
