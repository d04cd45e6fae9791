import type { CheckInAnswer } from "../../protocol/check-in/check-in-answer.ts";
import {
  HTTP_SIGNATURE_ERRORS,
  HttpSignatureError,
} from "../../protocol/http-signatures/http-signature-error.ts";
import { PROBLEM_TYPE, toProblem } from "../../protocol/problem.ts";
import { PROTOCOL_ERRORS, ProtocolError } from "../../protocol/protocol-error.ts";
import { FLEET_ERRORS, FleetError } from "./fleet-error.ts";
import type { DeviceAnswer, DeviceResult } from "./fleet-service.ts";
import { STORE_ERRORS, StoreError } from "./store/store-error.ts";

const CONTENT_TYPE = "application/json";
/** Seconds after which a device asks again when the store has a difficulty that may pass. */
const STORE_RETRY = 60;

/** The answer to what was done as asked. */
export function doneAnswer(status: 200 | 201, body: object, result: DeviceResult): DeviceAnswer {
  return { status, headers: { "content-type": CONTENT_TYPE }, body: JSON.stringify(body), result };
}

/** A problem, with the members of the answer beside its own where the check-in was recorded all the same. */
export function problemAnswer(
  error: DeviceProblem,
  answer: CheckInAnswer | undefined = undefined,
): DeviceAnswer {
  const { status, title, retryAfter, result } = meaningOf(error);
  return {
    status,
    headers: {
      "content-type": PROBLEM_TYPE,
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    },
    body: JSON.stringify({ ...toProblem(error, status, title), ...answer }),
    result,
  };
}

/** What a device can be told. Everything else that goes wrong is a defect, and its details are nobody's business. */
export type DeviceProblem = FleetError | HttpSignatureError | ProtocolError | StoreError;

export function isDeviceProblem(error: unknown): error is DeviceProblem {
  return [FleetError, HttpSignatureError, ProtocolError, StoreError].some((Kind) => error instanceof Kind);
}

interface Meaning {
  readonly status: number;
  readonly title: string;
  readonly retryAfter?: number;
  readonly result: DeviceResult;
}

function meaningOf(error: DeviceProblem): Meaning {
  if (error instanceof FleetError) {
    const { status, cause: title, ...more } = FLEET_ERRORS[error.code];
    return { status, title, ...more, result: resultOf(status) };
  }
  if (error instanceof HttpSignatureError) {
    const { status, cause: title } = HTTP_SIGNATURE_ERRORS[error.code];
    return { status, title, ...(status < 429 ? {} : { retryAfter: STORE_RETRY }), result: resultOf(status) };
  }
  if (error instanceof ProtocolError) {
    return { status: 400, title: PROTOCOL_ERRORS[error.code].cause, result: "unreadable" };
  }
  return {
    status: 503,
    title: STORE_ERRORS[error.code].cause,
    retryAfter: STORE_RETRY,
    result: "unavailable",
  };
}

function resultOf(status: number): DeviceResult {
  switch (status) {
    case 400:
      return "unreadable";
    case 409:
      return "key-replaced";
    case 426:
      return "below-minimum";
    case 503:
      return "unavailable";
    default:
      return "refused";
  }
}

/** An error of the store that says something of the device rather than of the store. */
export function aboutDevice(error: StoreError): DeviceProblem {
  switch (error.code) {
    case "store/key-replaced":
      return new FleetError("fleet/key-replaced", "the key of this device has been replaced");
    case "store/no-such-device":
      return new HttpSignatureError("signature/unknown-key", "this device is not enrolled any more");
    default:
      return error;
  }
}
