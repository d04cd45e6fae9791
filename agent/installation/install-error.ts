import { DomainError } from "../../protocol/domain-error.ts";
import { errnoOf } from "../files/errno.ts";

/**
 * Every reason why an installation did not come about. The code decides two things: whether it speaks against the
 * build (only then is it blocked on this device, and only then does a report count at the gate), and what a person
 * should do.
 */
export const INSTALL_ERRORS = {
  "install/aborted": {
    cause: "the agent was stopped while an installation was under way",
    remedy: "nothing: the next start goes on or puts the previous version back",
  },
  "install/bad-archive": {
    cause: "an archive holds what no machine should unpack, or not the program that it is for",
    remedy: "yank the version, pack it again as docs/archives.md says, and release it under a new number",
  },
  "install/bad-staging": {
    cause: "the staging folder, or a file in it, is not what the agent made",
    remedy: "find out who put it there, then remove it: the agent makes its own anew",
  },
  "install/confirm-failed": {
    cause: "the new version did not show in its time that it works, as `confirm` or `health` asks",
    remedy: "ask what the config asks by hand and read the service's log; the previous version is back",
  },
  "install/crashed": {
    cause: "the new version ended, or was started again and again, before it was confirmed",
    remedy:
      "read the service's log and look at the file under broken/ in the staging folder; the previous version is back",
  },
  "install/disk-full": {
    cause: "the file system of the installed file takes no more bytes",
    remedy: "free space there; the agent tries again at its next check",
  },
  "install/download-stalled": {
    cause: "the bytes of an artifact stopped coming, or came too slowly",
    remedy:
      "nothing: the agent goes on from there at its next check; if it stays, look at the network or use a mirror",
  },
  "install/helper-refused": {
    cause: "the privileged helper verified what it was asked to install, and refused",
    remedy: "see the code that it gave; its log says more. What was installed stays",
  },
  "install/helper-unreachable": {
    cause: "the privileged helper, through which this agent installs, does not answer it",
    remedy:
      "start the helper, and name the agent's user in its config; the agent tries again at its next check",
  },
  "install/installer-failed": {
    cause: "macOS did not install the package, or cannot be asked what is installed",
    remedy: "read /var/log/install.log; the package before was put in once more",
  },
  "install/io-error": {
    cause: "the file system refused a step for a reason that is neither space nor rights",
    remedy: "look at the disk and the kernel log; the agent tries again at its next check",
  },
  "install/lock-held": {
    cause: "another updater is at work on the same installation",
    remedy: "wait until it is done; nothing was changed",
  },
  "install/lock-unavailable": {
    cause: "the program `flock`, by which updaters exclude each other, cannot be run",
    remedy: "install util-linux, or BusyBox's flock",
  },
  "install/network": {
    cause: "the bytes of an artifact did not come, or not all of them",
    remedy: "nothing: the agent tries again at its next check; if it stays, ask whoever runs the server",
  },
  "install/new-dependency": {
    cause: "the package needs others that are not installed, and nothing comes along by itself",
    remedy:
      "look at what it needs, install that by hand, then run `fairlead-agent update`; until then the agent looks seldom",
  },
  "install/no-previous": {
    cause: "there is no kept version to roll back to, or it was kept for too long",
    remedy: "ask for an older version with a pin in the state repository",
  },
  "install/no-way-back": {
    cause: "the file of the installed package is nowhere to be had, so that nothing could be put back",
    remedy:
      "put the installed version's file into the package manager's cache or its repository, or set package_without_way_back",
  },
  "install/noexec": {
    cause: "the new version may not be started from its folder",
    remedy: "mount the file system of the installed file without noexec, or allow it in the security module",
  },
  "install/not-writable": {
    cause: "the agent's user may not write where the product is installed",
    remedy: "let it write to the folder of the installed file (under systemd: ReadWritePaths=)",
  },
  "install/package-conflict": {
    cause: "the package stands against others that are installed, or has files of theirs",
    remedy: "take the other package away or ask its vendor, then run `fairlead-agent update`",
  },
  "install/package-held": {
    cause: "this machine's administrator holds the package, or pins or excludes the version",
    remedy:
      "nothing, where that is meant; otherwise take the hold away (`apt-mark unhold`, `dnf versionlock delete`)",
  },
  "install/package-manager-failed": {
    cause: "a tool of the machine's package manager failed for a reason that the agent does not know",
    remedy: "run the command by hand and read what it says; the agent tries again at its next check",
  },
  "install/package-not-found": {
    cause: "the package's repository does not have the version, or does not have it yet",
    remedy: "publish the package before its version is promoted; the agent tries again at its next check",
  },
  "install/package-script-failed": {
    cause: "a script of the package failed while it was installed",
    remedy: "read what the script said in the report; yank the version if it is bad everywhere",
  },
  "install/packages-locked": {
    cause: "another program is at work with the machine's package manager",
    remedy:
      "nothing: the agent tries again at its next check; if it stays, find the program that holds the lock",
  },
  "install/postponed": {
    cause: "the program that embeds the agent, or a person that it asked, wants the swap later",
    remedy: "nothing: it is asked again, and after its deadline the version is installed",
  },
  "install/previous-damaged": {
    cause: "the kept copy of the previous version is not what was installed",
    remedy:
      "what is installed stays; promote a newer version, or install a signed one by hand: the agent goes on from there",
  },
  "install/replaced": {
    cause: "somebody else put another build in the place of what the agent was installing",
    remedy: "let one program manage this product; the agent decides anew at its next check",
  },
  "install/repository-missing": {
    cause: "this machine does not know the repository that the package comes from",
    remedy:
      "set the repository up as its vendor says, or name it as this machine does with package_repository",
  },
  "install/repository-untrusted": {
    cause: "the package manager does not believe what the repository signed, or it signed nothing",
    remedy: "put the vendor's current key where the package manager looks for it; renew what has expired",
  },
  "install/restart-failed": {
    cause: "the restart command did not succeed",
    remedy: "run the restart command by hand and read the service's log",
  },
  "install/rollback-refused": {
    cause: "an operator asked this device to roll back, and the signed manifest does not allow that",
    remedy: "declare a rollback in the channel, or promote a newer version",
  },
  "install/self-test-failed": {
    cause: "the new version does not run on this machine",
    remedy: "look at the file under broken/ in the staging folder; yank the version if it is bad everywhere",
  },
  "install/self-test-timeout": {
    cause: "the self-test of the new version did not end in its time",
    remedy: "look at the file under broken/ in the staging folder, or raise self_test_timeout",
  },
  "install/tampered": {
    cause: "the bytes of an artifact are not the signed ones",
    remedy: "except the update server from proxies and virus scanners; compare with another network",
  },
  "install/unconfirmed": {
    cause: "the new version is running and has time left to confirm itself",
    remedy: "wait until its deadline; then it is either confirmed or put back",
  },
  "install/unsupported": {
    cause: "products of this format cannot be installed on this machine as it is set up",
    remedy:
      "follow the message: complete config.yaml, or release the product in another format for this platform",
  },
  "install/wrong-arch": {
    cause: "the release has no artifact, or the wrong one, for this machine",
    remedy: "yank the version, build it again for this platform, and add it with `fairlead release add`",
  },
  "install/wrong-package": {
    cause: "the release names another package than this machine's config",
    remedy: "correct `package` in config.yaml, or the name in the version file and sign it again",
  },
  "install/wrong-version": {
    cause: "the new version calls itself by another number than it was released under",
    remedy: "yank the version and release it under the number that it prints",
  },
} as const;
export type InstallErrorCode = keyof typeof INSTALL_ERRORS;

