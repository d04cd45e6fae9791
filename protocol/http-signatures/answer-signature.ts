import { quote } from "../printable.ts";
import type { OpenedKey } from "../tuf/require-threshold.ts";
import { contentDigest, requireContentDigest } from "./content-digest.ts";
import { HttpSignatureError } from "./http-signature-error.ts";
import { type Fields, fieldValue, type RequestMessage, type ResponseMessage } from "./message.ts";
import { readSignature, requireVerified, type Sign, signMessage } from "./message-signature.ts";
import {
  coveredOfAnswer,
  DEVICE_FIELD,
  requireCovered,
  requireParameters,
  SIGNATURE_LABEL,
  SIGNATURE_TAG,
} from "./profile.ts";
import { component } from "./signature-base.ts";

export interface AnswerToSign {
  readonly status: number;
  readonly content: { readonly type: string; readonly bytes: Uint8Array };
  /** The request as it came, verified, and its nonce. */
  readonly request: RequestMessage;
  readonly nonce: string;
  /** The id of the device that it is for. */
  readonly device: string;
}

/**
 * Signs the answer to a verified request with the online key.
 *
 * @param created seconds since 1970
 * @param keyid of the online key, in the root role
 * @returns the header fields to send with it; nothing on the way may compress the content
 */
export function signAnswer(
  { status, content, request, nonce, device }: AnswerToSign,
  { created, keyid }: { readonly created: number; readonly keyid: string },
  sign: Sign,
): Readonly<Record<string, string>> {
  const fields = {
    "content-type": content.type,
    "content-digest": contentDigest(content.bytes),
    [DEVICE_FIELD]: device,
  };
  const signature = signMessage(
    { kind: "response", status, fields, request },
    SIGNATURE_LABEL,
    coveredOfAnswer(fields, request),
    { created, keyid, nonce, tag: SIGNATURE_TAG },
    sign,
  );
  return { ...fields, ...signature };
}

export interface ExpectedAnswer {
  /** As it was sent, with its nonce. */
  readonly request: RequestMessage;
  readonly nonce: string;
  /** The id of this device. */
  readonly device: string;
  /** `undefined` for an id that is not of the online key. */
  readonly openKey: (keyid: string) => OpenedKey | undefined;
}

/**
 * Believes an answer, or throws: it is of the online key, whole, for this device and to this very request. Its age is not
 * asked: the nonce is of this try, and the clock of a machine may be wrong.
 *
 * @param content the bytes as they came
 * @throws HttpSignatureError
 */
export function requireAnswer(
  { status, fields }: { readonly status: number; readonly fields: Fields },
  content: Uint8Array,
  { request, nonce, device, openKey }: ExpectedAnswer,
): void {
  const response: ResponseMessage = { kind: "response", status, fields, request };
  const signature = readSignature(response, SIGNATURE_LABEL);
  const parameters = requireParameters(signature);
  const always = [component("content-digest"), component(DEVICE_FIELD)];
  requireCovered(signature, [...coveredOfAnswer(fields, request), ...always]);
  if (parameters.nonce !== nonce) throw otherMessage("the answer is to another request");
  const named = fieldValue(fields, DEVICE_FIELD) ?? "";
  if (named !== device) throw otherMessage(`the answer is for the device ${quote(named)}`);
  const key = openKey(parameters.keyid);
  if (key === undefined) {
    throw new HttpSignatureError("signature/unknown-key", `${quote(parameters.keyid)} is not the online key`);
  }
  requireVerified(signature, key);
  requireContentDigest(fields, content);
}

function otherMessage(what: string): HttpSignatureError {
  return new HttpSignatureError("signature/other-message", what);
}
