import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const KEYS_ERRORS = {
  "keys/bad-threshold": {
    cause: "The number of signatures asked for does not fit the number of keys.",
    remedy: "Ask for at least one signature, and for at most as many as there are keys (up to 20).",
  },
  "keys/exists": {
    cause: "A key, or a `trust/` folder, is there already, and neither is ever overwritten.",
    remedy:
      "Choose another folder, or use the command for a fleet that has keys, such as `keys add-product`.",
  },
  "keys/in-git": {
    cause: "Git tracks, or would track, the folder of the secret keys.",
    remedy: "Choose a folder outside of the work tree; what git has seen is no secret any more.",
  },
  "keys/not-found": {
    cause: "A key that is needed is not in the folder, or not enough of them are.",
    remedy: "Name the folder that holds them, or bring the key files of enough people together there.",
  },
  "keys/too-open": {
    cause: "A secret key can be read by other users of this machine.",
    remedy: "Run `chmod 600` on it, and make a new key if somebody may have read it.",
  },
  "keys/unreadable": {
    cause: "A key file is damaged or is something else.",
    remedy: "Restore it from a backup.",
  },
  "keys/wrong-role": {
    cause: "The key is for another role than the one to sign.",
    remedy: "Name the right file: each key signs one role only.",
  },
} as const satisfies ErrorTable;
export type KeyErrorCode = keyof typeof KEYS_ERRORS;

/** A key file could not be made or used. */
export class KeyError extends DomainError<KeyErrorCode> {}
