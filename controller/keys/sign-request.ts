import { canonicalBytes } from "../../protocol/canonical-json.ts";
import type { Signature } from "../../protocol/tuf/roles.ts";
import { approvalsOf, countsFor, keyName, type Standing, standings } from "./approvals.ts";
import { KeyError } from "./key-error.ts";
import type { Signer } from "./signer.ts";
import { requestDigest, type SigningRequest, withDocuments } from "./signing-request.ts";
import { documentPath, listDocuments, type TrustDocument } from "./trust-documents.ts";

/** A signature that was added. */
export interface AddedSignature {
  /** Relative to the state root. */
  readonly path: string;
  readonly keyid: string;
  readonly signer: string;
}

/**
 * Signs all that the signers may sign and have not signed yet. A signature that does not hold is never taken over,
 * whatever made it.
 *
 * @throws KeyError
 */
export async function signRequest(
  request: SigningRequest,
  signers: readonly Signer[],
): Promise<{ readonly request: SigningRequest; readonly added: readonly AddedSignature[] }> {
  const added: AddedSignature[] = [];
  const made = new Map<string, Signature[]>();
  for (const document of listDocuments(request.proposed)) {
    const path = documentPath(document);
    const signatures = [...document.signatures];
    const message = canonicalBytes(document.role);
    for (const signer of signers) {
      const signed = new Set(signatures.map(({ keyid }) => keyid));
      const open = approvalsOf(request, document)
        .flatMap(({ keys }) => keys)
        .filter(({ keyid }) => !signed.has(keyid));
      const signature = open.length === 0 ? undefined : await signer.sign(message, open);
      if (signature === undefined) continue;
      if (!countsFor(request, document, signature)) {
        throw new KeyError(
          "keys/bad-signature",
          `${signer.name} gave a signature of ${path} that does not hold`,
          {
            help: "check the key that it uses",
          },
        );
      }
      signatures.push(signature);
      added.push({ path, keyid: signature.keyid, signer: signer.name });
    }
    made.set(path, signatures);
  }
  return { request: replaceSignatures(request, made), added };
}

/**
 * One request with the signatures of all copies.
 *
 * @throws KeyError `keys/different-requests`
 */
export function mergeRequests(
  copies: readonly (readonly [name: string, request: SigningRequest])[],
): SigningRequest {
  const [first] = copies;
  if (first === undefined) throw new KeyError("keys/bad-request", "there is no request to collect from");
  const digest = requestDigest(first[1]);
  const made = new Map<string, Signature[]>();
  for (const [name, request] of copies) {
    if (requestDigest(request) !== digest) {
      throw new KeyError(
        "keys/different-requests",
        `\`${first[0]}\` and \`${name}\` ask for different things: not copies of one request`,
        { help: "collect the copies of one request at a time" },
      );
    }
    for (const document of listDocuments(request.proposed)) {
      const path = documentPath(document);
      const known = made.get(path) ?? [];
      const ids = new Set(known.map(({ keyid }) => keyid));
      made.set(path, [...known, ...document.signatures.filter(({ keyid }) => !ids.has(keyid))]);
    }
  }
  return replaceSignatures(first[1], made);
}

/**
 * Who still has to sign, one line for each document and group: nothing when the request is complete.
 */
export function missingSignatures(request: SigningRequest): string[] {
  return standings(request)
    .filter(({ missing }) => missing > 0)
    .map((standing) => describeMissing(request, standing));
}

/** @throws KeyError `keys/not-enough` */
export function requireComplete(request: SigningRequest, help: string): void {
  const missing = missingSignatures(request);
  if (missing.length > 0) throw new KeyError("keys/not-enough", missing.join(", and "), { help });
}

function describeMissing(
  request: SigningRequest,
  { document, by, threshold, signed, open, missing }: Standing,
): string {
  const name = (keys: Standing["keys"]): string => keys.map((key) => keyName(request, key)).join(", ");
  const which = open.length === missing ? "" : "any of ";
  const done = signed.length === 0 ? "" : `; signed by ${name(signed)}`;
  const path = documentPath(document);
  return `${path} lacks ${missing} of ${threshold} signatures with the ${by}: ${which}${name(open)}${done}`;
}

function replaceSignatures(request: SigningRequest, made: ReadonlyMap<string, Signature[]>): SigningRequest {
  return withDocuments(request, <Document extends TrustDocument>(document: Document) => ({
    ...document,
    signatures: made.get(documentPath(document)) ?? document.signatures,
  }));
}
