import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const ROLE_ERRORS = {
  "role/bad-shape": {
    cause: "a signed file is JSON, but not a TUF 1.0 document of the role that it should be",
    remedy: "restore the file from git, or sign the role again",
  },
  "role/not-signed": {
    cause: "too few of the keys that may sign the role signed it",
    remedy: "sign it with enough of the keys that the role above it names",
  },
  "role/too-large": {
    cause: "a signed file is larger than agents read",
    remedy: "take what is not needed any more out of it and sign it again",
  },
  "role/unreadable": {
    cause: "a signed file is not JSON",
    remedy: "restore the file from git, or sign the role again",
  },
} as const satisfies ErrorTable;
export type RoleErrorCode = keyof typeof ROLE_ERRORS;

/** The bytes of a metadata file are not a role that the given keys signed. */
export class RoleError extends DomainError<RoleErrorCode> {}
