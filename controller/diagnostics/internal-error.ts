import type { ErrorTable } from "../../protocol/domain-error.ts";

/** The code that stands for every error that is no `DomainError`, so there is no class for it. */
export const INTERNAL_ERRORS = {
  "internal/defect": {
    cause: "fairlead failed in a way that nobody foresaw",
    remedy: "please report it, with what was printed or logged",
  },
} as const satisfies ErrorTable;
export type InternalErrorCode = keyof typeof INTERNAL_ERRORS;
