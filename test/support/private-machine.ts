import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { AGENT, type CommandResult, cleanEnvironment, run } from "./run-command.ts";

/** Folders of this machine that package managers and packages write to: each is another one inside, and empty but for /etc. */
const OWN = [
  "/etc",
  "/opt",
  "/run",
  "/usr/local/sbin",
  "/var/cache/apt",
  "/var/lib/apt",
  "/var/lib/dpkg",
  "/var/log",
];
/** What package managers are told on this machine is not for the private one. */
const EMPTY = ["/etc/apt", "/etc/dnf", "/etc/dpkg", "/etc/rpm", "/etc/yum.repos.d"];

/**
 * A machine of its own for package managers: this one, seen from a mount namespace in which everything that they write
 * to is somewhere else. They are the real ones, at their real places.
 */
export class PrivateMachine {
  readonly directory: string;
  readonly home: string;
  /** Programs of this machine that it does not have. */
  readonly lacks: string[] = [];

  private constructor(directory: string) {
    this.directory = directory;
    this.home = join(directory, "agent");
  }

  static async create(t: TestContext): Promise<PrivateMachine> {
    const directory = await mkdtemp(join(tmpdir(), "fairlead-private-"));
    t.after(() => rm(directory, { recursive: true, force: true }));
    return PrivateMachine.at(directory);
  }

  /** Makes one in a folder that somebody else cleans up. */
  static async at(directory: string): Promise<PrivateMachine> {
    const machine = new PrivateMachine(directory);
    for (const folder of OWN) mkdirSync(machine.place(folder), { recursive: true });
    // Somebody who is not root cannot read all of it, and needs not.
    await run("cp", ["-a", "/etc/.", machine.place("/etc")]);
    for (const folder of EMPTY) {
      await rm(machine.place(folder), { recursive: true, force: true });
      mkdirSync(machine.place(folder));
    }
    return machine;
  }

  /** Where a file of the machine is, seen from outside. */
  place(path: string): string {
    return join(this.directory, "root", path);
  }

  /** Runs a program there, to its end. */
  run(...argv: readonly string[]): Promise<CommandResult> {
    const [program = "", ...args] = this.inside(argv);
    return run(program, args);
  }

  async runOk(...argv: readonly string[]): Promise<string> {
    const result = await this.run(...argv);
    if (result.code === 0) return result.stdout;
    throw new Error(`${argv.join(" ")} ended with ${result.code}\n${result.stdout}${result.stderr}`);
  }

  agent(...args: readonly string[]): Promise<CommandResult> {
    return this.run(process.execPath, AGENT, ...args, "--home", this.home);
  }

  /** Starts a program there, whose words are to be read; the child is the program itself. */
  start(...argv: readonly string[]): ChildProcess {
    const [program = "", ...args] = this.inside(argv);
    return spawn(program, args, { env: cleanEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Starts the agent there; the child is the agent itself, so that a signal reaches it. */
  startAgent(...args: readonly string[]): ChildProcess {
    const [program = "", ...more] = this.inside([process.execPath, AGENT, ...args, "--home", this.home]);
    return spawn(program, more, { env: cleanEnvironment(), stdio: "ignore" });
  }

  /** The command that runs a program there: it becomes that program, so that a signal reaches it. */
  inside(argv: readonly string[]): readonly string[] {
    const binds = [
      ...OWN.flatMap((folder) => [this.place(folder), folder]),
      ...this.lacks.flatMap((program) => ["/dev/null", program]),
    ];
    const enter = 'n=$1; shift; while [ "$n" -gt 0 ]; do mount --bind "$1" "$2"; shift 2; n=$((n-1)); done';
    return [
      ...["unshare", "--mount", ...(process.geteuid?.() === 0 ? [] : ["--map-root-user"])],
      ...["sh", "-euc", `${enter}; exec "$@"`, "sh", String(binds.length / 2), ...binds, ...argv],
    ];
  }
}

/** For the option `skip`: why no such machine can be made here, else `false`. */
export async function whyNoPrivateMachine(...programs: readonly string[]): Promise<string | false> {
  for (const program of ["unshare", ...programs]) {
    const { code } = await run("sh", ["-c", 'command -v "$1"', "sh", program]);
    if (code !== 0) return `${program} is not installed`;
  }
  const args = process.geteuid?.() === 0 ? [] : ["--map-root-user"];
  const { code } = await run("unshare", ["--mount", ...args, "sh", "-c", "mount --bind /opt /opt"]);
  return code === 0 ? false : "this user may not make mount namespaces";
}
