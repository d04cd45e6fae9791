import type { CheckInAnswer } from "../../protocol/check-in/check-in-answer.ts";
import type { EnrolmentAnswer } from "../../protocol/check-in/enrolment.ts";
import type { FleetStore } from "./store/fleet-store.ts";

/** A request of a device as it came in, before anybody has believed a word of it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** By lower-case name; several of one name are joined as RFC 9110, section 5.3, says. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly address: string | null;
}

/** The answer to a device, ready to send. */
export interface DeviceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON: an answer, or a problem (RFC 9457), with the answer's members beside it where the check-in was recorded. */
  readonly body: string;
  readonly result: DeviceResult;
}

/** Who sent a request that carries a device's signature. */
export type IdentifiedDevice =
  | { readonly kind: "device"; readonly device: string }
  | { readonly kind: "refused"; readonly answer: DeviceAnswer };

/**
 * How it went, for counting. `copy`: recorded was only that the key is in two places. `below-minimum`: recorded, and
 * answered 426. `refused`: whoever it was may not do this.
 */
export const DEVICE_RESULTS = [
  "done",
  "copy",
  "below-minimum",
  "key-replaced",
  "refused",
  "unreadable",
  "unavailable",
] as const;
export type DeviceResult = (typeof DEVICE_RESULTS)[number];

/** The members of `DeviceAnswer.body` with status 200 or 201. */
export type AnswerOf = { readonly checkIn: CheckInAnswer; readonly enrolment: EnrolmentAnswer };

/**
 * What the serving thread asks of the thread that has the fleet's database. All arguments and results are plain data,
 * because they cross between threads. Errors are of `FleetError` and `StoreError`.
 */
export interface FleetService {
  enrol(request: ReceivedRequest): Promise<DeviceAnswer>;
  checkIn(request: ReceivedRequest): Promise<DeviceAnswer>;
  replaceKey(device: string, request: ReceivedRequest): Promise<DeviceAnswer>;
  leave(device: string, request: ReceivedRequest): Promise<DeviceAnswer>;
  /** Whose a request without a body is, by its signature: who holds a stream open. */
  identify(request: ReceivedRequest): Promise<IdentifiedDevice>;
  /** What people and scripts ask for goes to the store as it is: who may see what is decided before. */
  readonly store: FleetStore;
}
