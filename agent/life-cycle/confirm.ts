import type { ConfirmSettings } from "../config/agent-config.ts";
import type { Format } from "../formats/format.ts";
import type { Build } from "../installation/build.ts";
import { InstallError } from "../installation/install-error.ts";
import { logTail } from "../installation/log-tail.ts";
import { fillCommand } from "../process/command-line.ts";
import { describeEnd, type RunResult, runBounded } from "../process/run-bounded.ts";

const MAX_OUTPUT_BYTES = 64 * 1024;

/** Seconds to wait before an attempt: 0, 1, 2, 4, 8, 8, ... A service needs a moment to come up. */
export function waitBeforeAttempt(attempt: number): number {
  return attempt === 0 ? 0 : Math.min(8, 2 ** (attempt - 1));
}

/**
 * Runs the restart command to its end.
 *
 * @throws InstallError `install/restart-failed`, `install/aborted`
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
  if (result.kind === "aborted") throw new InstallError("install/aborted", "stopped during the restart");
  throw new InstallError("install/restart-failed", `the restart command did not succeed for ${version}`, {
    expected: `exit code 0 within ${seconds} s`,
    got: describe(result),
    help: "run the restart command by hand and read the service's log",
    log: printed(result),
  });
}

/**
 * One attempt to confirm.
 *
 * @throws InstallError `install/confirm-failed`, `install/aborted`, or what the format's own proof throws
 */
export async function confirmOnce(
  settings: ConfirmSettings,
  format: Format,
  path: string,
  build: Build,
  seconds: number,
  signal?: AbortSignal,
): Promise<void> {
  if (settings.check === undefined) {
    await format.prove(build, "installed", { seconds, signal });
    return;
  }
  const result = await runBounded({
    argv: fillCommand(settings.check, path, build.version),
    seconds,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    leftovers: "kill",
    signal,
  });
  if (result.kind === "exited" && result.code === 0) return;
  if (result.kind === "aborted") throw new InstallError("install/aborted", "stopped while confirming");
  throw new InstallError("install/confirm-failed", `the check command does not confirm ${build.version}`, {
    expected: "exit code 0",
    got: describe(result),
    help: "run the check command by hand and read the service's log",
    log: printed(result),
  });
}

function printed(result: RunResult): string | undefined {
  return "stdout" in result ? logTail(result.stdout, result.stderr) : undefined;
}

function describe(result: RunResult): string {
  switch (result.kind) {
    case "exited":
      return describeEnd(result);
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
