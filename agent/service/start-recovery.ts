import { spawn } from "node:child_process";
import { once } from "node:events";
import { InstallError } from "../installation/install-error.ts";
import { ask } from "./ask-manager.ts";
import { type RecoveredProgram, recoveryArguments, runRecoveryTask } from "./windows-recovery.ts";

const TASK_SECONDS = 60;

/**
 * Has the recovery copy of the agent end, now and not within the hour, what is under way: by its own task, because what a
 * task or a service has started itself ends with it. Where no such task was installed, as a process that goes its own way.
 *
 * @throws InstallError `install/service-manager-failed` where neither can be started
 */
export async function startRecovery(program: RecoveredProgram): Promise<void> {
  const task = await ask(runRecoveryTask(program), { seconds: TASK_SECONDS });
  if (task.kind === "exited" && task.code === 0) return;
  const child = spawn(program.updater, [...recoveryArguments(program)], {
    detached: true,
    stdio: "ignore",
    windowsHide: true,
  });
  try {
    await once(child, "spawn");
  } catch (error) {
    throw new InstallError("install/service-manager-failed", `cannot start \`${program.updater}\``, {
      got: error instanceof Error ? error.message : String(error),
      help: "install the agent's service again: `fairlead-agent service install` brings the recovery task",
    });
  }
  child.unref();
}
