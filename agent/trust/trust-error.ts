import { DomainError } from "../../protocol/domain-error.ts";

/** Why metadata, or what it speaks of, is not trusted. */
export type TrustErrorCode =
  /** No `root.json` in the store: the agent was never enrolled. */
  | "no-root"
  /** The store itself cannot be read or written. */
  | "store-unusable"
  /** Not a document of the role that was asked for. */
  | "malformed"
  | "spec-version"
  | "signature-threshold"
  | "expired"
  | "version-rollback"
  /** The version is not the one that the listing role names. */
  | "version-mismatch"
  | "hash-mismatch"
  | "length-exceeded"
  | "length-mismatch"
  /** A root is not the direct successor of the trusted one, or there are too many. */
  | "bad-root-chain"
  | "clock-backward"
  /** A role that the snapshot listed is gone, or one that is needed is not listed. */
  | "missing-role"
  | "unknown-target"
  /** The target exists, but a role that may not speak for it signed it. */
  | "wrong-role"
  /** The repository does not have a file that it must have. */
  | "missing-file";

/** Thrown by everything in `agent/trust/`. The message says what was expected and what was found. */
export class TrustError extends DomainError<TrustErrorCode> {}
