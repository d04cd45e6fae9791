import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const KEYS_ERRORS = {
  "keys/ambiguous": {
    cause: "what was named fits more than one key",
    remedy: "name more digits of the id of the key that you mean; `fairlead keys show` lists them",
  },
  "keys/bad-request": {
    cause: "a signing request cannot be read, or says something that must not be signed",
    remedy: "do not sign it; ask whoever made it, and make a new one with `fairlead keys request`",
  },
  "keys/bad-signature": {
    cause: "a signer gave a signature that no public key of the ceremony confirms",
    remedy:
      "check which key it uses, and that it signs the bytes as they are (Ed25519 without a hash before it)",
  },
  "keys/bad-threshold": {
    cause: "the number of signatures asked for does not fit the number of keys",
    remedy: "ask for at least one signature, and for at most as many as there are keys (up to 20)",
  },
  "keys/different-requests": {
    cause: "the files to collect from are not copies of one signing request",
    remedy: "collect the copies of one request at a time; `fairlead keys sign` prints the sha256 of each",
  },
  "keys/exists": {
    cause: "a key, or a `trust/` folder, is there already, and neither is ever overwritten",
    remedy: "choose another folder, or use the command for a fleet that has keys, such as `keys rotate`",
  },
  "keys/in-git": {
    cause: "git tracks, or would track, the folder of the secret keys",
    remedy: "choose a folder outside of the work tree; what git has seen is no secret any more",
  },
  "keys/no-naming-secret": {
    cause: "the secret that names the policies of tenants is gone, or was never given to the controller",
    remedy:
      "restore `naming-secret` from a backup into the state folder, or beside the online key; " +
      "`fairlead tenant new-secret` makes another, after which every machine of a tenant enrols again",
  },
  "keys/no-state-folder": {
    cause: "the controller's state folder, which holds the secret of the tenants' keys, is not here",
    remedy: "run the command on the controller's machine, or name the folder with `--state-dir`",
  },
  "keys/no-trust": {
    cause: "the state has no `trust/` folder, so there are no keys to change",
    remedy: "make the first keys with `fairlead keys init`",
  },
  "keys/not-confirmed": {
    cause: "nobody confirmed that a signing request should be signed",
    remedy: "read what it changes, then answer `y`, or repeat with `--yes` in a script",
  },
  "keys/not-enough": {
    cause: "fewer keys have signed than must",
    remedy: "the message says who is missing; have them sign the request, or bring their key files together",
  },
  "keys/not-found": {
    cause: "a key that is needed is not there",
    remedy: "name the folder that holds it, or check the id or the role that was named",
  },
  "keys/nothing-to-do": {
    cause: "the command would change nothing",
    remedy: "follow the message: mostly an option is missing that says what to change",
  },
  "keys/other-naming-secret": {
    cause: "the secret that names the policies of tenants is another one than that of the published manifest",
    remedy:
      "restore the right `naming-secret`, or make the new one on purpose with `fairlead tenant new-secret`",
  },
  "keys/passphrase-needed": {
    cause: "a key file is encrypted, and nobody can be asked for its passphrase",
    remedy: "run the command on a terminal, or give the passphrase with `--passphrase-fd`",
  },
  "keys/signer-failed": {
    cause: "the program that was to sign ended with an error, took too long or printed no signature",
    remedy: "run it by hand: it gets the bytes on standard input and prints the signature as hex or base64",
  },
  "keys/stale-request": {
    cause: "`trust/` has changed since the signing request was made",
    remedy: "update your clone; if it is up to date, make a new request",
  },
  "keys/too-open": {
    cause: "a secret can be read by every user of this machine",
    remedy:
      "run `chmod 600` on it (a group may read it: 0440 in Kubernetes), and make a new one if somebody may have",
  },
  "keys/trust-invalid": {
    cause: "root or delegations in `trust/` do not verify, or would not after the change",
    remedy: "run `fairlead validate`, and restore the files from git",
  },
  "keys/unreadable": {
    cause: "a key file is damaged or is something else",
    remedy: "restore it from a backup; a key that is lost is replaced with `fairlead keys revoke`",
  },
  "keys/weak-passphrase": {
    cause: "a new passphrase is too short to protect a key whose file was stolen",
    remedy: "take four or five words that nobody would put together",
  },
  "keys/write-failed": {
    cause: "the files of a ceremony could not be written; everything is as it was",
    remedy: "check the disk and the rights on the folders",
  },
  "keys/wrong-passphrase": {
    cause: "the passphrase does not open the key file",
    remedy: "try again; without its passphrase a key is lost and has to be replaced",
  },
  "keys/wrong-role": {
    cause: "the key is for another role than the one to sign",
    remedy: "name the right file: each key signs one role only",
  },
} as const satisfies ErrorTable;
export type KeyErrorCode = keyof typeof KEYS_ERRORS;

/** A key could not be made or used, or a ceremony not be held. */
export class KeyError extends DomainError<KeyErrorCode> {}

/** Whether an error is the system's, with this code. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
