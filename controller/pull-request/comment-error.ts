import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const COMMENT_ERRORS = {
  "comment/bad-answer": {
    cause:
      "what answers at the address of the forge's API is no forge's API, or one that Fairlead does not know",
    remedy: "check GITHUB_API_URL or CI_API_V4_URL, and a proxy in between",
  },
  "comment/no-file": {
    cause: "the file that should become the comment is missing, empty, or longer than any comment",
    remedy: "write it before, with `fairlead plan --format markdown`",
  },
  "comment/no-pull-request": {
    cause:
      "the variables of the environment name no pull or merge request: no pipeline runs this, or one for something else",
    remedy: "run it in a job for a `pull_request` (GitHub) or a `merge_request_event` (GitLab)",
  },
  "comment/refused": {
    cause: "the forge refused the comment, and not because its token may only read; the message is its own",
    remedy: "do what the message says; a token that is not known (401) has to be replaced",
  },
  "comment/unreachable": {
    cause:
      "the forge's API did not answer, was in trouble, or was asked too often, and so after some more tries",
    remedy: "run the job again",
  },
} as const satisfies ErrorTable;
export type CommentErrorCode = keyof typeof COMMENT_ERRORS;

/** The pull request did not get its comment. */
export class CommentError extends DomainError<CommentErrorCode> {}
