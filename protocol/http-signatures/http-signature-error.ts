import { DomainError, type ErrorTable } from "../domain-error.ts";

/** Why a signed HTTP message, a request of a device or an answer to it, is not believed. */
export const HTTP_SIGNATURE_ERRORS = {
  "signature/bad-digest": {
    cause: "the content of a message is not what its Content-Digest says",
    remedy: "send the bytes that were digested; nothing on the way may compress or rewrite them",
    status: 400,
  },
  "signature/bad-parameters": {
    cause: "a parameter of the signature is missing, unknown, or not of its form",
    remedy: "give created, keyid, nonce and tag as docs/check-in.md says, and no others",
    status: 400,
  },
  "signature/created-ahead": {
    cause: "the signature was created in the future, by the clock of who checks it",
    remedy: "set the clock of the device",
    status: 401,
  },
  "signature/guard-full": {
    cause: "the controller remembers as many signatures as it may, and cannot tell a replay from a new one",
    remedy: "send the message again later, signed anew; raise the limit where the fleet has outgrown it",
    status: 503,
  },
  "signature/malformed": {
    cause: "a field of the signature, or the digest beside it, is not a structured field, or too long",
    remedy: "write it as RFC 9651 says, each key once",
    status: 400,
  },
  "signature/missing": {
    cause: "a message has no signature with the label that is looked for",
    remedy: "sign it; a proxy on the way must pass on Signature-Input and Signature",
    status: 401,
  },
  "signature/missing-component": {
    cause: "the signature covers something that the message does not have",
    remedy: "a proxy on the way must pass on every header field that is covered",
    status: 400,
  },
  "signature/not-verified": {
    cause: "the message is not what was signed, or another key signed it",
    remedy: "look for a proxy that changes the path, the query or a header field that is covered",
    status: 401,
  },
  "signature/other-message": {
    cause: "the signature is sound and was made for another device, request or controller",
    remedy: "enrol the device with the controller that it talks to; look at what stands between them",
    status: 401,
  },
  "signature/replayed": {
    cause: "this signature was taken before",
    remedy: "sign each try anew, with a nonce of its own",
    status: 401,
  },
  "signature/stale": {
    cause: "the signature is too old or has expired, by the clock of who checks it",
    remedy: "sign each try anew; set the clock of the device",
    status: 401,
  },
  "signature/too-many": {
    cause: "one device has signed more messages than it may in a few minutes",
    remedy: "let it wait a few minutes; look at what runs on it",
    status: 429,
  },
  "signature/uncovered": {
    cause: "the signature leaves out something of the message that it must cover",
    remedy: "cover what docs/check-in.md lists",
    status: 401,
  },
  "signature/unknown-key": {
    cause: "nobody knows a key by the id that the signature names",
    remedy: "enrol the device",
    status: 401,
  },
  "signature/unsupported-component": {
    cause: "the signature covers something that this program cannot derive",
    remedy: "cover what docs/check-in.md lists",
    status: 400,
  },
} as const satisfies ErrorTable<{ readonly status: number }>;
export type HttpSignatureErrorCode = keyof typeof HTTP_SIGNATURE_ERRORS;

/** Thrown by everything in `protocol/http-signatures/`. */
export class HttpSignatureError extends DomainError<HttpSignatureErrorCode> {}
