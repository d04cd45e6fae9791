import { DomainError } from "../../protocol/domain-error.ts";
import { errnoOf } from "../files/errno.ts";

/** Every reason why the agent's own folder does not serve. None speaks against a build. */
export const HOME_ERRORS = {
  "home/disk-full": {
    cause: "the file system of the agent's home takes no more bytes",
    remedy: "free space there; the agent goes on at its next check",
  },
  "home/io-error": {
    cause: "the file system refused to read or write one of the agent's own files",
    remedy: "look at the disk and the kernel log; the agent tries again at its next check",
  },
  "home/lock-busy": {
    cause: "another process kept the lock on the agent's notes for longer than any change takes",
    remedy: "look at the process that holds it; a suspended one keeps its locks",
  },
  "home/lock-unavailable": {
    cause: "the program `flock`, by which two agents exclude each other, cannot be run",
    remedy: "install util-linux, or BusyBox's flock",
  },
  "home/no-access": {
    cause: "the agent's user may not read or write the agent's own folder",
    remedy:
      "run the agent as the user that enrolled it, and let it write there (under systemd: StateDirectory=)",
  },
  "home/not-a-folder": {
    cause: "the agent's home, or what it would lie in, is no folder",
    remedy: "name the agent's folder with --home or FAIRLEAD_AGENT_HOME, or move away what lies in its place",
  },
} as const;
export type HomeErrorCode = keyof typeof HOME_ERRORS;

/** Thrown where the agent reads or writes its own notes. */
export class HomeError extends DomainError<HomeErrorCode> {}

/**
 * Turns an error of the file system into a typed one that says what to do.
 *
 * @param doing for the message, such as `write`
 */
export function homeError(error: unknown, doing: string, path: string): HomeError {
  if (error instanceof HomeError) return error;
  const errno = errnoOf(error) ?? (error instanceof Error ? error.message : "unknown");
  const code = codeOf(errno);
  return new HomeError(code, `cannot ${doing} \`${path}\` (${errno})`, {
    help: HOME_ERRORS[code].remedy,
    cause: error,
  });
}

function codeOf(errno: string): HomeErrorCode {
  switch (errno) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return "home/disk-full";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "home/no-access";
    case "ENOTDIR":
    case "EEXIST":
    case "ELOOP":
      return "home/not-a-folder";
    default:
      return "home/io-error";
  }
}
