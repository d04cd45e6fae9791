import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const FOLDER_ERRORS = {
  "folder/in-use": {
    cause: "another controller, or a command that publishes, is at work on the state folder",
    remedy: "stop that one, give each controller a folder of its own, or wait for it with `serve --standby`",
  },
  "folder/lock-unusable": {
    cause: "the lock of the state folder cannot be taken, and nobody else holds it",
    remedy: "the message says why; on a network file system, mount it with locks",
  },
  "folder/nothing-to-back-up": {
    cause:
      "the folder that `fairlead backup` was given is no controller's state folder, or its controller never ran",
    remedy: "name the folder that `fairlead serve --state-dir` has",
  },
} as const satisfies ErrorTable;
export type StateFolderErrorCode = keyof typeof FOLDER_ERRORS;

/** The controller's state folder could not be made one's own. */
export class StateFolderError extends DomainError<StateFolderErrorCode> {}
