import { DomainError } from "../../protocol/domain-error.ts";

export type ReleaseErrorCode =
  | "release/bad-version"
  | "release/bad-artifact"
  | "release/bad-range"
  | "release/exists"
  | "release/artifact-exists"
  | "release/no-trust"
  | "release/trust-invalid"
  | "release/key-not-trusted";

/** Why a version could not be released or signed. */
export class ReleaseError extends DomainError<ReleaseErrorCode> {}
