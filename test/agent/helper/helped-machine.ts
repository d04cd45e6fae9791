import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { stringify } from "yaml";
import { Link } from "../../../agent/helper-link/link.ts";
import { readHello } from "../../../agent/helper-link/messages.ts";
import { AGENT, type CommandResult, cleanEnvironment, killAndWait, run } from "../../support/run-command.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** The agent's user: no account has this number. */
export const AGENT_UID = 61_234;
/** Somebody else on the machine. */
export const OTHER_UID = 61_235;

/** Why a test with a real privileged helper cannot run here, or `undefined` where it can. */
export async function whyNoHelper(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.geteuid?.() !== 0) {
    return "this test runs a helper as root and an agent as another user, which takes root on Linux";
  }
  const tried = await run("setpriv", asUser(AGENT_UID, [process.execPath, "--version"]).slice(1)).catch(
    () => undefined,
  );
  return tried?.code === 0 ? undefined : "this test needs the program setpriv";
}

/** A command line that runs a program as a user, with that user's group alone. */
export function asUser(uid: number, command: readonly string[]): string[] {
  return ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", ...command];
}

/** A machine with a root helper and an agent that has no rights: both real processes. */
export class HelpedMachine {
  readonly directory: string;
  /** Where the product is installed: a file, or a folder of versions. */
  readonly executable: string;
  /** The agent's. */
  readonly home: string;
  readonly socket: string;
  /** The helper's. */
  readonly state: string;
  private readonly config: string;
  private helper: ChildProcess | undefined;
  helperOutput = "";

  private constructor(directory: string, installPath: string) {
    this.directory = directory;
    this.executable = installPath;
    this.home = join(directory, "agent");
    this.socket = join(directory, "run", "socket");
    this.state = join(directory, "helper");
    this.config = join(directory, "helper.yaml");
  }

  /**
   * @param product  what the helper's config says of the product beside where it is installed, in a folder
   * @param settings what else it says
   */
  static async start(
    t: TestContext,
    root: Buffer,
    product: (directory: string) => Readonly<Record<string, unknown>> = () => ({}),
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<HelpedMachine> {
    const directory = mkdtempSync(join(tmpdir(), "fairlead-helped-"));
    const said: Readonly<Record<string, unknown>> = {
      install_path: join(directory, "bin", "lantern"),
      ...product(directory),
    };
    const machine = new HelpedMachine(directory, String(said.install_path));
    chmodSync(directory, 0o755);
    t.after(async () => {
      await machine.stopHelper("SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    });
    mkdirSync(join(directory, "bin"));
    mkdirSync(machine.home, { mode: 0o700 });
    chownSync(machine.home, AGENT_UID, AGENT_UID);
    writeFileSync(join(directory, "root.json"), root);
    writeFileSync(
      machine.config,
      stringify({
        schemaVersion: 1,
        user: String(AGENT_UID),
        root: join(directory, "root.json"),
        socket: machine.socket,
        state: machine.state,
        products: { lantern: said },
        ...settings,
      }),
    );
    await machine.startHelper();
    return machine;
  }

  async startHelper(): Promise<void> {
    const child = spawn(process.execPath, [AGENT, "helper", "--config", this.config, "--log", "human"], {
      env: cleanEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
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

  /** The agent's command, as its own user. */
  agent(...args: readonly string[]): Promise<CommandResult> {
    const [program = "", ...rest] = asUser(AGENT_UID, [
      process.execPath,
      AGENT,
      ...args,
      "--home",
      this.home,
    ]);
    return run(program, rest);
  }

  async enroll(server: string, rootSha256: string, ...lines: readonly string[]): Promise<void> {
    const result = await this.agent(
      "enroll",
      ...["--server", server, "--product", "lantern", "--install-path", this.executable],
      ...["--root-sha256", rootSha256],
    );
    if (result.code !== 0) throw new Error(`enrolment ended with ${result.code}\n${result.stderr}`);
    this.set(`helper_socket: ${this.socket}`, ...lines);
  }

  /** Adds lines to the agent's config. */
  set(...lines: readonly string[]): void {
    const config = join(this.home, "config.yaml");
    writeFileSync(config, `${readFileSync(config, "utf8")}${lines.join("\n")}\n`);
  }

  installed(): string | undefined {
    if (!existsSync(this.executable)) return undefined;
    return /lantern (\d[\w.-]*)"/.exec(readFileSync(this.executable, "utf8"))?.[1];
  }

  /** What the helper keeps beside what is installed. */
  get staging(): string {
    return join(dirname(this.executable), ".lantern.fairlead");
  }
}

/** A connection of a test's own, past the challenge: what a thief with the agent's rights has. */
export async function callAsRoot(machine: HelpedMachine): Promise<Link> {
  const socket = connect(machine.socket);
  await once(socket, "connect");
  const link = new Link(socket, { idle: 60, total: 60 });
  const { challenge } = await link.hear(readHello);
  // Root may read it as well.
  await link.say({ secret: readFileSync(join(dirname(machine.socket), "challenges", challenge), "latin1") });
  return link;
}
