import { DomainError } from "../../protocol/domain-error.ts";

export type ConfigErrorCode =
  | "already-enrolled"
  | "bad-config"
  | "bad-device-key"
  | "bad-root"
  | "no-root"
  | "not-enrolled"
  | "untrusted-config";

/** Thrown where the agent's own settings cannot be used or made. */
export class ConfigError extends DomainError<ConfigErrorCode> {}
