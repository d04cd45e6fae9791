import { contentDigest, requireContentDigest } from "./content-digest.ts";
import { HttpSignatureError } from "./http-signature-error.ts";
import { fieldValue, type RequestMessage } from "./message.ts";
import { type MessageSignature, readSignature, type Sign, signMessage } from "./message-signature.ts";
import {
  coveredOfRequest,
  MAX_CLOCK_AHEAD,
  MAX_REQUEST_AGE,
  REPOSITORY_FIELD,
  type RequiredParameters,
  requireCovered,
  requireParameters,
  SIGNATURE_LABEL,
  SIGNATURE_TAG,
} from "./profile.ts";

export interface RequestToSign {
  readonly method: string;
  /** Path and query as they go into the request line: `/api/v1/check-in?full=1`. */
  readonly target: string;
  /** Absent for a request without content. */
  readonly content?: { readonly type: string; readonly bytes: Uint8Array };
  /** See `REPOSITORY_FIELD`. Absent in an enrolment alone, whose token is good at one controller only. */
  readonly repository?: string;
}

/** A signed request: the message, for checking its answer, and what makes the signature this one. */
export interface SignedRequest extends RequiredParameters {
  /** The header fields to send with it. */
  readonly fields: Readonly<Record<string, string>>;
  readonly message: RequestMessage;
}

/**
 * Signs a request of a device.
 *
 * @param parameters `nonce`: 16 to 64 characters of base64url, for this one try
 * @throws HttpSignatureError for what cannot be signed, such as a target that is not ASCII
 */
export function signRequest(
  { method, target, content, repository }: RequestToSign,
  { created, keyid, nonce }: RequiredParameters,
  sign: Sign,
): SignedRequest {
  const unsigned = {
    ...(content === undefined
      ? {}
      : { "content-type": content.type, "content-digest": contentDigest(content.bytes) }),
    ...(repository === undefined ? {} : { [REPOSITORY_FIELD]: repository }),
  };
  const request: RequestMessage = { kind: "request", method, target, fields: unsigned };
  const parameters = { created, keyid, nonce, tag: SIGNATURE_TAG };
  const signature = signMessage(request, SIGNATURE_LABEL, coveredOfRequest(request), parameters, sign);
  const fields = { ...unsigned, ...signature };
  return { fields, message: { ...request, fields }, created, keyid, nonce };
}

/** What a request says of itself. It is believed once `requireVerified` has taken its signature. */
export interface RequestSignature extends RequiredParameters {
  readonly signature: MessageSignature;
}

export interface ExpectedRequest {
  /** Seconds since 1970. */
  readonly now: number;
  /** See `REPOSITORY_FIELD`; `undefined` for an enrolment. */
  readonly repository: string | undefined;
}

/**
 * Checks all of a signed request that needs no key: that its signature covers what it must, is fresh and meant for this
 * controller, and that the content is what was digested. Next: find the key by `keyid`, `requireVerified`, and only then
 * remember the nonce, so that nobody can use up the nonces of others.
 *
 * @param content the bytes as they came
 * @throws HttpSignatureError
 */
export function readRequestSignature(
  request: RequestMessage,
  content: Uint8Array,
  { now, repository }: ExpectedRequest,
): RequestSignature {
  const signature = readSignature(request, SIGNATURE_LABEL);
  const parameters = requireParameters(signature);
  requireCovered(signature, coveredOfRequest(request));
  requireFresh(parameters.created, signature.parameters.expires, now);
  requireRepository(request, repository);
  requireContent(request, content);
  return { ...parameters, signature };
}

function requireFresh(created: number, expires: number | undefined, now: number): void {
  if (created > now + MAX_CLOCK_AHEAD) {
    throw new HttpSignatureError("signature/created-ahead", `created ${created - now} seconds from now`);
  }
  if (created < now - MAX_REQUEST_AGE) {
    throw new HttpSignatureError("signature/stale", `created ${now - created} seconds ago`);
  }
  if (expires !== undefined && expires <= now) {
    throw new HttpSignatureError("signature/stale", `expired ${now - expires} seconds ago`);
  }
}

function requireRepository({ fields }: RequestMessage, repository: string | undefined): void {
  const named = fieldValue(fields, REPOSITORY_FIELD);
  if (repository === undefined || named === repository) return;
  throw new HttpSignatureError(
    "signature/other-message",
    named === undefined
      ? `no \`${REPOSITORY_FIELD}\` says which manifest the request is for`
      : "the request is for the controller of another manifest",
  );
}

function requireContent({ fields }: RequestMessage, content: Uint8Array): void {
  if (fieldValue(fields, "content-digest") !== undefined) requireContentDigest(fields, content);
  else if (content.length > 0) throw uncovered("content-digest");
  if (content.length > 0 && fieldValue(fields, "content-type") === undefined) throw uncovered("content-type");
}

function uncovered(name: string): HttpSignatureError {
  return new HttpSignatureError("signature/uncovered", `there is content and no \`${name}\``);
}
