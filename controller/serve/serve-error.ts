import { DomainError } from "../../protocol/domain-error.ts";

export type ServeErrorCode =
  | "serve/bad-option"
  | "serve/no-repository"
  | "serve/no-signers"
  | "serve/no-webhook-secret"
  | "serve/port-in-use"
  | "serve/port-forbidden"
  | "serve/worktree-needs-dev-keys"
  | "serve/worktree-needs-own-folder";
/** The controller could not be started as asked. */
export class ServeError extends DomainError<ServeErrorCode> {}
