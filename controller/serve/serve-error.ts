import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const SERVE_ERRORS = {
  "serve/bad-config": {
    cause: "the file of `--config` has a mistake",
    remedy: "correct the places that are listed; `schemas/controller.schema.json` says what each key takes",
  },
  "serve/bad-file": {
    cause: "a file that an option names is not there, cannot be read, or is not what the option takes",
    remedy: "follow the message: it names the file and what the option takes",
  },
  "serve/bad-option": {
    cause: "an option has a value that cannot be used, or contradicts another one",
    remedy: "follow the message, or see `fairlead serve --help`",
  },
  "serve/demo-fleet-refused": {
    cause:
      "simulated machines were asked for where the keys are a fleet's, or where more than this machine can ask",
    remedy:
      "try things out with `--dev-keys` on a loopback address and without `--public-url`, or add `--no-demo-fleet`",
  },
  "serve/exposed-secret": {
    cause: "everybody on the machine may read a file with a secret, or change one that is trusted",
    remedy: "take the rights away with `chmod`, and change the secret if somebody could have read it",
  },
  "serve/fleet-died": {
    cause: "the thread that knows the fleet ended by itself; the manifest is served all the same",
    remedy: "it is started anew by itself; report it with the log",
  },
  "serve/no-operator-token": {
    cause: "the token of the operators cannot be read, or is too short",
    remedy: "make one with `openssl rand -hex 32`, write it into the file and give it to the operators",
  },
  "serve/no-repository": {
    cause: "the state is in no git repository, and only what is committed is served",
    remedy: "clone the repository instead of downloading its files, or run `git init` and commit them",
  },
  "serve/no-signers": {
    cause: "commits must be signed, and nobody is listed who may sign, or the list is not there",
    remedy: "list them with `--allowed-signers FILE` (SSH keys) or `--gnupg-home DIR` (OpenPGP keys)",
  },
  "serve/no-outgoing-secret": {
    cause:
      "a file with a secret for a receiver of notifications or for the forge cannot be read, or holds none",
    remedy: "put the secret into it, on one line; the message names the file",
  },
  "serve/no-prometheus-token": {
    cause: "the file with the token for Prometheus cannot be read, or holds none",
    remedy: "put the token of the Prometheus server into it, or leave `--prometheus-token-file` out",
  },
  "serve/no-webhook-secret": {
    cause: "the file with the secret of the webhook cannot be read, or holds too short a secret",
    remedy: "make one with `openssl rand -hex 32`, write it into the file and give it to the forge",
  },
  "serve/port-forbidden": {
    cause: "this user may not listen on that port",
    remedy: "choose a port above 1023, for example `--port 8080`",
  },
  "serve/port-in-use": {
    cause: "another program listens on that port or socket",
    remedy: "stop it, or choose another one with `--port`, `--listen` or `--operator-listen`",
  },
  "serve/worker-died": {
    cause:
      "the thread that reads, checks and signs ended unexpectedly; it is started anew, and what was served stays",
    remedy: "where it ran out of memory, give it more with `--worker-memory`; else report it with the log",
  },
  "serve/worktree-needs-dev-keys": {
    cause: "a work tree was to be served with the keys of a real fleet, or from a remote repository",
    remedy: "use `--worktree` with `--dev-keys` and a repository on this machine",
  },
  "serve/worktree-needs-own-folder": {
    cause: "a work tree was to be served from a state folder whose manifest a fleet trusts",
    remedy: "name another folder, for example `--state-dir .fairlead-worktree`",
  },
} as const satisfies ErrorTable;
export type ServeErrorCode = keyof typeof SERVE_ERRORS;

/** The controller could not be started as asked. */
export class ServeError extends DomainError<ServeErrorCode> {}
