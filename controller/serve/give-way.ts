import { readdirSync, readFileSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";

const BEHIND = constants.priority.PRIORITY_LOW;

/**
 * Where answers and this thread want the same core, answers go first. On Linux a thread has a priority of its own, which
 * the git processes that it starts inherit; elsewhere the call would mean the whole process. V8's threads, which collect
 * most of this thread's garbage, go back too: as they were they took a core from an answer for milliseconds.
 */
export function giveWay(): void {
  if (process.platform !== "linux") return;
  // Who starts the controller may have put it further back, and nobody may come forward again.
  if (getPriority() < BEHIND) setPriority(BEHIND);
  putV8Back();
}

/** Where the system shows no threads, or lets nobody at them, they stay as they are: that is no reason not to start. */
function putV8Back(): void {
  try {
    for (const id of readdirSync("/proc/self/task")) {
      const isV8s = readFileSync(`/proc/self/task/${id}/comm`, "utf8").startsWith("node-V8Worker");
      if (isV8s && getPriority(Number(id)) < BEHIND) setPriority(Number(id), BEHIND);
    }
  } catch {}
}
