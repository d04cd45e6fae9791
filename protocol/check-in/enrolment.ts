import type { Facts } from "../requirements.ts";
import type { CHECK_IN_SCHEMA_VERSION } from "./check-in.ts";
import type { Placement } from "./check-in-answer.ts";

/** Bytes of an enrolment, of its answer and of a new key. */
export const MOST_ENROLMENT_BYTES = 64 * 1024;

/**
 * `POST /api/v1/enrolments`: a device registers its public key, once. The request is signed by that very key, so that
 * nobody registers another's; its `keyid` is the id of the device. A second time with the same key gives the same answer
 * and uses up nothing of the token.
 */
export interface EnrolmentRequest {
  readonly schemaVersion: typeof CHECK_IN_SCHEMA_VERSION;
  readonly authority: EnrolmentAuthority;
  /** Raw Ed25519 key, 64 hexadecimal digits. */
  readonly publicKey: string;
  readonly agentVersion: string;
  readonly platform: string;
  readonly facts?: Facts;
}

/** By what right a device enrols. */
export type EnrolmentAuthority =
  | { readonly kind: "token"; readonly token: string }
  /**
   * It is a copy of a device whose key has been replaced. `signature` is the old key's, 128 hexadecimal digits, over
   * `cloneStatement`.
   */
  | { readonly kind: "clone"; readonly device: string; readonly signature: string };

export interface EnrolmentAnswer extends Placement {
  readonly schemaVersion: typeof CHECK_IN_SCHEMA_VERSION;
  readonly device: string;
}

/**
 * `POST /api/v1/agents/<id>/key`, signed by the key that the device has: the key that it has from now on. `signature` is
 * the new key's, over `newKeyStatement`.
 */
export interface NewKeyRequest {
  readonly schemaVersion: typeof CHECK_IN_SCHEMA_VERSION;
  readonly publicKey: string;
  readonly signature: string;
}

/** What a new key signs to show that whoever registers it has it. */
export function newKeyStatement(device: string, newPublicKey: string): Uint8Array {
  return new TextEncoder().encode(`fairlead new key of ${device}: ${newPublicKey}`);
}

/** What a replaced key signs so that a copy of its device may enrol as a device of its own. */
export function cloneStatement(device: string, ownPublicKey: string): Uint8Array {
  return new TextEncoder().encode(`fairlead copy of ${device}: ${ownPublicKey}`);
}
