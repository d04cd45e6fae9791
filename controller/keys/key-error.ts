import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const KEYS_ERRORS = {
  "keys/bad-threshold": {
    cause: "the number of signatures asked for does not fit the number of keys",
    remedy: "ask for at least one signature, and for at most as many as there are keys (up to 20)",
  },
  "keys/exists": {
    cause: "a key, or a `trust/` folder, is there already, and neither is ever overwritten",
    remedy: "choose another folder, or use the command for a fleet that has keys, such as `keys add-product`",
  },
  "keys/in-git": {
    cause: "git tracks, or would track, the folder of the secret keys",
    remedy: "choose a folder outside of the work tree; what git has seen is no secret any more",
  },
  "keys/not-found": {
    cause: "a key that is needed is not in the folder, or not enough of them are",
    remedy: "name the folder that holds them, or bring the key files of enough people together there",
  },
  "keys/too-open": {
    cause: "a secret key can be read by other users of this machine",
    remedy: "run `chmod 600` on it, and make a new key if somebody may have read it",
  },
  "keys/unreadable": {
    cause: "a key file is damaged or is something else",
    remedy: "restore it from a backup",
  },
  "keys/wrong-role": {
    cause: "the key is for another role than the one to sign",
    remedy: "name the right file: each key signs one role only",
  },
} as const satisfies ErrorTable;
export type KeyErrorCode = keyof typeof KEYS_ERRORS;

/** A key file could not be made or used. */
export class KeyError extends DomainError<KeyErrorCode> {}
