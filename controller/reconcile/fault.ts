import { DomainError } from "../../protocol/domain-error.ts";
import type { InternalErrorCode } from "../diagnostics/internal-error.ts";
import { toSystemError } from "../files/system-error.ts";
import type { Fault } from "./outcome.ts";

/** What failed, and whether trying again can help by itself. */
export interface ClassifiedFault {
  readonly kind: "waiting" | "stalled";
  readonly cause: Fault;
}

/**
 * The error's code decides the retry. Errors of a domain say it themselves where it can be either way (`retry`);
 * those of the operating system (a full disk, a lost mount) may heal; anything else is a defect or a bad setting.
 */
export function faultOf(error: unknown): ClassifiedFault {
  const known = error instanceof DomainError ? error : toSystemError(error);
  if (known !== undefined) {
    const { code, message, help } = known as DomainError<string>;
    const kind = "retry" in known && known.retry === "waiting" ? "waiting" : "stalled";
    return { kind, cause: { code, message, ...(help === undefined ? {} : { help }) } };
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = "internal/defect" satisfies InternalErrorCode;
  const help = "this is a defect of Fairlead, please report it";
  return { kind: "stalled", cause: { code, message, help } };
}
