import { DomainError } from "../protocol/domain-error.ts";

/**
 * Every reason why an installation did not come about. The code decides two things: whether it speaks against the
 * build (only then is it blocked on this device, and only then does a report count at the gate), and what a person
 * should do.
 */
export const INSTALL_ERRORS = {
  "install/aborted": {
    cause: "The agent was stopped while an installation was under way.",
    remedy: "Nothing: the next start goes on or puts the previous version back.",
  },
  "install/bad-staging": {
    cause: "The staging folder, or a file in it, is not what the agent made.",
    remedy: "Find out who put it there, then remove it: the agent makes its own anew.",
  },
  "install/confirm-failed": {
    cause: "The check command did not confirm the new version in its time.",
    remedy: "Run the check command by hand and read the service's log; the previous version is back.",
  },
  "install/disk-full": {
    cause: "The file system of the installed file takes no more bytes.",
    remedy: "Free space there; the agent tries again at its next check.",
  },
  "install/download-stalled": {
    cause: "The bytes of an artifact stopped coming, or came too slowly.",
    remedy:
      "Nothing: the agent goes on from there at its next check; if it stays, look at the network or use a mirror.",
  },
  "install/io-error": {
    cause: "The file system refused a step for a reason that is neither space nor rights.",
    remedy: "Look at the disk and the kernel log; the agent tries again at its next check.",
  },
  "install/lock-held": {
    cause: "Another updater is at work on the same installation.",
    remedy: "Wait until it is done; nothing was changed.",
  },
  "install/lock-unavailable": {
    cause: "The program `flock`, by which updaters exclude each other, cannot be run.",
    remedy: "Install util-linux, or BusyBox's flock.",
  },
  "install/network": {
    cause: "The bytes of an artifact did not come, or not all of them.",
    remedy: "Nothing: the agent tries again at its next check; if it stays, ask whoever runs the server.",
  },
  "install/no-previous": {
    cause: "There is no kept version to roll back to, or it was kept for too long.",
    remedy: "Ask for an older version with a pin in the state repository.",
  },
  "install/noexec": {
    cause: "The new version may not be started from its folder.",
    remedy: "Mount the file system of the installed file without noexec, or allow it in the security module.",
  },
  "install/not-writable": {
    cause: "The agent's user may not write where the product is installed.",
    remedy: "Let it write to the folder of the installed file (under systemd: ReadWritePaths=).",
  },
  "install/previous-damaged": {
    cause: "The kept copy of the previous version is not what was installed.",
    remedy: "The installed version stays as it is; install a known good one by hand.",
  },
  "install/restart-failed": {
    cause: "The restart command did not succeed.",
    remedy: "Run the restart command by hand and read the service's log.",
  },
  "install/self-test-failed": {
    cause: "The new version does not run on this machine.",
    remedy: "Look at the file under broken/ in the staging folder; yank the version if it is bad everywhere.",
  },
  "install/self-test-timeout": {
    cause: "The self-test of the new version did not end in its time.",
    remedy: "Look at the file under broken/ in the staging folder, or raise self_test_timeout.",
  },
  "install/tampered": {
    cause: "The bytes of an artifact are not the signed ones.",
    remedy: "Except the update server from proxies and virus scanners; compare with another network.",
  },
  "install/wrong-arch": {
    cause: "The release has no artifact, or the wrong one, for this machine.",
    remedy: "Yank the version, build it again for this platform, and add it with `fairlead release add`.",
  },
  "install/wrong-version": {
    cause: "The new version calls itself by another number than it was released under.",
    remedy: "Yank the version and release it under the number that it prints.",
  },
} as const;
export type InstallErrorCode = keyof typeof INSTALL_ERRORS;

const AGAINST_THE_BUILD: ReadonlySet<InstallErrorCode> = new Set<InstallErrorCode>([
  "install/confirm-failed",
  "install/self-test-failed",
  "install/self-test-timeout",
  "install/wrong-arch",
  "install/wrong-version",
]);

/** Whether the code is evidence against the build. A full disk or a lost connection never is. */
export function speaksAgainstBuild(code: InstallErrorCode): boolean {
  return AGAINST_THE_BUILD.has(code);
}

export interface InstallErrorOptions {
  readonly expected?: string;
  readonly got?: string;
  readonly help?: string;
  readonly cause?: unknown;
}

/** Thrown by everything that downloads, stages, tests, swaps or restores. */
export class InstallError extends DomainError<InstallErrorCode> {
  readonly expected: string | undefined;
  readonly got: string | undefined;

  constructor(code: InstallErrorCode, message: string, options: InstallErrorOptions = {}) {
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
      return new InstallError("install/disk-full", message, {
        help: "free space on the file system of the installed file; the agent tries again at its next check",
        cause: error,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new InstallError("install/not-writable", message, {
        help: "let the agent's user write to the folder of the installed file (under systemd: ReadWritePaths=)",
        cause: error,
      });
    case "ELOOP":
    case "EEXIST":
    case "ENOTDIR":
      return new InstallError("install/bad-staging", message, {
        help: "something else put a file or a link into the agent's staging folder: look at it, then remove it",
        cause: error,
      });
    default:
      return new InstallError("install/io-error", message, {
        help: "look at the disk and the kernel log; the agent tries again at its next check",
        cause: error,
      });
  }
}
