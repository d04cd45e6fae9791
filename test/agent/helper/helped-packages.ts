import type { ChildProcess } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { stringify } from "yaml";
import { canonicalBytes } from "../../../protocol/canonical-json.ts";
import type { ReleasePackage } from "../../../protocol/release.ts";
import { PrivateMachine } from "../../support/private-machine.ts";
import { AGENT, type CommandResult, killAndWait, run } from "../../support/run-command.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { PROGRAM } from "../packages/made-package.ts";
import { UpdateServer } from "../update-server.ts";
import { AGENT_UID, asUser } from "./helped-machine.ts";

/** A private machine with real package managers, a root helper and an agent that has no rights. */
export class HelpedPackages {
  readonly machine: PrivateMachine;
  readonly server: UpdateServer;
  readonly socket: string;
  readonly state: string;
  private readonly format: "deb" | "rpm";
  private helper: ChildProcess | undefined;
  helperOutput = "";

  private constructor(machine: PrivateMachine, server: UpdateServer, format: "deb" | "rpm") {
    this.machine = machine;
    this.server = server;
    this.format = format;
    this.socket = join(machine.directory, "helper-run", "socket");
    this.state = join(machine.directory, "helper-state");
  }

  static async create(t: TestContext, format: "deb" | "rpm"): Promise<HelpedPackages> {
    const made = new HelpedPackages(await PrivateMachine.create(t), await UpdateServer.start(t), format);
    const { machine, server } = made;
    t.after(() => made.stopHelper("SIGKILL"));
    // Both users see the machine.
    for (const path of [machine.directory, join(machine.directory, "root")]) chmodSync(path, 0o755);
    mkdirSync(machine.place("/opt/lantern"));
    mkdirSync(machine.home, { mode: 0o700 });
    chownSync(machine.home, AGENT_UID, AGENT_UID);
    writeFileSync(join(machine.directory, "root.json"), server.repository.root());
    writeFileSync(
      join(machine.directory, "helper.yaml"),
      stringify({
        ...{ schemaVersion: 1, user: String(AGENT_UID), root: join(machine.directory, "root.json") },
        ...{ socket: made.socket, state: made.state },
        products: { lantern: { install_path: PROGRAM, format, package: "lantern" } },
      }),
    );
    return made;
  }

  /** Enrols the agent and starts the helper. */
  async enroll(...settings: readonly string[]): Promise<void> {
    const { server, machine, format } = this;
    await this.startHelper();
    // Enrolment reads what the channel says; no machine can install that.
    server.promote("0.0.1");
    const enrolled = await this.agent(
      ...["enroll", "--server", server.url, "--product", "lantern", "--install-path", PROGRAM],
      ...["--root-sha256", server.rootSha256],
    );
    if (enrolled.code !== 0) throw new Error(enrolled.stdout + enrolled.stderr);
    const config = join(machine.home, "config.yaml");
    const lines = [`format: ${format}`, "package: lantern", `helper_socket: ${this.socket}`, ...settings];
    writeFileSync(config, `${readFileSync(config, "utf8")}${lines.join("\n")}\n`);
  }

  async startHelper(): Promise<void> {
    const config = join(this.machine.directory, "helper.yaml");
    const child = this.machine.start(process.execPath, AGENT, "helper", "--config", config, "--log", "human");
    this.helper = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.helperOutput += text;
      });
    }
    const before = this.helperOutput.length;
    await waitUntil("the helper to listen", () => {
      if (child.exitCode !== null) throw new Error(`the helper ended\n${this.helperOutput}`);
      return this.helperOutput.slice(before).includes("listens on") || undefined;
    });
  }

  get helperPid(): number | undefined {
    return this.helper?.pid;
  }

  async stopHelper(signal: NodeJS.Signals): Promise<void> {
    if (this.helper !== undefined) await killAndWait(this.helper, signal);
  }

  /** The agent's command, there, as its own user. */
  agent(...args: readonly string[]): Promise<CommandResult> {
    const { machine } = this;
    return machine.run(...asUser(AGENT_UID, [process.execPath, AGENT, ...args, "--home", machine.home]));
  }

  async update(): Promise<string> {
    const { code, stdout, stderr } = await this.agent("update");
    return code === 0 ? "updated" : `${stdout}${stderr}`;
  }

  /** Signs a version whose package is in the vendor's repository. */
  offer(version: string, named: Partial<ReleasePackage> & Pick<ReleasePackage, "version">): void {
    const whole: ReleasePackage = { name: "lantern", repository: "acme", ...named };
    this.sign(version, canonicalBytes(whole), whole);
  }

  /** Signs a version whose package is downloaded from the update server. */
  offerFile(version: string, packageVersion: string, file: string): void {
    this.sign(version, readFileSync(file), { name: "lantern", version: packageVersion });
  }

  private sign(version: string, bytes: Buffer, named: ReleasePackage): void {
    this.server.release(version, bytes, {
      ...{ format: this.format, package: named, critical: ["package"], rollbackTo: ">=0.0.0" },
    });
    this.server.promote(version);
  }

  async says(): Promise<string> {
    return (await run(this.machine.place(PROGRAM), [])).stdout.trim();
  }
}
