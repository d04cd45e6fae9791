import { FAILURE_CAUSES } from "../gate/failure-causes.ts";
import { object, oneOf, optional, type Reader } from "../read-json.ts";
import {
  ATTEMPT_OUTCOMES,
  ATTEMPT_STEPS,
  type Attempt,
  LONGEST_ATTEMPT_LOG,
  LONGEST_ATTEMPT_MESSAGE,
} from "./attempt.ts";
import { code, knownWord, lastLines, name, orNull, prose, randomId, time, word } from "./read-fields.ts";

const readAttempt = object(
  {
    id: randomId,
    product: name,
    kind: oneOf("update", "rollback"),
    from: orNull(word),
    to: word,
    toDigest: word,
    startedAt: time,
    endedAt: time,
    step: oneOf(...ATTEMPT_STEPS),
    outcome: oneOf(...ATTEMPT_OUTCOMES),
    cause: optional(knownWord(FAILURE_CAUSES)),
    code: optional(code),
    message: optional(prose(LONGEST_ATTEMPT_MESSAGE)),
    log: optional(lastLines(LONGEST_ATTEMPT_LOG)),
    request: optional(randomId),
  },
  "ignore",
);

/** A cause that is newer than this program is left out: then the failure speaks against the release, as an unknown one does. */
export const attempt: Reader<Attempt> = (value, at) => {
  const { cause, ...read } = readAttempt(value, at);
  return cause === undefined ? read : { ...read, cause };
};
