import { DomainError } from "../../protocol/domain-error.ts";

export type KeyErrorCode =
  | "keys/exists"
  | "keys/not-found"
  | "keys/unreadable"
  | "keys/in-git"
  | "keys/too-open"
  | "keys/write-failed"
  | "keys/bad-threshold"
  | "keys/bad-name"
  | "keys/wrong-role"
  | "keys/ambiguous"
  // Encrypted key files.
  | "keys/passphrase-needed"
  | "keys/wrong-passphrase"
  | "keys/weak-passphrase"
  // Signers and signatures.
  | "keys/signer-failed"
  | "keys/bad-signature"
  | "keys/not-enough"
  // What a ceremony starts from.
  | "keys/no-trust"
  | "keys/trust-invalid"
  | "keys/nothing-to-do"
  // Signing requests.
  | "keys/bad-request"
  | "keys/stale-request"
  | "keys/different-requests"
  | "keys/not-confirmed"
  // Keys of tenants.
  | "keys/unknown-tenant";

/** Why a key could not be made or used, or a ceremony not be held. */
export class KeyError extends DomainError<KeyErrorCode> {}

/** Whether an error is the system's, with this code. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
