import { DomainError } from "./domain-error.ts";

/** Why something that both sides must agree on could not be understood. */
export const PROTOCOL_ERRORS = {
  "protocol/bad-byte-size": {
    cause: "a text is not a number of bytes",
    remedy: "write a size such as 512MiB or 2GiB",
  },
  "protocol/bad-canonical-json": {
    cause: "a value cannot be signed: a fraction, an unsafe number, or no JSON",
    remedy: "write whole numbers, and leave out what has no value",
  },
  "protocol/bad-date": {
    cause: "a text is not a date, or no calendar has that day",
    remedy: "write a date such as 2027-01-31",
  },
  "protocol/bad-document": {
    cause: "a document is not JSON, or not of the shape that its kind has",
    remedy: "the message names the place; publish the document again, with a controller of this generation",
  },
  "protocol/bad-duration": {
    cause: "a text is not a duration, or one of over ten years",
    remedy: "write a duration such as 90s, 15m, 4h or 2d",
  },
  "protocol/bad-name": {
    cause: "a text cannot name a product, channel, tenant, site, group or file",
    remedy: "use lower-case letters, digits and dashes",
  },
  "protocol/bad-percent": {
    cause: "a text is not a percentage from 0 to 100",
    remedy: "write a percentage such as 10%",
  },
  "protocol/bad-range": {
    cause: "a text is not a range of versions of the product's scheme",
    remedy: "write a range such as >=1.2.0",
  },
  "protocol/bad-version": {
    cause: "a text is not a version of the product's scheme",
    remedy: "write a version such as 1.4.2, or choose another `versionScheme`",
  },
  "protocol/bad-window": {
    cause: "an update window has no day, no such time or time zone, or never opens",
    remedy: "name days, a start from 00:00 to 23:59, a duration of up to 24h and a zone of the IANA database",
  },
  "protocol/not-signed": {
    cause: "fewer keys than must have signed a role of the manifest",
    remedy: "have it signed by the people or the pipeline that hold its keys",
  },
  "protocol/spec-version": {
    cause: "a role of the manifest is written in another major version of TUF",
    remedy: "update this program, or publish with one of its generation",
  },
} as const;

export type ProtocolErrorCode = keyof typeof PROTOCOL_ERRORS;

/** Thrown by everything in `protocol/`. */
export class ProtocolError extends DomainError<ProtocolErrorCode> {}
