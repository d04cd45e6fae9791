import { DomainError } from "../../protocol/domain-error.ts";

/** Why a change of state was refused. Nothing was written, or everything was put back, when one of these is thrown. */
export type EditErrorCode =
  | "bad-argument"
  | "branch-exists"
  | "detached-head"
  | "dirty-tree"
  | "git-failed"
  | "invalid-state"
  | "lower-version"
  | "no-identity"
  | "no-remote"
  | "not-a-repository"
  | "product-needed"
  | "rollback-not-allowed"
  | "uneditable-file"
  | "unknown-channel"
  | "unknown-product"
  | "unknown-scope"
  | "unknown-version"
  | "write-failed"
  | "yanked-version";

export class EditError extends DomainError<EditErrorCode> {}
