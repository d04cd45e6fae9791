import type { ErrorTable } from "../../protocol/domain-error.ts";

/** The code that stands for every error that is no `DomainError`, so there is no class for it. */
export const AGENT_ERRORS = {
  "agent/defect": {
    cause: "fairlead-agent failed in a way that nobody foresaw",
    remedy: "please report it, with what was printed or logged",
  },
} as const satisfies ErrorTable;

export const DEFECT: keyof typeof AGENT_ERRORS = "agent/defect";
