import type { CHECK_IN_SCHEMA_VERSION } from "./check-in.ts";
import type { DeviceRequest } from "./device-request.ts";

/** Bytes of an answer that an agent reads. */
export const MOST_ANSWER_BYTES = 64 * 1024;

/**
 * What the controller answers to a check-in with 200, and beside a problem with 426, where the device is below a minimum
 * version: it was recorded all the same.
 *
 * The answer is signed by the online key whenever `requests`, `newKey` or `moved` ask something of the device.
 */
export interface CheckInAnswer {
  readonly schemaVersion: typeof CHECK_IN_SCHEMA_VERSION;
  /** Ids of attempts and of handled requests that are on the controller's disk. */
  readonly acknowledged: readonly string[];
  readonly requests: readonly DeviceRequest[];
  /** The device's key was seen in two places: it makes a new one, and registers it with the old one. */
  readonly newKey?: true;
  /** Version of the timestamp role that is served now: a device that knows an older one looks at once. */
  readonly manifest?: number;
  /** Where the device belongs, when that is not what it takes itself to be. Signed, as what asks for something is. */
  readonly moved?: Placement;
}

/** Where a device belongs. */
export interface Placement {
  /** The tenant and the key by which its agents find its policy. */
  readonly tenant?: { readonly name: string; readonly key: string };
  readonly site?: string;
  readonly labels: Readonly<Record<string, string>>;
}
