import { type ExecutableKind, inspectExecutable } from "../files/inspect-executable.ts";
import { fromFileError, InstallError } from "../installation/install-error.ts";
import { logTail } from "../installation/log-tail.ts";
import { fillCommand } from "./command-line.ts";
import { describeEnd, type RunResult, runBounded } from "./run-bounded.ts";

const MAX_OUTPUT_BYTES = 64 * 1024;

/** How a build shows that it runs and what it is. `{path}` and `{version}` in the command are filled in. */
export interface SelfTest {
  readonly command: readonly string[];
  readonly seconds: number;
}

/**
 * Runs a binary and requires that it says its version. The kernel's refusal of a foreign binary is foreseen from its
 * header: the C library would hand such a file to a shell.
 *
 * @throws InstallError `install/wrong-arch`, `install/noexec`, `install/self-test-failed`,
 *   `install/self-test-timeout`, `install/wrong-version`, `install/aborted`
 */
export async function selfTest(
  test: SelfTest,
  path: string,
  version: string,
  signal?: AbortSignal,
): Promise<void> {
  if (process.platform === "linux") requireRunnable(path, version);
  const result = await runBounded({
    argv: fillCommand(test.command, path, version),
    seconds: test.seconds,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    leftovers: "kill",
    signal,
  });
  requireVersionPrinted(result, test, version);
}

/** What an installed binary calls itself: the first word of its output that looks like a version. */
export async function askForVersion(test: SelfTest, path: string): Promise<string | undefined> {
  const result = await runBounded({
    argv: fillCommand(test.command, path, ""),
    seconds: test.seconds,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    leftovers: "kill",
  });
  if (result.kind !== "exited" || result.code !== 0) return undefined;
  return /(?<![0-9A-Za-z.+-])v?(\d+(?:\.\d+)+(?:-[0-9A-Za-z.-]+)?)/.exec(result.stdout)?.[1];
}

function requireRunnable(path: string, version: string): void {
  const found = inspect(path);
  if (found.kind === "script" || (found.kind === "elf" && found.machine === process.arch)) return;
  throw new InstallError("install/wrong-arch", `${version} is not an executable of this machine`, {
    expected: `an ELF file for ${process.arch}, or a script`,
    got: found.kind === "elf" ? `an ELF file for ${found.machine}` : "no known executable format",
    help: "the release has the wrong file for this platform: yank it and build it again",
  });
}

function inspect(path: string): ExecutableKind {
  try {
    return inspectExecutable(path);
  } catch (error) {
    throw fromFileError(error, "read", path);
  }
}

function requireVersionPrinted(result: RunResult, test: SelfTest, version: string): void {
  const help =
    "the version stays blocked on this device for a while; the file is kept under broken/ to look at";
  switch (result.kind) {
    case "exited": {
      if (result.code !== 0) {
        throw new InstallError("install/self-test-failed", `the self-test of ${version} failed`, {
          expected: "exit code 0",
          got: `${describeEnd(result)}${lastLine(result.stderr)}`,
          help,
          log: logTail(result.stdout, result.stderr),
        });
      }
      if (!printsVersion(result.stdout, version)) {
        throw new InstallError(
          "install/wrong-version",
          `the self-test of ${version} did not print its version`,
          {
            expected: version,
            got: firstLine(result.stdout),
            help,
            log: logTail(result.stderr, result.stdout),
          },
        );
      }
      return;
    }
    case "timeout":
      throw new InstallError("install/self-test-timeout", `the self-test of ${version} did not end`, {
        expected: `an end within ${test.seconds} s`,
        got: "still running; its process group was killed",
        help,
        log: logTail(result.stdout, result.stderr),
      });
    case "too-much-output":
      throw new InstallError("install/self-test-failed", `the self-test of ${version} wrote without end`, {
        expected: `at most ${MAX_OUTPUT_BYTES} bytes`,
        got: "more",
        help,
        log: logTail(result.stdout, result.stderr),
      });
    case "aborted":
      throw new InstallError("install/aborted", "stopped during the self-test");
    case "cannot-start":
      throw cannotStart(result.errno, version, help);
  }
}

function cannotStart(errno: string, version: string, help: string): InstallError {
  switch (errno) {
    case "EACCES":
    case "EPERM":
      return new InstallError("install/noexec", `${version} may not be started from its folder (${errno})`, {
        help: "the file system of the installed file is mounted noexec, or a security module forbids it",
      });
    case "ENOEXEC":
      return new InstallError(
        "install/wrong-arch",
        `${version} is not an executable of this machine (${errno})`,
        {
          help,
        },
      );
    case "EAGAIN":
    case "ENOMEM":
    case "EMFILE":
    case "ENFILE":
    case "ETXTBSY":
      return new InstallError(
        "install/io-error",
        `the self-test of ${version} could not be started (${errno})`,
        {
          help: "this machine was short of something; the agent tries again at its next check",
        },
      );
    default:
      return new InstallError("install/self-test-failed", `${version} cannot be started (${errno})`, {
        help,
      });
  }
}

/** Whether `version` stands in the output as a word of its own; a leading `v` is allowed. */
export function printsVersion(output: string, version: string): boolean {
  const word = version.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![0-9A-Za-z.+-])v?${word}(?![0-9A-Za-z+-]|\\.[0-9A-Za-z])`).test(output);
}

/** Output of a stranger: one line, bounded, nothing that could steer a terminal. */
function printable(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
}

function firstLine(output: string): string {
  const line = printable(output.split("\n", 1)[0] ?? "");
  return line === "" ? "nothing" : `\`${line}\``;
}

function lastLine(output: string): string {
  const line = printable(output.trimEnd().split("\n").at(-1) ?? "");
  return line === "" ? "" : `: \`${line}\``;
}
