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
  for (const thread of v8Threads()) if (getPriority(thread) < BEHIND) setPriority(thread, BEHIND);
}

/** @returns thread ids; none where `/proc` is not to be read, so that these threads stay as they are */
function v8Threads(): readonly number[] {
  try {
    return readdirSync("/proc/self/task")
      .filter((id) => readFileSync(`/proc/self/task/${id}/comm`, "utf8").startsWith("node-V8Worker"))
      .map(Number);
  } catch {
    return [];
  }
}
