import { DomainError } from "../../protocol/domain-error.ts";

export type ScaffoldErrorCode = "bad-name" | "folder-in-use" | "git-failed" | "no-identity" | "write-failed";

/** A new state repository could not be made; nothing of it is left behind. */
export class ScaffoldError extends DomainError<ScaffoldErrorCode> {}
