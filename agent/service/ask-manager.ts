import { setTimeout as sleep } from "node:timers/promises";
import { InstallError } from "../installation/install-error.ts";
import { logTail } from "../installation/log-tail.ts";
import { describeEnd, type RunResult, runBounded } from "../process/run-bounded.ts";
import type { ServiceLimits, ServiceState } from "./service-manager.ts";

const MAX_OUTPUT_BYTES = 256 * 1024;

/** A service that is going to end straight after its start does so in this time. */
const SETTLING_SECONDS = 2;
const LOOK_SECONDS = 0.25;

/** Runs the service manager's own program to its end, whatever that is. */
export async function ask(argv: readonly string[], limits: ServiceLimits): Promise<RunResult> {
  const result = await runBounded({
    argv,
    seconds: limits.seconds,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    leftovers: "leave",
    signal: limits.signal,
  });
  if (result.kind === "aborted") throw new InstallError("install/aborted", "stopped during the restart");
  return result;
}

/** The same where anything but success is a refusal. @throws InstallError `install/service-manager-failed` */
export async function tell(argv: readonly string[], limits: ServiceLimits): Promise<string> {
  const result = await ask(argv, limits);
  if (result.kind === "exited" && result.code === 0) return result.stdout;
  const log = "stdout" in result ? logTail(result.stdout, result.stderr) : undefined;
  throw refused(`\`${argv.join(" ")}\` did not succeed`, describe(result), log);
}

/**
 * Tells the manager to start what is installed. Where that does not succeed, how the service stands afterwards says whom it
 * speaks against.
 *
 * @throws InstallError `install/restart-failed`, `install/service-manager-failed`, `install/aborted`
 */
export async function tellToStart(
  argv: readonly string[],
  limits: ServiceLimits,
  state: () => Promise<ServiceState>,
): Promise<void> {
  try {
    await tell(argv, limits);
  } catch (error) {
    if (!(error instanceof InstallError) || error.code === "install/aborted") throw error;
    if (!saysNotUp(await state())) throw error;
    throw failed(error.message, error.got ?? "nothing", error.log);
  }
}

/**
 * Whether a start that did not succeed was tried: then the service is down, or still on its way. One that runs on, does not
 * stop or is not known was not started anew.
 */
export function saysNotUp(state: ServiceState): boolean {
  switch (state) {
    case "stopped":
    case "starting":
      return true;
    case "running":
    case "stopping":
    case "absent":
      return false;
  }
}

/** What was started did not come up. */
export function failed(message: string, got: string, log?: string): InstallError {
  return serviceError("install/restart-failed", message, got, log);
}

/** The manager does not answer, or did not do as it was told. */
export function refused(message: string, got: string, log?: string): InstallError {
  return serviceError("install/service-manager-failed", message, got, log);
}

function serviceError(
  code: "install/restart-failed" | "install/service-manager-failed",
  message: string,
  got: string,
  log: string | undefined,
): InstallError {
  return new InstallError(code, message, {
    got,
    help: "do the same by hand and read the service's log",
    ...(log === undefined ? {} : { log }),
  });
}

/** Looks again and again until it holds. @returns whether it did in its time. @throws InstallError `install/aborted` */
export async function holdsInTime(
  holds: () => Promise<boolean>,
  { seconds, signal }: ServiceLimits,
): Promise<boolean> {
  const giveUp = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() >= giveUp) return false;
    await pause(LOOK_SECONDS, signal);
  }
  return true;
}

/** Requires that something stays as it is for a moment. */
export async function stays(holds: () => Promise<boolean>, { signal }: ServiceLimits): Promise<boolean> {
  for (let looks = SETTLING_SECONDS / LOOK_SECONDS; looks > 0; looks--) {
    if (!(await holds())) return false;
    await pause(LOOK_SECONDS, signal);
  }
  return true;
}

/** @throws InstallError `install/aborted` */
export async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw new InstallError("install/aborted", "stopped during the restart");
  }
}

export function describe(result: RunResult): string {
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
