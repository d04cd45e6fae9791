import { fillCommand, type SelfTest, selfTest } from "../formats/binary/self-test.ts";
import { InstallError } from "../install-error.ts";
import { runBounded } from "../process/run-bounded.ts";

const MAX_OUTPUT_BYTES = 64 * 1024;

/** How the installed version is started and proven. */
export interface ConfirmSettings {
  /** Restarts the product; absent: nothing runs that needs it. */
  readonly restart?: readonly string[];
  /** Exit code 0: the new version does its work. Absent: the self-test again, on the installed path. */
  readonly check?: readonly string[];
  /** Seconds from the swap in which it must be confirmed. */
  readonly seconds: number;
  readonly attempts: number;
}

/** Seconds to wait before an attempt: 0, 1, 2, 4, 8, 8, ... A service needs a moment to come up. */
export function waitBeforeAttempt(attempt: number): number {
  return attempt === 0 ? 0 : Math.min(8, 2 ** (attempt - 1));
}

/**
 * Runs the restart command to its end.
 *
 * @throws InstallError `restart-failed`, `aborted`
 */
export async function restart(
  command: readonly string[],
  path: string,
  version: string,
  seconds: number,
  signal?: AbortSignal,
): Promise<void> {
  const result = await runBounded({
    argv: fillCommand(command, path, version),
    seconds,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    leftovers: "leave",
    signal,
  });
  if (result.kind === "exited" && result.code === 0) return;
  if (result.kind === "aborted") throw new InstallError("aborted", "stopped during the restart");
  throw new InstallError("restart-failed", `the restart command did not succeed for ${version}`, {
    expected: `exit code 0 within ${seconds} s`,
    got: describe(result),
    help: "run the restart command by hand and read the service's log",
  });
}

/**
 * One attempt to confirm.
 *
 * @throws InstallError `confirm-failed`, `aborted`, or what the self-test throws
 */
export async function confirmOnce(
  settings: ConfirmSettings,
  test: SelfTest,
  path: string,
  version: string,
  seconds: number,
  signal?: AbortSignal,
): Promise<void> {
  if (settings.check === undefined) {
    await selfTest({ ...test, seconds: Math.min(test.seconds, seconds) }, path, version, signal);
    return;
  }
  const result = await runBounded({
    argv: fillCommand(settings.check, path, version),
    seconds,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    leftovers: "kill",
    signal,
  });
  if (result.kind === "exited" && result.code === 0) return;
  if (result.kind === "aborted") throw new InstallError("aborted", "stopped while confirming");
  throw new InstallError("confirm-failed", `the check command does not confirm ${version}`, {
    expected: "exit code 0",
    got: describe(result),
    help: "run the check command by hand and read the service's log",
  });
}

function describe(result: Awaited<ReturnType<typeof runBounded>>): string {
  switch (result.kind) {
    case "exited":
      return result.signal === null ? `exit code ${result.code}` : `killed by ${result.signal}`;
    case "timeout":
      return "no end in time; its process group was killed";
    case "too-much-output":
      return `more than ${MAX_OUTPUT_BYTES} bytes of output`;
    case "cannot-start":
      return `it cannot be started (${result.errno})`;
    case "aborted":
      return "stopped";
  }
}
