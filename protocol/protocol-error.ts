/** Why something that both sides must agree on could not be understood. A closed set. */
export type ProtocolErrorCode =
  | "bad-canonical-json"
  | "bad-document"
  | "bad-duration"
  | "bad-name"
  | "bad-percent"
  | "bad-range"
  | "bad-version"
  | "bad-window";

/** Thrown by everything in `protocol/`. The code is stable, the message is for people. */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
  }
}
