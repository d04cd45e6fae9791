import { flag, integer, list, object, oneOf, optional, type Reader, text } from "../read-json.ts";
import {
  type CheckIn,
  MOST_ATTEMPTS,
  MOST_CHECK_IN_BYTES,
  MOST_PRODUCTS,
  type ProductReport,
  REPORTED_ACTIONS,
  type ReportedDecision,
} from "./check-in.ts";
import {
  LONGEST_OUTCOME_TEXT,
  MOST_REQUESTS,
  REQUEST_RESULTS,
  type RequestOutcome,
} from "./device-request.ts";
import { attempt } from "./read-attempt.ts";
import {
  channelName,
  code,
  facts,
  knownWord,
  name,
  orNull,
  platform,
  prose,
  randomId,
  readMessage,
  schemaVersion,
  time,
  unique,
  word,
} from "./read-fields.ts";

/** Versions that a machine keeps from being tried again. */
const MOST_BLOCKED = 64;
const LONGEST_REASON = 500;

const readDecision = object(
  {
    action: knownWord(REPORTED_ACTIONS),
    target: optional(word),
    code: optional(code),
    waitingFor: optional(code),
    eligibleAt: optional(time),
  },
  "ignore",
);

const decision: Reader<ReportedDecision | undefined> = (value, at) => {
  const { action, ...read } = readDecision(value, at);
  return action === undefined ? undefined : { action, ...read };
};

const readProduct = object(
  {
    product: name,
    format: code,
    installed: orNull(object({ version: word, digest: word }, "ignore")),
    channel: optional(channelName),
    pin: optional(word),
    autoUpdate: optional(flag),
    journal: code,
    blocked: list(
      object({ version: word, reason: prose(LONGEST_REASON), until: time }, "ignore"),
      MOST_BLOCKED,
    ),
    newestConfirmed: optional(word),
    lastCheckAt: optional(time),
    manifest: optional(integer(0)),
    decision: optional(decision),
    failedCheck: optional(object({ at: time, code, message: prose(LONGEST_REASON) }, "ignore")),
  },
  "ignore",
);

const product: Reader<ProductReport> = (value, at) => {
  const { decision, ...read } = readProduct(value, at);
  return decision === undefined ? read : { ...read, decision };
};

const outcome: Reader<RequestOutcome> = object(
  { id: randomId, result: oneOf(...REQUEST_RESULTS), text: prose(LONGEST_OUTCOME_TEXT) },
  "ignore",
);

const checkIn: Reader<CheckIn> = object(
  {
    schemaVersion,
    sequence: integer(1),
    clock: time,
    agentVersion: word,
    platform,
    site: optional(name),
    placed: optional(text({ max: 16, form: /^[0-9a-f]{16}$/, what: "16 hexadecimal digits" })),
    facts: optional(facts),
    products: unique(list(product, MOST_PRODUCTS), (report) => report.product),
    dropped: optional(integer(0)),
    attempts: unique(list(attempt, MOST_ATTEMPTS), ({ id }) => id),
    handled: unique(list(outcome, MOST_REQUESTS), ({ id }) => id),
  },
  "ignore",
);

/**
 * Reads the content of `POST /api/v1/check-ins`.
 *
 * @throws ProtocolError `protocol/bad-document`
 */
export function readCheckIn(content: Uint8Array): CheckIn {
  return readMessage(checkIn, content, MOST_CHECK_IN_BYTES);
}
