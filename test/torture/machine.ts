import { lstatSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { Agent } from "../../agent/agent.ts";
import { changeConfig } from "../../agent/config/config-file.ts";
import type { ConfigValues } from "../../agent/config/config-keys.ts";
import { enrollDevice } from "../../agent/config/enroll-device.ts";
import { type AgentHome, agentHome } from "../../agent/home/agent-home.ts";
import { UpdateServer } from "../agent/update-server.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { AGENT, runOk } from "../support/run-command.ts";
import type { Json } from "../trust/made-repository.ts";
import type { Installed, TorturedFormat } from "./formats.ts";

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
  private readonly saved: string;

  private constructor(server: UpdateServer, format: TorturedFormat, directory: string, saved: string) {
    this.server = server;
    this.format = format;
    this.directory = directory;
    this.saved = saved;
    this.home = agentHome(join(directory, "agent"), {});
    this.folder = join(directory, "bin");
  }

  /**
   * Enrols a machine that runs 1.0.0.
   *
   * @param directory where it lives: on a disk that may lose its power
   * @param saved where copies of it are kept
   */
  static async create(
    cleanups: Cleanups,
    format: TorturedFormat,
    directory: string,
    saved: string,
  ): Promise<TorturedMachine> {
    const server = await UpdateServer.start(cleanups);
    const machine = new TorturedMachine(server, format, directory, saved);
    mkdirSync(machine.folder, { recursive: true });
    mkdirSync(saved, { recursive: true });
    machine.offer("1.0.0");
    const values = {
      server: server.url,
      product: "lantern",
      format: format.name,
      ...format.settings(machine.folder),
    };
    await enrollDevice(machine.home, values, { kind: "sha256", sha256: server.rootSha256 }, false);
    await machine.inProcess((agent) => agent.product().update(true));
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
    this.server.release(version, bytes, { format: this.format.name, ...custom });
    this.server.promote(version);
  }

  async configure(values: ConfigValues): Promise<void> {
    await changeConfig(this.home, values);
  }

  /** The command line of the agent. */
  command(name: string): readonly string[] {
    return [process.execPath, AGENT, name, "--home", this.home.directory];
  }

  /** Runs the agent here: a start of it as any other, without the start of a process. */
  async inProcess<T>(work: (agent: Agent) => Promise<T>, now?: () => number): Promise<T> {
    return work(await Agent.open(this.home, now === undefined ? {} : { now }));
  }

  async save(): Promise<void> {
    rmSync(this.saved, { recursive: true, force: true });
    mkdirSync(this.saved);
    await runOk("cp", ["-a", this.home.directory, this.folder, this.saved]);
  }

  async putBack(): Promise<void> {
    for (const folder of [this.home.directory, this.folder]) rmSync(folder, { recursive: true, force: true });
    await runOk("cp", ["-a", join(this.saved, "agent"), join(this.saved, "bin"), this.directory]);
  }

  get installed(): Installed {
    return this.format.installed(this.folder, this.versions);
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
      kept: this.format.kept(this.folder, this.versions),
      home: [...readdirSync(this.home.directory), ...trust].filter((name) => name !== "log").toSorted(),
      reported: countIn(this.home.spool) > 0,
    };
  }
}

function countIn(folder: string): number {
  return lstatSync(folder, { throwIfNoEntry: false }) === undefined || !statSync(folder).isDirectory()
    ? 0
    : readdirSync(folder).length;
}
