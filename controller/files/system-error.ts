import { dirname } from "node:path";
import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

/** What the operating system refused: its many error numbers (errno), sorted by what a person can do about them. */
export const SYSTEM_ERRORS = {
  "system/disk-full": {
    cause: "the disk, or the quota on it, is full where something was to be written",
    remedy: "free space there; a controller tries again by itself",
    retry: "waiting",
  },
  "system/failed": {
    cause: "the operating system refused a read or a write; the message names its own code (errno)",
    remedy: "look at the disk, the mounts and the system's log",
    retry: "waiting",
  },
  "system/in-the-way": {
    cause: "a folder stands where a file belongs, or a file where a folder does",
    remedy: "move away what the message names",
    retry: "waiting",
  },
  "system/not-found": {
    cause: "a file or a folder that was named is not there",
    remedy: "check the path; a disk that is not mounted has nothing either",
    retry: "waiting",
  },
  "system/not-permitted": {
    cause: "the user may not read or write a file",
    remedy: "give that user the rights on the file that the message names",
    retry: "waiting",
  },
} as const satisfies ErrorTable<{ readonly retry: "waiting" }>;
export type SystemErrorCode = keyof typeof SYSTEM_ERRORS;

/** What was being done, as the message has it: "`/path` cannot be written". */
export type FileVerb = "read" | "written" | "made" | "locked" | "moved away";

/** The operating system refused something. It may heal by itself: space is freed, a mount comes back. */
export class SystemError extends DomainError<SystemErrorCode> {
  readonly retry = "waiting";
}

/** The system's own code of an error, such as `ENOSPC`; `undefined` for an error that is not the system's. */
export function errnoOf(error: unknown): string | undefined {
  const isSystems = error instanceof Error && "syscall" in error && "code" in error;
  return isSystems && typeof error.code === "string" ? error.code : undefined;
}

/**
 * Says what was refused at a path, and what to do: node's own message of a failed write names no path.
 *
 * @returns the error itself where it is not the system's
 */
export function explainFileError(error: unknown, path: string, verb: FileVerb): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  const { code, why, help } = sort(errno, path);
  return new SystemError(code, `\`${path}\` cannot be ${verb}: ${why} (${errno})`, { help, cause: error });
}

/** A program that writes there for us, such as git, said that the disk is full. */
export function diskFull(path: string): SystemError {
  const { code, why, help } = sort("ENOSPC", path);
  return new SystemError(code, `\`${path}\` cannot be written: ${why}`, { help });
}

/** Runs one step on a path, so that what the system refuses there is told with it. @throws SystemError */
export function onFile<T>(path: string, verb: FileVerb, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw explainFileError(error, path, verb);
  }
}

/** The same for an error of the system that comes from anywhere; `undefined` for one that is not the system's. */
export function toSystemError(error: unknown): SystemError | undefined {
  const errno = errnoOf(error);
  if (errno === undefined || !(error instanceof Error)) return undefined;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  const { code, help } = sort(errno, path);
  return new SystemError(code, error.message, { help, cause: error });
}

function sort(
  errno: string,
  path: string | undefined,
): { readonly code: SystemErrorCode; readonly why: string; readonly help: string } {
  const place = path === undefined ? "" : ` on \`${path}\``;
  switch (errno) {
    case "ENOSPC":
    case "EDQUOT": {
      const folder = path === undefined ? "" : `: \`df -h ${dirname(path)}\` shows the disk`;
      return { code: "system/disk-full", why: "no space is left", help: `free space there${folder}` };
    }
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return {
        code: "system/not-permitted",
        why: errno === "EROFS" ? "the file system is read-only" : "this user may not",
        help: `give the user that runs fairlead the rights${place}`,
      };
    case "ENOENT":
      return {
        code: "system/not-found",
        why: "it is not there",
        help: "check the path, and whether its disk is mounted",
      };
    case "EISDIR":
    case "ENOTDIR":
    case "EEXIST":
    case "ENOTEMPTY":
    case "ELOOP":
      return {
        code: "system/in-the-way",
        why: errno === "EISDIR" ? "a folder stands in its place" : "something else stands in its place",
        help: "move away what stands there",
      };
    default:
      return {
        code: "system/failed",
        why: "the system refused it",
        help: "look at the disk, the mounts and the system's log",
      };
  }
}
