import type { AgentHome } from "../home/agent-home.ts";
import { HOME_ERRORS, HomeError, homeError } from "../home/home-error.ts";
import { holdLock, type LockResult } from "../process/hold-lock.ts";
import { CheckInError } from "./check-in-error.ts";

/**
 * Makes one process at a time talk to the controller as this device: sequence numbers must come in order, and requests
 * be done once.
 *
 * @returns lets go of the lock
 * @throws CheckInError `check-in/busy`; HomeError
 */
export function lockCheckIns({ checkInLock }: AgentHome, patience: number): () => void {
  const lock = tryLock(checkInLock, patience);
  switch (lock.kind) {
    case "held":
      return lock.release;
    case "busy": {
      const by = lock.holder === undefined ? "" : `, process ${lock.holder}`;
      throw new CheckInError(
        "check-in/busy",
        `another process of this agent${by} is talking to the controller`,
      );
    }
    case "unavailable":
      throw new HomeError("home/lock-unavailable", `cannot lock \`${checkInLock}\`: flock: ${lock.got}`, {
        help: HOME_ERRORS["home/lock-unavailable"].remedy,
      });
  }
}

function tryLock(path: string, patience: number): LockResult {
  try {
    return holdLock(path, patience);
  } catch (error) {
    throw homeError(error, "lock", path);
  }
}
