import { DomainError } from "../../protocol/domain-error.ts";

/**
 * Why a commit could not be turned into a signed manifest. None of these heals by waiting: a person must act, and
 * the last good manifest stays served.
 */
export type PublishErrorCode =
  | "publish/no-trust"
  | "publish/refused"
  | "publish/trust-removed"
  | "publish/trust-invalid"
  | "publish/root-changed"
  | "publish/role-rolled-back"
  | "publish/version-reused"
  | "publish/online-key-not-trusted"
  | "publish/no-online-key"
  | "publish/store-damaged"
  | "publish/artifact-missing"
  | "publish/artifact-differs";

export class PublishError extends DomainError<PublishErrorCode> {}
