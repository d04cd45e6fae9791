import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
  AGENT,
  type CommandResult,
  cleanEnvironment,
  fairleadAgent,
  killAndWait,
  run,
} from "./run-command.ts";

/** One machine: an agent's home and the executable that it keeps up to date. */
export class AgentMachine {
  readonly directory: string;
  readonly home: string;
  readonly executable: string;
  private readonly daemons: ChildProcess[] = [];
  /** Processes that it did not start itself. */
  private readonly others: number[] = [];
  daemonOutput = "";

  private constructor(directory: string) {
    this.directory = directory;
    this.home = join(directory, "agent");
    this.executable = join(directory, "bin", "lantern");
  }

  /** @param parent the folder that it lies in, where that matters */
  static async create(t: TestContext, parent = tmpdir()): Promise<AgentMachine> {
    const machine = new AgentMachine(await mkdtemp(join(parent, "fairlead-machine-")));
    await mkdir(join(machine.directory, "bin"));
    t.after(async () => {
      await machine.kill();
      await rm(machine.directory, { recursive: true, force: true, maxRetries: 10 });
    });
    return machine;
  }

  agent(...args: readonly string[]): Promise<CommandResult> {
    return fairleadAgent([...args, "--home", this.home]);
  }

  /** Enrols with the server's root compared by fingerprint, as the printed command does. */
  async enroll(server: string, rootSha256: string, ...more: readonly string[]): Promise<void> {
    const result = await this.agent(
      "enroll",
      ...["--server", server, "--product", "lantern", "--install-path", this.executable],
      ...["--root-sha256", rootSha256, ...more],
    );
    if (result.code !== 0)
      throw new Error(`enrolment ended with ${result.code}\n${result.stdout}${result.stderr}`);
  }

  /** Kills its daemons for real. */
  async kill(): Promise<void> {
    await Promise.all(this.daemons.map((daemon) => killAndWait(daemon, "SIGKILL")));
    for (const pid of this.others) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
  }

  /** Has a process end with the machine: before its folder goes, into which it writes. */
  owns(daemon: ChildProcess | number): void {
    if (typeof daemon === "number") this.others.push(daemon);
    else this.daemons.push(daemon);
  }

  /** Starts the polling daemon. @returns its process id */
  run(env: Readonly<Record<string, string>> = {}): number {
    const daemon = spawn(process.execPath, [AGENT, "run", "--home", this.home], {
      env: cleanEnvironment(env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.owns(daemon);
    for (const stream of [daemon.stdout, daemon.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.daemonOutput += text;
      });
    }
    if (daemon.pid === undefined) throw new Error("the daemon did not start");
    return daemon.pid;
  }

  /** What the installed executable says of itself; `undefined` when nothing is installed. */
  async installedVersion(): Promise<string | undefined> {
    if (!existsSync(this.executable)) return undefined;
    return (await run(this.executable, ["--version"])).stdout.trim();
  }
}
