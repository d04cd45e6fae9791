import type { RunningController } from "./run-controller.ts";

/** Milliseconds for requests under way before the process ends anyway. */
const GRACE_MS = 10_000;

/**
 * Stops the controller at SIGTERM or Ctrl-C: what is under way is answered, then it ends with 0. A second signal ends
 * the process at once.
 */
export function stopOnSignals(controller: RunningController): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.removeListener(signal, stop);
        process.once(signal, endNow);
      }
      setTimeout(endNow, GRACE_MS).unref();
      controller.stop().then(resolve, reject);
    };
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  });
}

/** The signal's own meaning: no handler is left. */
function endNow(): void {
  process.kill(process.pid, "SIGKILL");
}
