import type { RunningController } from "./run-controller.ts";

/** Milliseconds for requests under way before the process ends anyway. */
const GRACE_MS = 10_000;

/**
 * Stops the controller at SIGTERM or Ctrl-C: what is under way is answered, then it ends with 0. A second signal finds
 * no handler and ends the process at once, as signals do.
 */
export function stopOnSignals(controller: RunningController): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      process.removeListener("SIGINT", stop);
      process.removeListener("SIGTERM", stop);
      setTimeout(() => process.kill(process.pid, "SIGKILL"), GRACE_MS).unref();
      controller.stop().then(resolve, reject);
    };
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  });
}
