import { DomainError } from "../../protocol/domain-error.ts";

/** Every way in which a command can be called wrongly. */
export const USAGE_ERRORS = {
  "usage/bad-value": {
    cause: "an option has a value that it cannot have",
    remedy: "see the command's --help for what it takes",
  },
  "usage/conflicting-options": {
    cause: "two options exclude each other",
    remedy: "give one of them",
  },
  "usage/missing-option": {
    cause: "an option that the command cannot do without is not there",
    remedy: "see the command's --help",
  },
  "usage/unknown-command": {
    cause: "there is no command of that name",
    remedy: "see `fairlead-agent --help` for all of them",
  },
  "usage/unknown-option": {
    cause: "the command has no such option, or takes no such argument",
    remedy: "see the command's --help for all of them",
  },
} as const;
export type UsageErrorCode = keyof typeof USAGE_ERRORS;

/** Wrong use, with what would be right. */
export class UsageError extends DomainError<UsageErrorCode> {}
