import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { Agent } from "../../agent/agent.ts";
import { changeConfig } from "../../agent/config/config-file.ts";
import type { ConfigValues } from "../../agent/config/config-keys.ts";
import { enrollDevice } from "../../agent/config/enroll-device.ts";
import { type AgentHome, agentHome } from "../../agent/home/agent-home.ts";
import { UpdateServer } from "../agent/update-server.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { PrivateMachine } from "../support/private-machine.ts";
import { AGENT, run, runOk } from "../support/run-command.ts";
import type { Json } from "../trust/made-repository.ts";
import type { Installed, Places, TorturedFormat } from "./formats/tortured-format.ts";
import { type NextStart, type Started, startAgent, startArguments } from "./start-agent.ts";
import { ToolFaults } from "./tool-faults.ts";
import { type Injected, type Point, type TracedRun, traced } from "./traced-run.ts";

/** Of a private machine: no product of the torture changes it. */
const NEVER_CHANGED = "etc";

/** Everything about a machine that must come out right, in one value that two machines can be compared by. */
export interface Standing {
  readonly installed: Installed;
  readonly journal: string;
  readonly blocked: readonly string[];
  readonly last: string;
  readonly previous: string;
  readonly kept: readonly string[];
  /** Names in the agent's home, without its log: a command that ended early may not have begun one. */
  readonly home: readonly string[];
  /** Whether the controller will hear of it. */
  readonly reported: boolean;
}

/** One machine and its server, which can be put back to where it was as often as one likes. */
export class TorturedMachine {
  readonly server: UpdateServer;
  readonly format: TorturedFormat;
  readonly directory: string;
  readonly home: AgentHome;
  /** Where the product is installed. */
  readonly folder: string;
  readonly versions: string[] = [];
  /** Faults in the package manager, where the machine has one. */
  readonly tool: ToolFaults | undefined;
  private readonly saved: string;
  private readonly log: string;
  /** Where it is a machine of its own, and not this one. */
  private readonly own: PrivateMachine | undefined;

  private constructor(
    server: UpdateServer,
    format: TorturedFormat,
    directory: string,
    scratch: string,
    own: PrivateMachine | undefined,
  ) {
    this.server = server;
    this.format = format;
    this.directory = directory;
    this.saved = join(scratch, "saved");
    this.log = join(scratch, "strace");
    this.own = own;
    this.home = agentHome(join(directory, "agent"), {});
    this.folder = join(directory, "root");
    if (own === undefined || format.tool === undefined) return;
    this.tool = new ToolFaults(own, format.tool, join(scratch, "tool"));
  }

  /**
   * Enrols a machine that runs 1.0.0.
   *
   * @param directory where it lives: on a disk that may lose its power
   * @param scratch where copies of it are kept, and what must outlive that disk
   */
  static async create(
    cleanups: Cleanups,
    format: TorturedFormat,
    directory: string,
    scratch: string,
  ): Promise<TorturedMachine> {
    const server = await UpdateServer.start(cleanups);
    const { tool } = format;
    const own = tool === undefined ? undefined : await PrivateMachine.at(directory);
    const machine = new TorturedMachine(server, format, directory, scratch, own);
    mkdirSync(machine.folder, { recursive: true });
    if (own !== undefined) await tool?.prepare(own);
    machine.offer("1.0.0");
    const values = {
      server: server.url,
      product: "lantern",
      format: format.name,
      ...format.settings(machine.folder),
    };
    await enrollDevice(machine.home, values, { kind: "sha256", sha256: server.rootSha256 }, false);
    await machine.startOk("update");
    return machine;
  }

  /**
   * Releases a version, and points the channel to it.
   *
   * @param custom what the release key says of it besides
   * @param selfReported what it calls itself
   */
  offer(version: string, custom: Json = {}, selfReported?: string): void {
    this.versions.push(version);
    const bytes = this.format.artifact(version, selfReported);
    const signed = this.format.signed?.(version) ?? {};
    this.server.release(version, bytes, { format: this.format.name, ...signed, ...custom });
    this.server.promote(version);
  }

  async configure(values: ConfigValues): Promise<void> {
    await changeConfig(this.home, values);
  }

  /** The command line of the agent. */
  command(name: string): readonly string[] {
    return [process.execPath, AGENT, name, "--home", this.home.directory];
  }

