import type { ErrorTable } from "../../protocol/domain-error.ts";

/** Everything that is thrown and that nobody foresaw. It has no class: that is what makes it one. */
export const INTERNAL_ERRORS = {
  "internal/defect": {
    cause: "Fairlead failed in a way that nobody foresaw.",
    remedy: "Please report it, with what was printed or logged.",
  },
} as const satisfies ErrorTable;
export type InternalErrorCode = keyof typeof INTERNAL_ERRORS;
