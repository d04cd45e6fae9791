import { integer, list, object, oneOf, optional, type Reader } from "../read-json.ts";
import { MOST_ATTEMPTS } from "./check-in.ts";
import { type CheckInAnswer, MOST_ANSWER_BYTES, type Placement } from "./check-in-answer.ts";
import { type DeviceRequest, MOST_REQUESTS, REQUEST_KINDS } from "./device-request.ts";
import {
  keyDigits,
  knownItems,
  knownWord,
  labels,
  name,
  randomId,
  readMessage,
  schemaVersion,
  time,
} from "./read-fields.ts";

const readRequest = object(
  {
    id: randomId,
    kind: knownWord(REQUEST_KINDS),
    product: optional(name),
    askedAt: time,
    expiresAt: time,
  },
  "ignore",
);

/** One of a kind that this program does not know is passed over. */
const request: Reader<DeviceRequest | undefined> = (value, at) => {
  const { kind, ...read } = readRequest(value, at);
  return kind === undefined ? undefined : { ...read, kind };
};

/** The members of `Placement`. */
export const PLACEMENT_FIELDS = {
  tenant: optional(object({ name, key: keyDigits }, "ignore")),
  site: optional(name),
  labels,
};
const placement: Reader<Placement> = object(PLACEMENT_FIELDS, "ignore");

const answer: Reader<CheckInAnswer> = object(
  {
    schemaVersion,
    acknowledged: list(randomId, MOST_ATTEMPTS + MOST_REQUESTS),
    requests: knownItems(request, MOST_REQUESTS),
    newKey: optional(oneOf(true)),
    manifest: optional(integer(0)),
    moved: optional(placement),
  },
  "ignore",
);

/**
 * Reads the answer to a check-in: the content of a 200, or the problem of a 426, which has the same members beside its own.
 *
 * @throws ProtocolError `protocol/bad-document`
 */
export function readCheckInAnswer(content: Uint8Array): CheckInAnswer {
  return readMessage(answer, content, MOST_ANSWER_BYTES);
}