  /** Starts the agent there, without a fault. */
  async start(next: NextStart, now?: number): Promise<Started> {
    if (this.own === undefined) return startAgent(this.home, next, now);
    const result = await this.own.run(process.execPath, ...startArguments(this.home, next, now));
    if (result.code !== 0) throw new Error(`a start ended with ${result.code}\n${result.stderr}`);
    return JSON.parse(result.stdout);
  }

  async startOk(next: NextStart): Promise<void> {
    const started = await this.start(next);
    if (started.ended === "refused") throw new Error(`${started.code}: ${started.message}`);
  }

  /** Runs a command of the agent there to its end, under strace: with a fault at one of its points, or with none. */
  async traced(
    name: string,
    inject?: { readonly point: Point; readonly what: Injected },
  ): Promise<TracedRun> {
    const command = this.command(name);
    if (inject?.point.tool !== undefined) {
      if (this.tool === undefined) throw new Error("there is no package manager on this machine");
      return this.tool.run(command, inject);
    }
    const there = this.own?.inside(command) ?? command;
    const done = await traced(there, this.directory, this.log, inject);
    await this.settle();
    return done;
  }

  /** All points of a command, from the start that is saved: the agent's own, then the package manager's. */
  async pointsOf(name: string): Promise<readonly Point[]> {
    const { points } = await this.traced(name);
    if (this.tool === undefined) return points;
    await this.putBack();
    return [...points, ...(await this.tool.run(this.command(name))).points];
  }

  /** Waits for a package manager that has outlived the agent. */
  private async settle(): Promise<void> {
    if (this.tool === undefined) return;
    const mark = join(this.home.directory, "staging", "package-change");
    if (existsSync(mark)) await run("flock", ["-w", "60", mark, "true"]);
  }

  async save(): Promise<void> {
    rmSync(this.saved, { recursive: true, force: true });
    mkdirSync(join(this.saved, "root"), { recursive: true });
    await runOk("cp", ["-a", this.home.directory, this.saved]);
    await copyInto(join(this.saved, "root"), this.folder);
  }

  async putBack(): Promise<void> {
    rmSync(this.home.directory, { recursive: true, force: true });
    for (const name of changingIn(this.folder)) rmSync(join(this.folder, name), { recursive: true });
    await runOk("cp", ["-a", join(this.saved, "agent"), this.directory]);
    await copyInto(this.folder, join(this.saved, "root"));
  }

  uninstall(): void {
    this.format.uninstall(this.places);
  }

  private get places(): Places {
    return { folder: this.folder, home: this.home.directory };
  }

  get installed(): Installed {
    return this.format.installed(this.places, this.versions);
  }

  /** Makes half-written files old, as the next hour would: younger ones may be another process at work. */
  age(): void {
    const old = Date.now() / 1000 - 7200;
    for (const folder of [this.home.directory, this.home.trust]) {
      for (const name of readdirSync(folder)) {
        if (name.startsWith(".tmp-") || name.endsWith(".new")) utimesSync(join(folder, name), old, old);
      }
    }
  }

  async standing(): Promise<Standing> {
    const { state, journal } = (await Agent.open(this.home)).product().status();
    const trust = readdirSync(this.home.trust)
      .filter((name) => name.startsWith(".tmp-"))
      .map((name) => `trust/${name}`);
    return {
      installed: this.installed,
      journal: journal.state,
      blocked: state.blocked.map(({ version }) => version),
      last: `${state.last?.to} ${state.last?.outcome}`,
      previous: state.previous?.version ?? "none",
      kept: this.format.kept(this.places, this.versions),
      home: [...readdirSync(this.home.directory), ...trust].filter((name) => name !== "log").toSorted(),
      reported: countIn(this.home.spool) > 0,
    };
  }
}

function changingIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name !== NEVER_CHANGED);
}

async function copyInto(to: string, from: string): Promise<void> {
  const names = changingIn(from).map((name) => join(from, name));
  if (names.length > 0) await runOk("cp", ["-a", ...names, to]);
}

function countIn(folder: string): number {
  return lstatSync(folder, { throwIfNoEntry: false }) === undefined || !statSync(folder).isDirectory()
    ? 0
    : readdirSync(folder).length;
}
