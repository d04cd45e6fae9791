import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const SERVE_ERRORS = {
  "serve/bad-option": {
    cause: "An option has a value that cannot be used, or contradicts another one.",
    remedy: "Follow the message, or see `fairlead serve --help`.",
  },
  "serve/no-signers": {
    cause: "Commits must be signed, and nobody is listed who may sign, or the list is not there.",
    remedy: "List them with `--allowed-signers FILE` (SSH keys) or `--gnupg-home DIR` (OpenPGP keys).",
  },
  "serve/no-webhook-secret": {
    cause: "The file with the secret of the webhook cannot be read, or holds too short a secret.",
    remedy: "Make one with `openssl rand -hex 32`, write it into the file and give it to the forge.",
  },
  "serve/port-forbidden": {
    cause: "This user may not listen on that port.",
    remedy: "Choose a port above 1023, for example `--port 8080`.",
  },
  "serve/port-in-use": {
    cause: "Another program listens on that port.",
    remedy: "Stop it, or choose another port with `--port`.",
  },
  "serve/worktree-needs-dev-keys": {
    cause: "A work tree was to be served with the keys of a real fleet, or from a remote repository.",
    remedy: "Use `--worktree` with `--dev-keys` and a repository on this machine.",
  },
  "serve/worktree-needs-own-folder": {
    cause: "A work tree was to be served from a state folder whose manifest a fleet trusts.",
    remedy: "Name another folder, for example `--state-dir .fairlead-worktree`.",
  },
} as const satisfies ErrorTable;
export type ServeErrorCode = keyof typeof SERVE_ERRORS;

/** The controller could not be started as asked. */
export class ServeError extends DomainError<ServeErrorCode> {}
