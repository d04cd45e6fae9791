/** `look`: ask for the manifest now. */
export const REQUEST_KINDS = ["update", "rollback", "look"] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Days for which a request waits for a device that is offline. */
export const REQUEST_LIFETIME_DAYS = 28;

/** Requests that wait for one device, and outcomes in one check-in. */
export const MOST_REQUESTS = 32;
/** Characters of what a device says of a request. */
export const LONGEST_OUTCOME_TEXT = 300;

/**
 * What an operator asks of one device. It is in the answer to a check-in, and is given again until the device says what
 * became of it. A device obeys only where the answer carries the online key's signature over it and over the very
 * request that it answers. `update` passes waves, windows and `autoUpdate: false` as a person at the machine does,
 * and nothing else; `rollback` goes back to the kept version, within what the release key allows.
 */
export interface DeviceRequest {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly kind: RequestKind;
  /** Absent for `look`. */
  readonly product?: string;
  /** Seconds since 1970, by the controller's clock. */
  readonly askedAt: number;
  readonly expiresAt: number;
}

/** `refused`: a rule stood against it, and the text names it. `nothing-to-do`: it ran what it should already. */
export const REQUEST_RESULTS = ["done", "nothing-to-do", "refused", "failed"] as const;
export type RequestResult = (typeof REQUEST_RESULTS)[number];

/** What became of a request on the device. */
export interface RequestOutcome {
  readonly id: string;
  readonly result: RequestResult;
  /** For people. */
  readonly text: string;
}
