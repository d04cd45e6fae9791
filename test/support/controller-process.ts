import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTenantKeys } from "../../controller/keys/naming-secret.ts";
import type { Cleanups } from "./cleanups.ts";
import { CONTROLLER, cleanEnvironment, killAndWait } from "./run-command.ts";
import { waitUntil } from "./wait-until.ts";

/** What `fairlead serve` says once it serves: where it listens. */
export const LISTENING = /Fairlead listens on (\S+)\n/;

/** `fairlead serve` as a real process over a real repository. */
export class ControllerProcess {
  readonly stateDirectory: string;
  private readonly repository: string;
  private readonly extra: readonly string[];
  private readonly env: Readonly<Record<string, string>>;
  private child: ChildProcess | undefined;
  private address = "";
  output = "";

  private constructor(
    repository: string,
    stateDirectory: string,
    extra: readonly string[],
    env: Readonly<Record<string, string>>,
  ) {
    this.repository = repository;
    this.stateDirectory = stateDirectory;
    this.extra = extra;
    this.env = env;
  }

  static async start(
    t: Cleanups,
    repository: string,
    extra: readonly string[] = ["--dev-keys"],
    env: Readonly<Record<string, string>> = {},
  ): Promise<ControllerProcess> {
    const stateDirectory = await mkdtemp(join(tmpdir(), "fairlead-controller-"));
    const controller = new ControllerProcess(repository, stateDirectory, extra, env);
    t.after(async () => {
      await controller.kill("SIGKILL");
      await rm(stateDirectory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    });
    await controller.launch();
    return controller;
  }

  /** Where it listens: on another port after each launch. */
  get url(): string {
    return this.address;
  }

  /** Starts the process (again) on the same state folder. */
  async launch(): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        CONTROLLER,
        "serve",
        ...["--repo", this.repository, "--ref", "main"],
        ...["--state-dir", this.stateDirectory, "--artifacts", join(this.repository, "artifacts")],
        ...["--port", "0", ...this.extra],
      ],
      { env: cleanEnvironment(this.env), stdio: ["ignore", "pipe", "pipe"] },
    );
    this.child = child;
    const before = this.output.length;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    await waitUntil("the controller to be ready", async () => {
      if (child.exitCode !== null)
        throw new Error(`the controller ended with ${child.exitCode}\n${this.output}`);
      const url = LISTENING.exec(this.output.slice(before))?.[1];
      if (url === undefined) return undefined;
      this.address = url;
      const response = await fetch(`${url}/readyz`).catch(() => undefined);
      return response?.status === 200 ? true : undefined;
    });
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.child !== undefined) await killAndWait(this.child, signal);
  }

  /** Waits until this commit is what the manifest comes from. */
  async serves(commit: string): Promise<void> {
    await waitUntil(`commit ${commit} to be served`, async () => {
      const response = await fetch(`${this.url}/api/v1/status`);
      return (await response.text()).includes(commit) && (await this.servedCommit()) === commit
        ? true
        : undefined;
    });
  }

  async servedCommit(): Promise<string | undefined> {
    const response = await fetch(`${this.url}/api/v1/status`);
    const status = (await response.json()) as { commit?: string };
    return status.commit;
  }

  /** The key that machines of a tenant enrol with. */
  tenantKey(tenant: string): string {
    return findTenantKeys(this.stateDirectory)(tenant);
  }

  /** SHA-256 of the first root: what a person would compare when enrolling a machine. */
  async rootFingerprint(): Promise<string> {
    const response = await fetch(`${this.url}/tuf/1.root.json`);
    return createHash("sha256")
      .update(Buffer.from(await response.arrayBuffer()))
      .digest("hex");
  }
}
