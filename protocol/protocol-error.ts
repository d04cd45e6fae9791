import { DomainError } from "./domain-error.ts";

/** Why something that both sides must agree on could not be understood. */
export const PROTOCOL_ERRORS = {
  "protocol/bad-canonical-json": {
    cause: "A value cannot be signed: a fraction, an unsafe number, or no JSON.",
    remedy: "Write whole numbers, and leave out what has no value.",
  },
  "protocol/bad-date": {
    cause: "A text is not a date, or no calendar has that day.",
    remedy: "Write a date such as 2027-01-31.",
  },
  "protocol/bad-document": {
    cause: "A document is not JSON, or not of the shape that its kind has.",
    remedy: "The message names the place; publish the document again, with a controller of this generation.",
  },
  "protocol/bad-duration": {
    cause: "A text is not a duration, or one of over ten years.",
    remedy: "Write a duration such as 90s, 15m, 4h or 2d.",
  },
  "protocol/bad-name": {
    cause: "A text cannot name a product, channel, tenant, site, group or file.",
    remedy: "Use lower-case letters, digits and dashes.",
  },
  "protocol/bad-percent": {
    cause: "A text is not a percentage from 0 to 100.",
    remedy: "Write a percentage such as 10%.",
  },
  "protocol/bad-range": {
    cause: "A text is not a range of versions of the product's scheme.",
    remedy: "Write a range such as >=1.2.0.",
  },
  "protocol/bad-version": {
    cause: "A text is not a version of the product's scheme.",
    remedy: "Write a version such as 1.4.2, or choose another `versionScheme`.",
  },
  "protocol/bad-window": {
    cause: "An update window has no day, no such time or time zone, or never opens.",
    remedy:
      "Name days, a start from 00:00 to 23:59, a duration of up to 24h and a zone of the IANA database.",
  },
  "protocol/not-signed": {
    cause: "Fewer keys than must have signed a role of the manifest.",
    remedy: "Have it signed by the people or the pipeline that hold its keys.",
  },
  "protocol/spec-version": {
    cause: "A role of the manifest is written in another major version of TUF.",
    remedy: "Update this program, or publish with one of its generation.",
  },
} as const;

export type ProtocolErrorCode = keyof typeof PROTOCOL_ERRORS;

/** Thrown by everything in `protocol/`. */
export class ProtocolError extends DomainError<ProtocolErrorCode> {}
