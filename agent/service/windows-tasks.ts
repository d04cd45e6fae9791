import { ask, describe, failed, holdsInTime, refused, stays } from "./ask-manager.ts";
import type { ServiceLimits, ServiceManager, ServiceState } from "./service-manager.ts";

const ASK_SECONDS = 60;

/** `State` of MSFT_ScheduledTask: unknown, disabled, queued, ready, running. -1 is our own word for none of that name. */
const STATES: ReadonlyMap<string, ServiceState> = new Map([
  ["-1", "absent"],
  ["0", "stopped"],
  ["1", "stopped"],
  ["2", "starting"],
  ["3", "stopped"],
  ["4", "running"],
]);

/**
 * Tasks of the Task Scheduler by their names, which is how `service install` has Windows start the agent. Its own
 * schtasks.exe tells the state in the language of the system, so PowerShell is asked, which tells a number.
 */
export class WindowsTasks implements ServiceManager {
  async state(task: string): Promise<ServiceState> {
    const found = `Get-ScheduledTask -TaskPath '\\' -TaskName '${task.replaceAll("'", "''")}' -ErrorAction SilentlyContinue`;
    const script = `$t = ${found}; if ($t) { [int]$t.State } else { -1 }`;
    const argv = ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", script];
    const result = await ask(argv, { seconds: ASK_SECONDS });
    const state =
      result.kind === "exited" && result.code === 0 ? STATES.get(result.stdout.trim()) : undefined;
    if (state === undefined) throw refused(`PowerShell does not tell of the task ${task}`, describe(result));
    return state;
  }

  async start(task: string, limits: ServiceLimits): Promise<void> {
    const result = await ask(["schtasks.exe", "/Run", "/TN", task], limits);
    if (result.kind !== "exited" || result.code !== 0) {
      throw refused(`the task ${task} does not start`, describe(result));
    }
    const isRunning = async () => (await this.state(task)) === "running";
    if (
      (await holdsInTime(isRunning, { ...limits, seconds: Math.min(limits.seconds, ASK_SECONDS) })) &&
      (await stays(isRunning, limits))
    )
      return;
    throw failed(`the task ${task} ended straight after its start`, await this.state(task));
  }

  async stop(task: string, limits: ServiceLimits): Promise<void> {
    const isDown = async () => !["running", "starting"].includes(await this.state(task));
    if (await isDown()) return;
    const result = await ask(["schtasks.exe", "/End", "/TN", task], limits);
    if (await holdsInTime(isDown, limits)) return;
    throw refused(`the task ${task} does not end`, describe(result));
  }

  async restart(task: string, limits: ServiceLimits): Promise<void> {
    await this.stop(task, limits);
    await this.start(task, limits);
  }

  /** As of a service: what does both runs outside of it. */
  isOurs(): boolean {
    return false;
  }
}
