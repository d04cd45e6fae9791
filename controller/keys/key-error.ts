import { DomainError } from "../../protocol/domain-error.ts";

export type KeyErrorCode =
  | "keys/exists"
  | "keys/not-found"
  | "keys/unreadable"
  | "keys/in-git"
  | "keys/too-open"
  | "keys/bad-threshold"
  | "keys/wrong-role";

/** Why a key file could not be made or used. */
export class KeyError extends DomainError<KeyErrorCode> {}