const AGAINST_THE_BUILD: ReadonlySet<InstallErrorCode> = new Set<InstallErrorCode>([
  "install/bad-archive",
  "install/confirm-failed",
  "install/crashed",
  "install/package-script-failed",
  "install/self-test-failed",
  "install/self-test-timeout",
  "install/wrong-arch",
  "install/wrong-version",
]);

/** Whether the code is evidence against the build. A full disk or a lost connection never is. */
export function speaksAgainstBuild(code: InstallErrorCode): boolean {
  return AGAINST_THE_BUILD.has(code);
}

const FOR_A_PERSON: ReadonlySet<InstallErrorCode> = new Set<InstallErrorCode>([
  "install/new-dependency",
  "install/no-way-back",
  "install/package-conflict",
  "install/package-held",
  "install/repository-missing",
  "install/repository-untrusted",
  "install/wrong-package",
]);

/**
 * Whether the same build would fail in the same way until a person has done something on this machine. It is then left
 * alone for a while like a bad one, and tried at once when that person asks.
 */
export function waitsForPerson(code: InstallErrorCode): boolean {
  return FOR_A_PERSON.has(code);
}

const NOT_TO_BE_RESTORED: ReadonlySet<InstallErrorCode> = new Set<InstallErrorCode>([
  "install/new-dependency",
  "install/package-conflict",
  "install/package-script-failed",
  "install/previous-damaged",
]);

/** Whether a restore that failed so will fail again: what is installed then stays, and the way forward is open. */
export function leavesTheFailedBuild(code: InstallErrorCode): boolean {
  return NOT_TO_BE_RESTORED.has(code);
}

export interface InstallErrorOptions {
  readonly expected?: string;
  readonly got?: string;
  readonly help?: string;
  readonly cause?: unknown;
  readonly retryAfter?: number | undefined;
  /** The tail of what a program printed that failed. */
  readonly log?: string | undefined;
}

/** Thrown by everything that downloads, stages, tests, swaps or restores. */
export class InstallError extends DomainError<InstallErrorCode> {
  readonly expected: string | undefined;
  readonly got: string | undefined;
  /** Seconds that a server asked to wait, where one did. */
  readonly retryAfter: number | undefined;
  /** The tail of what a program printed that failed, as `logTail` bounds it. */
  readonly log: string | undefined;

  constructor(code: InstallErrorCode, message: string, options: InstallErrorOptions = {}) {
    super(code, message, {
      ...(options.help === undefined ? {} : { help: options.help }),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.expected = options.expected;
    this.got = options.got;
    this.retryAfter = options.retryAfter;
    this.log = options.log;
  }
}

/** Turns an error of the file system into a typed one that says what to do. */
export function fromFileError(error: unknown, doing: string, path: string): InstallError {
  if (error instanceof InstallError) return error;
  const code = errnoOf(error) ?? "unknown";
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
