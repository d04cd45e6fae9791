import { DomainError } from "../protocol/domain-error.ts";

/**
 * Why an installation did not come about. The cause is typed because it decides two things: whether it speaks
 * against the build (only then is it blocked on this device, and only then does a report count at the gate),
 * and what a person should do.
 */
export const INSTALL_CAUSES = [
  "aborted",
  "bad-staging",
  "confirm-failed",
  "disk-full",
  "download-stalled",
  "io-error",
  "lock-held",
  "lock-unavailable",
  "network",
  "no-previous",
  "noexec",
  "not-writable",
  "previous-damaged",
  "restart-failed",
  "self-test-failed",
  "self-test-timeout",
  "tampered",
  "wrong-arch",
  "wrong-version",
] as const;
export type InstallCause = (typeof INSTALL_CAUSES)[number];

const AGAINST_THE_BUILD: ReadonlySet<InstallCause> = new Set<InstallCause>([
  "confirm-failed",
  "self-test-failed",
  "self-test-timeout",
  "wrong-arch",
  "wrong-version",
]);

/** Whether the cause is evidence against the build. A full disk or a lost connection never is. */
export function speaksAgainstBuild(cause: InstallCause): boolean {
  return AGAINST_THE_BUILD.has(cause);
}

export interface InstallErrorOptions {
  readonly expected?: string;
  readonly got?: string;
  readonly help?: string;
  readonly cause?: unknown;
}

/** Thrown by everything that downloads, stages, tests, swaps or restores. */
export class InstallError extends DomainError<InstallCause> {
  readonly expected: string | undefined;
  readonly got: string | undefined;

  constructor(code: InstallCause, message: string, options: InstallErrorOptions = {}) {
    super(code, message, {
      ...(options.help === undefined ? {} : { help: options.help }),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.expected = options.expected;
    this.got = options.got;
  }
}

/** Turns an error of the file system into a typed one that says what to do. */
export function fromFileError(error: unknown, doing: string, path: string): InstallError {
  if (error instanceof InstallError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  const message = `cannot ${doing} \`${path}\` (${code})`;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new InstallError("disk-full", message, {
        help: "free space on the file system of the installed file; the agent tries again at its next check",
        cause: error,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new InstallError("not-writable", message, {
        help: "let the agent's user write to the folder of the installed file (under systemd: ReadWritePaths=)",
        cause: error,
      });
    case "ELOOP":
    case "EEXIST":
    case "ENOTDIR":
      return new InstallError("bad-staging", message, {
        help: "something else put a file or a link into the agent's staging folder: look at it, then remove it",
        cause: error,
      });
    default:
      return new InstallError("io-error", message, {
        help: "look at the disk and the kernel log; the agent tries again at its next check",
        cause: error,
      });
  }
}
