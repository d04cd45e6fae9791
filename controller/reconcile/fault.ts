import { DomainError } from "../../protocol/domain-error.ts";
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
  if (error instanceof DomainError) {
    const { code, message, help } = error as DomainError<string>;
    const kind = "retry" in error && error.retry === "waiting" ? "waiting" : "stalled";
    return { kind, cause: { code, message, ...(help === undefined ? {} : { help }) } };
  }
  if (error instanceof Error && "syscall" in error && "code" in error) {
    const cause = { code: String(error.code).toLowerCase(), message: error.message };
    return { kind: "waiting", cause };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: "stalled",
    cause: { code: "internal", message, help: "this is a defect of Fairlead, please report it" },
  };
}
