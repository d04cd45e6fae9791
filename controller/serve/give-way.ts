import { constants, getPriority, setPriority } from "node:os";

/**
 * Where answers and this thread want the same core, answers go first. On Linux a thread has a priority of its own, which
 * the git processes that it starts inherit; elsewhere the call would mean the whole process.
 */
export function giveWay(): void {
  if (process.platform !== "linux") return;
  // Who starts the controller may have put it further back, and it may not come forward by itself.
  if (getPriority() < constants.priority.PRIORITY_BELOW_NORMAL) {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  }
}
