import { setTimeout as sleep } from "node:timers/promises";
import type { ConfirmSettings } from "../config/agent-config.ts";
import type { Format } from "../formats/format.ts";
import type { Build } from "../installation/build.ts";
import { InstallError } from "../installation/install-error.ts";
import { logTail } from "../installation/log-tail.ts";
import { commandFailure } from "../process/command-failure.ts";
import { fillCommand } from "../process/command-line.ts";
import { describeEnd, type RunResult, runBounded } from "../process/run-bounded.ts";

const MAX_OUTPUT_BYTES = 64 * 1024;

/** Seconds to wait before an attempt: 0, 1, 2, 4, 8, 8, ... A service needs a moment to come up. */
export function waitBeforeAttempt(attempt: number): number {
  return attempt === 0 ? 0 : Math.min(8, 2 ** (attempt - 1));
}

/**
 * Waits so long, and not past the deadline.
 *
 * @throws InstallError `install/aborted`
 */
export async function pauseBeforeAttempt(
  attempt: number,
  secondsLeft: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const seconds = Math.min(waitBeforeAttempt(attempt), Math.max(0, secondsLeft));
  try {
    await sleep(seconds * 1000, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw new InstallError("install/aborted", "stopped while confirming");
  }
}

/**
 * Runs the restart command to its end.
 *
 * @throws InstallError `install/restart-failed`, `install/aborted`; as `commandFailure` where it cannot be run
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
  const code = commandFailure(command, result, "install/restart-failed");
  throw new InstallError(code, `the restart command did not succeed for ${version}`, {
    expected: `exit code 0 within ${seconds} s`,
    got: describe(result),
    help: "run the restart command by hand and read the service's log",
    log: printed(result),
  });
}

/** What one attempt to confirm goes by. */
export interface ConfirmAttempt {
  readonly settings: ConfirmSettings;
  readonly format: Format;
  readonly build: Build;
  /** Seconds until the deadline. */
  readonly secondsLeft: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Seconds for which one process of the program has lived. */
  readonly aliveSeconds: () => number;
  /** The program itself asks, which says READY by that. */
  readonly isProgram: boolean;
}

/**
 * One attempt to confirm: it says READY, does its work, answers, and lives on. All that is asked for must hold; the
 * cheapest is asked first, and how long it lives last, since that takes its time.
 *
 * @throws InstallError `install/confirm-failed`, `install/aborted`, or what the format's own proof throws
 */
export async function confirmOnce(attempt: ConfirmAttempt): Promise<void> {
  const { settings, build, secondsLeft, signal, aliveSeconds, isProgram } = attempt;
  const { readyFile, http, alive } = settings.health ?? {};
  if (readyFile !== undefined && !isProgram) {
    const { isReady, waitFor } = await import("./probe-health.ts");
    const words = { expected: `the file \`${readyFile}\`, made by the program`, got: () => "none" };
    await waitFor(() => isReady(readyFile), words, build.version, secondsLeft, signal);
  }
  await proveInstalled(attempt, Math.max(1, secondsLeft()));
  if (http !== undefined) {
    const { probeHttp } = await import("./probe-health.ts");
    await probeHttp(http, build.version, Math.max(1, secondsLeft()), signal);
  }
  if (alive !== undefined) {
    const { waitFor } = await import("./probe-health.ts");
    const got = () => `one that has lived for ${Math.floor(aliveSeconds())} s`;
    const words = { expected: `a process that lives for ${alive} s`, got };
    await waitFor(() => aliveSeconds() >= alive, words, build.version, secondsLeft, signal);
  }
}

/**
 * @throws InstallError `install/confirm-failed`, `install/aborted`, or what the format's own proof throws; as
 *   `commandFailure` where the check cannot be run
 */
async function proveInstalled(
  { settings, format, build, signal }: ConfirmAttempt,
  seconds: number,
): Promise<void> {
  if (settings.check === undefined) {
    await format.prove(build, "installed", { seconds, signal });
    return;
  }
  const result = await runBounded({
    argv: fillCommand(settings.check, format.program, build.version),
    seconds,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    leftovers: "kill",
    signal,
  });
  if (result.kind === "exited" && result.code === 0) return;
  if (result.kind === "aborted") throw new InstallError("install/aborted", "stopped while confirming");
  const code = commandFailure(settings.check, result, "install/confirm-failed");
  throw new InstallError(code, `the check command does not confirm ${build.version}`, {
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
