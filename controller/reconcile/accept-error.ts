import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const ACCEPT_ERRORS = {
  "accept/bad-commit": {
    cause: "what was to be accepted is not a full commit id",
    remedy: "copy all 40 digits from `fairlead status` or the controller's log",
  },
  "accept/no-state-folder": {
    cause: "the folder is no state folder of a controller: nothing was ever served from it",
    remedy: "name the folder that the controller was started with: `--state-dir DIR`",
  },
  "accept/not-held": {
    cause: "the controller does not hold this commit for a rewritten history, so there is nothing to release",
    remedy:
      "look at what is held with `fairlead status`: a commit is accepted after the controller has seen and held it, and " +
      "no acceptance replaces a signature or mends a mistake",
  },
  "accept/not-owner": {
    cause: "the controller could not read an acceptance that this user writes",
    remedy: "run the command as root, or as the user that owns the state folder",
  },
} as const satisfies ErrorTable;
export type AcceptErrorCode = keyof typeof ACCEPT_ERRORS;

/** A held commit could not be released. */
export class AcceptError extends DomainError<AcceptErrorCode> {}
