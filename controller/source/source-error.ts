import { DomainError } from "../../protocol/domain-error.ts";

export type SourceErrorCode =
  | "git-missing"
  | "bad-source"
  | "repository-unreachable"
  | "ref-not-found"
  | "commit-not-found"
  | "path-not-found"
  | "timeout"
  | "corrupt-repository"
  | "limit-exceeded"
  | "closed";

/** `stalled`: a person must act first. `waiting`: the same call may succeed later by itself. */
export type RetryKind = "stalled" | "waiting";

/** The state repository could not be read. The code decides the retry. */
export class SourceError extends DomainError<SourceErrorCode> {
  get retry(): RetryKind {
    return retryOf(this.code);
  }
}

function retryOf(code: SourceErrorCode): RetryKind {
  switch (code) {
    case "repository-unreachable":
    case "timeout":
    case "ref-not-found":
    case "path-not-found":
    case "commit-not-found":
      return "waiting";
    case "git-missing":
    case "bad-source":
    case "corrupt-repository":
    case "limit-exceeded":
    case "closed":
      return "stalled";
  }
}
