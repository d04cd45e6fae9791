import { DomainError } from "../../protocol/domain-error.ts";

/** Every way in which a command can be called wrongly. */
export const USAGE_ERRORS = {
  "usage/bad-value": {
    cause: "An option has a value that it cannot have.",
    remedy: "See the command's --help for what it takes.",
  },
  "usage/conflicting-options": {
    cause: "Two options exclude each other.",
    remedy: "Give one of them.",
  },
  "usage/missing-option": {
    cause: "An option that the command cannot do without is not there.",
    remedy: "See the command's --help.",
  },
  "usage/unknown-command": {
    cause: "There is no command of that name.",
    remedy: "See `fairlead-agent --help` for all of them.",
  },
  "usage/unknown-option": {
    cause: "The command has no such option, or takes no such argument.",
    remedy: "See the command's --help for all of them.",
  },
} as const;
export type UsageErrorCode = keyof typeof USAGE_ERRORS;

/** Wrong use, with what would be right. */
export class UsageError extends DomainError<UsageErrorCode> {}
