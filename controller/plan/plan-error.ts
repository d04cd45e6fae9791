import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const PLAN_ERRORS = {
  "plan/expectation": {
    cause: "with the change, something is decided that the state expects not to be (`expectations/`)",
    remedy: "change what decides it, or the expectation, and say why in the commit",
  },
  "plan/invalid-state": {
    cause: "the state has errors, so nothing can be said of what it does",
    remedy: "mend what `fairlead validate` says",
  },
  "plan/limit": {
    cause: "the change does more to the fleet than `--fail-on` or `--max-blast` allow",
    remedy: "make the change smaller, or raise the limit on purpose",
  },
  "plan/no-common-base": {
    cause: "the two commits to compare share no history",
    remedy: "in CI, fetch the whole history (`fetch-depth: 0`), or name another `--base`",
  },
  "plan/no-repository": {
    cause: "the state is not in a git repository, whose history says what was promoted when",
    remedy: "run `git init` and commit the state first",
  },
  "plan/unreadable-base": {
    cause: "the commit to compare with cannot be read as state",
    remedy: "run `fairlead validate` on it, or name a sound commit with `--base`",
  },
} as const satisfies ErrorTable;
export type PlanErrorCode = keyof typeof PLAN_ERRORS;

export class PlanError extends DomainError<PlanErrorCode> {}
