import { badDocument, entries, object, oneOf, optional, type Reader, text } from "../read-json.ts";
import {
  type EnrolmentAnswer,
  type EnrolmentAuthority,
  type EnrolmentRequest,
  MOST_ENROLMENT_BYTES,
  type NewKeyRequest,
} from "./enrolment.ts";
import { PLACEMENT_FIELDS } from "./read-check-in-answer.ts";
import {
  deviceId,
  facts,
  keyDigits,
  platform,
  readMessage,
  schemaVersion,
  signatureDigits,
  word,
} from "./read-fields.ts";

/** Whatever was given as a token, right or wrong: the store knows it by its digest. */
const token = text({ max: 256, form: /^[\x21-\x7e]+$/, what: "an enrolment token" });

const byToken: Reader<EnrolmentAuthority> = object({ kind: oneOf("token"), token }, "ignore");
const byClone: Reader<EnrolmentAuthority> = object(
  { kind: oneOf("clone"), device: deviceId, signature: signatureDigits },
  "ignore",
);

const authority: Reader<EnrolmentAuthority> = (value, at) => {
  const kind = new Map(entries(value, at)).get("kind");
  switch (kind) {
    case "token":
      return byToken(value, at);
    case "clone":
      return byClone(value, at);
    default:
      throw badDocument(`${at}/kind`, '"token" or "clone"', kind);
  }
};

const enrolment: Reader<EnrolmentRequest> = object(
  {
    schemaVersion,
    authority,
    publicKey: keyDigits,
    agentVersion: word,
    platform,
    facts: optional(facts),
  },
  "ignore",
);

const answer: Reader<EnrolmentAnswer> = object(
  { schemaVersion, device: deviceId, ...PLACEMENT_FIELDS },
  "ignore",
);

const newKey: Reader<NewKeyRequest> = object(
  { schemaVersion, publicKey: keyDigits, signature: signatureDigits },
  "ignore",
);

/**
 * Reads the content of `POST /api/v1/enrolments`.
 *
 * @throws ProtocolError `protocol/bad-document`
 */
export function readEnrolmentRequest(content: Uint8Array): EnrolmentRequest {
  return readMessage(enrolment, content, MOST_ENROLMENT_BYTES);
}

/**
 * Reads the answer to it.
 *
 * @throws ProtocolError `protocol/bad-document`
 */
export function readEnrolmentAnswer(content: Uint8Array): EnrolmentAnswer {
  return readMessage(answer, content, MOST_ENROLMENT_BYTES);
}

/**
 * Reads the content of `POST /api/v1/agents/<id>/key`.
 *
 * @throws ProtocolError `protocol/bad-document`
 */
export function readNewKeyRequest(content: Uint8Array): NewKeyRequest {
  return readMessage(newKey, content, MOST_ENROLMENT_BYTES);
}
