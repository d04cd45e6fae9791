import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";
import { errnoOf } from "../files/errno.ts";

/**
 * What a failure is evidence against. `the build`: it failed here, so it is blocked on this device and its report counts
 * at the gate. `the setup of this machine`: any build would fail so until a person has done something. `the moment`: a
 * full disk, a lock, a lost connection; the same build may go well when that is over.
 */
export type SpeaksAgainst = "the build" | "the setup of this machine" | "the moment";

/** Every reason why an installation did not come about, and what a person should do. */
export const INSTALL_ERRORS = {
  "install/aborted": {
    cause: "the agent was stopped while an installation was under way",
    remedy: "nothing: the next start goes on or puts the previous version back",
    speaksAgainst: "the moment",
  },
  "install/bad-archive": {
    cause: "an archive holds what no machine should unpack, or not the program that it is for",
    remedy: "yank the version, pack it again as docs/archives.md says, and release it under a new number",
    speaksAgainst: "the build",
  },
  "install/bad-staging": {
    cause: "the staging folder, or a file in it, is not what the agent made",
    remedy: "find out who put it there, then remove it: the agent makes its own anew",
    speaksAgainst: "the moment",
  },
  "install/command-unavailable": {
    cause: "a command of the config that restarts or checks the product cannot be run",
    remedy:
      "run it by hand as the agent's user, correct it in config.yaml, then run `fairlead-agent update`; until then the agent looks seldom",
    speaksAgainst: "the setup of this machine",
  },
  "install/confirm-failed": {
    cause: "the new version did not show in its time that it works, as `confirm` or `health` asks",
    remedy: "ask what the config asks by hand and read the service's log; the previous version is back",
    speaksAgainst: "the build",
  },
  "install/crashed": {
    cause: "the new version ended, or was started again and again, before it was confirmed",
    remedy:
      "read the service's log and look at the file under broken/ in the staging folder; the previous version is back",
    speaksAgainst: "the build",
  },
  "install/disk-full": {
    cause: "the file system of the installed file takes no more bytes",
    remedy: "free space there; the agent tries again at its next check",
    speaksAgainst: "the moment",
  },
  "install/download-stalled": {
    cause: "the bytes of an artifact stopped coming, or came too slowly",
    remedy:
      "nothing: the agent goes on from there at its next check; if it stays, look at the network or use a mirror",
    speaksAgainst: "the moment",
  },
  "install/helper-refused": {
    cause: "the privileged helper verified what it was asked to install, and refused",
    remedy: "see the code that it gave; its log says more. What was installed stays",
    speaksAgainst: "the moment",
  },
  "install/helper-unreachable": {
    cause: "the privileged helper, through which this agent installs, does not answer it",
    remedy:
      "start the helper, and name the agent's user in its config; the agent tries again at its next check",
    speaksAgainst: "the moment",
  },
  "install/installer-failed": {
    cause: "macOS did not install the package, or cannot be asked what is installed",
    remedy: "read /var/log/install.log; the package before was put in once more",
    speaksAgainst: "the moment",
  },
  "install/io-error": {
    cause: "the file system refused a step for a reason that is neither space nor rights",
    remedy: "look at the disk and the kernel log; the agent tries again at its next check",
    speaksAgainst: "the moment",
  },
  "install/lock-held": {
    cause: "another updater is at work on the same installation",
    remedy: "wait until it is done; nothing was changed",
    speaksAgainst: "the moment",
  },
  "install/lock-unavailable": {
    cause: "the program `flock`, by which updaters exclude each other, cannot be run",
    remedy: "install util-linux, or BusyBox's flock",
    speaksAgainst: "the moment",
  },
  "install/network": {
    cause: "the bytes of an artifact did not come, or not all of them",
    remedy: "nothing: the agent tries again at its next check; if it stays, ask whoever runs the server",
    speaksAgainst: "the moment",
  },
  "install/new-dependency": {
    cause: "the package needs others that are not installed, and nothing comes along by itself",
    remedy:
      "look at what it needs, install that by hand, then run `fairlead-agent update`; until then the agent looks seldom",
    speaksAgainst: "the setup of this machine",
  },
  "install/no-previous": {
    cause: "there is no kept version to roll back to, or it was kept for too long",
    remedy: "ask for an older version with a pin in the state repository",
    speaksAgainst: "the moment",
  },
  "install/no-way-back": {
    cause: "the file of the installed package is nowhere to be had, so that nothing could be put back",
    remedy:
      "put the installed version's file into the package manager's cache or its repository, or set package_without_way_back",
    speaksAgainst: "the setup of this machine",
  },
  "install/noexec": {
    cause: "the new version may not be started from its folder",
    remedy: "mount the file system of the installed file without noexec, or allow it in the security module",
    speaksAgainst: "the moment",
  },
  "install/not-writable": {
    cause: "the agent's user may not write where the product is installed",
    remedy: "let it write to the folder of the installed file (under systemd: ReadWritePaths=)",
    speaksAgainst: "the moment",
  },
  "install/package-conflict": {
    cause: "the package stands against others that are installed, or has files of theirs",
    remedy: "take the other package away or ask its vendor, then run `fairlead-agent update`",
    speaksAgainst: "the setup of this machine",
  },
  "install/package-held": {
    cause: "this machine's administrator holds the package, or pins or excludes the version",
    remedy:
      "nothing, where that is meant; otherwise take the hold away (`apt-mark unhold`, `dnf versionlock delete`)",
    speaksAgainst: "the setup of this machine",
  },
  "install/package-manager-failed": {
    cause: "a tool of the machine's package manager failed for a reason that the agent does not know",
    remedy: "run the command by hand and read what it says; the agent tries again at its next check",
    speaksAgainst: "the moment",
  },
  "install/package-not-found": {
    cause: "the package's repository does not have the version, or does not have it yet",
    remedy: "publish the package before its version is promoted; the agent tries again at its next check",
    speaksAgainst: "the moment",
  },
  "install/package-script-failed": {
    cause: "a script of the package failed while it was installed",
    remedy: "read what the script said in the report; yank the version if it is bad everywhere",
    speaksAgainst: "the build",
  },
  "install/packages-locked": {
    cause: "another program is at work with the machine's package manager",
    remedy:
      "nothing: the agent tries again at its next check; if it stays, find the program that holds the lock",
    speaksAgainst: "the moment",
  },
  "install/postponed": {
    cause: "the program that embeds the agent, or a person that it asked, wants the swap later",
    remedy: "nothing: it is asked again, and after its deadline the version is installed",
    speaksAgainst: "the moment",
  },
  "install/previous-damaged": {
    cause: "the kept copy of the previous version is not what was installed",
    remedy:
      "what is installed stays; promote a newer version, or install a signed one by hand: the agent goes on from there",
    speaksAgainst: "the moment",
  },
  "install/replaced": {
    cause: "somebody else put another build in the place of what the agent was installing",
    remedy: "let one program manage this product; the agent decides anew at its next check",
    speaksAgainst: "the moment",
  },
  "install/repository-missing": {
    cause: "this machine does not know the repository that the package comes from",
    remedy:
      "set the repository up as its vendor says, or name it as this machine does with package_repository",
    speaksAgainst: "the setup of this machine",
  },
  "install/repository-untrusted": {
    cause: "the package manager does not believe what the repository signed, or it signed nothing",
    remedy: "put the vendor's current key where the package manager looks for it; renew what has expired",
    speaksAgainst: "the setup of this machine",
  },
  "install/restart-failed": {
    cause: "what was started as the new version did not come up, or the restart command says so",
    remedy: "run the restart command by hand and read the service's log; the previous version is back",
    speaksAgainst: "the build",
  },
  "install/rollback-refused": {
    cause: "an operator asked this device to roll back, and the signed manifest does not allow that",
    remedy: "declare a rollback in the channel, or promote a newer version",
    speaksAgainst: "the moment",
  },
  "install/self-test-failed": {
    cause: "the new version does not run on this machine",
    remedy: "look at the file under broken/ in the staging folder; yank the version if it is bad everywhere",
    speaksAgainst: "the build",
  },
  "install/self-test-timeout": {
    cause: "the self-test of the new version did not end in its time",
    remedy: "look at the file under broken/ in the staging folder, or raise self_test_timeout",
    speaksAgainst: "the build",
  },
  "install/service-manager-failed": {
    cause: "the service manager cannot be asked, does not know the service, or did not restart it",
    remedy:
      "restart the service by hand as the agent's user, correct `service` in config.yaml, then run `fairlead-agent update`",
    speaksAgainst: "the setup of this machine",
  },
  "install/tampered": {
    cause: "the bytes of an artifact are not the signed ones",
    remedy: "except the update server from proxies and virus scanners; compare with another network",
    speaksAgainst: "the moment",
  },
  "install/unconfirmed": {
    cause: "the new version is running and has time left to confirm itself",
    remedy: "wait until its deadline; then it is either confirmed or put back",
    speaksAgainst: "the moment",
  },
  "install/unsupported": {
    cause: "products of this format cannot be installed on this machine as it is set up",
    remedy:
      "follow the message: complete config.yaml, or release the product in another format for this platform",
    speaksAgainst: "the moment",
  },
  "install/wrong-arch": {
    cause: "the release has no artifact, or the wrong one, for this machine",
    remedy: "yank the version, build it again for this platform, and add it with `fairlead release add`",
    speaksAgainst: "the build",
  },
  "install/wrong-package": {
    cause: "the release names another package than this machine's config",
    remedy: "correct `package` in config.yaml, or the name in the version file and sign it again",
    speaksAgainst: "the setup of this machine",
  },
  "install/wrong-version": {
    cause: "the new version calls itself by another number than it was released under",
    remedy: "yank the version and release it under the number that it prints",
    speaksAgainst: "the build",
  },
} as const satisfies ErrorTable<{ readonly speaksAgainst: SpeaksAgainst }>;
export type InstallErrorCode = keyof typeof INSTALL_ERRORS;

/** An error that no code of an installation names, such as a home that cannot be written, says nothing of the build. */
export function speaksAgainst(code: string): SpeaksAgainst {
  return isInstallCode(code) ? INSTALL_ERRORS[code].speaksAgainst : "the moment";
}

export function isInstallCode(code: string): code is InstallErrorCode {
  return Object.hasOwn(INSTALL_ERRORS, code);
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
