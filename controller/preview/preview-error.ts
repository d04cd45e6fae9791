import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const PREVIEW_ERRORS = {
  "preview/base-moved": {
    cause: "the followed branch has a newer commit than the one that the change was looked at on",
    remedy: "look at the change again, on what the branch holds now, and confirm it then",
  },
  "preview/branch-exists": {
    cause: "there is a branch with this change already",
    remedy: "merge it, or delete it and try again",
  },
  "preview/busy": {
    cause: "as many questions about git wait as the controller takes",
    remedy: "try again as the `Retry-After` header says",
  },
  "preview/change-refused": {
    cause: "the change cannot be made, or would make a mistake in the state",
    remedy: "follow the message, which is the same as that of the command",
  },
  "preview/nothing-served": {
    cause: "nothing is served yet, so that there is nothing to compare with",
    remedy: "see `fairlead status` for why",
  },
  "preview/unavailable": {
    cause: "the part that reads git did not answer in time, died, or is being started; what is served stays",
    remedy: "try again; if it stays, the controller's log says why",
  },
  "preview/unknown-branch": {
    cause: "the state repository has no branch of that name",
    remedy: "push it, or check the spelling",
  },
} as const satisfies ErrorTable;
export type PreviewErrorCode = keyof typeof PREVIEW_ERRORS;

/** A question about the commits of the state repository was not answered. */
export class PreviewError extends DomainError<PreviewErrorCode> {}
