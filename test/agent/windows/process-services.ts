import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { InstallError } from "../../../agent/installation/install-error.ts";
import type { ServiceManager, ServiceState } from "../../../agent/service/service-manager.ts";

/**
 * Stands in for the service manager of Windows: a service is a real process of the installed program, and which one it is
 * stands in a file, so that it outlives whoever started it.
 */
export class ProcessServices implements ServiceManager {
  private readonly program: string;
  private readonly note: string;

  constructor(program: string) {
    this.program = program;
    this.note = `${program}.pid`;
  }

  /** The version that the running process was started from. */
  running(): string | undefined {
    const pid = this.pid();
    if (pid === undefined) return undefined;
    try {
      return /run (\S+)/.exec(readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " "))?.[1];
    } catch {
      // It ended just now.
      return undefined;
    }
  }

  async state(): Promise<ServiceState> {
    return this.pid() === undefined ? "stopped" : "running";
  }

  async start(): Promise<void> {
    const child = spawn(this.program, ["run"], { detached: true, stdio: "ignore" });
    child.on("error", () => undefined);
    child.unref();
    if (child.pid !== undefined) writeFileSync(this.note, String(child.pid));
    // It is up once it says so in its arguments, and not after any time.
    while (this.pid() !== undefined && this.running() === undefined) await sleep(10);
    if (this.pid() === undefined)
      throw new InstallError("install/restart-failed", "ended straight after its start");
  }

  async stop(): Promise<void> {
    const pid = this.pid();
    if (pid === undefined) return;
    process.kill(pid, "SIGKILL");
    while (this.pid() !== undefined) await sleep(10);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  isOurs(): boolean {
    return false;
  }

  private pid(): number | undefined {
    if (!existsSync(this.note)) return undefined;
    const pid = Number(readFileSync(this.note, "latin1"));
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "latin1") : "";
    const state = stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
    return state === "" || state === "Z" ? undefined : pid;
  }
}
