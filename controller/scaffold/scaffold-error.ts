import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const SCAFFOLD_ERRORS = {
  "scaffold/bad-name": {
    cause: "the name cannot be that of a product",
    remedy: "use lower-case letters, digits and dashes, a letter first",
  },
  "scaffold/folder-in-use": {
    cause: "the folder for the new repository is not empty, or is a file",
    remedy: "name a folder that does not exist yet",
  },
  "scaffold/git-failed": {
    cause: "git refused the first commit; the message says what it printed",
    remedy: "mend what git names, or use `--no-git`",
  },
  "scaffold/no-identity": {
    cause: "git does not know who you are, whom the first commit names",
    remedy:
      "tell it: `git config --global user.name` and `git config --global user.email`; or use `--no-git`",
  },
  "scaffold/write-failed": {
    cause: "the files of the new repository could not be written",
    remedy: "check the disk and the rights on the folder above",
  },
} as const satisfies ErrorTable;
export type ScaffoldErrorCode = keyof typeof SCAFFOLD_ERRORS;

/** A new state repository could not be made; nothing of it is left behind. */
export class ScaffoldError extends DomainError<ScaffoldErrorCode> {}
