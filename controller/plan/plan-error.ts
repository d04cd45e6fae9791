import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const PLAN_ERRORS = {
  "plan/limit": {
    cause: "The change does more to the fleet than `--fail-on` or `--max-blast` allow.",
    remedy: "Make the change smaller, or raise the limit on purpose.",
  },
  "plan/no-common-base": {
    cause: "The two commits to compare share no history.",
    remedy: "In CI, fetch the whole history (`fetch-depth: 0`), or name another `--base`.",
  },
  "plan/no-repository": {
    cause: "The state is not in a git repository, whose history says what was promoted when.",
    remedy: "Run `git init` and commit the state first.",
  },
  "plan/unreadable-base": {
    cause: "The commit to compare with cannot be read as state.",
    remedy: "Run `fairlead validate` on it, or name a sound commit with `--base`.",
  },
} as const satisfies ErrorTable;
export type PlanErrorCode = keyof typeof PLAN_ERRORS;

export class PlanError extends DomainError<PlanErrorCode> {}
