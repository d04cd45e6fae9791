import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CONTROLLER, cleanEnvironment, killAndWait } from "../test/support/run-command.ts";

/** Milliseconds in which a controller begins to serve, or a commit is served. */
const PATIENCE = 120_000;

export interface ProcessFigures {
  /** Bytes. */
  readonly rss: number;
  /** Seconds of all its threads. */
  readonly cpu: number;
}

/** `fairlead serve` as a process, which can be killed and started again on the same port. */
export class ServedController {
  readonly url: string;
  readonly stateFolder: string;
  private readonly args: readonly string[];
  private child: ChildProcess | undefined;
  /** Of its operator. */
  token = "";
  private spentCpu = 0;
  private output = "";

  private constructor(
    port: number,
    repository: string,
    stateFolder: string,
    connections: number,
    more: readonly string[],
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.stateFolder = stateFolder;
    this.args = [
      ...["serve", "--dev-keys", "--repo", repository, "--ref", "main", "--state-dir", stateFolder],
      ...["--artifacts", join(repository, "artifacts"), "--port", String(port)],
      ...["--max-connections", String(connections), ...more],
    ];
  }

  /** @param more options of `fairlead serve` */
  static async start(
    repository: string,
    stateFolder: string,
    connections: number,
    more: readonly string[] = [],
  ): Promise<ServedController> {
    const controller = new ServedController(await freePort(), repository, stateFolder, connections, more);
    await controller.launch();
    return controller;
  }

  /** Resolves when it serves. */
  async launch(): Promise<void> {
    const child = spawn(process.execPath, [CONTROLLER, ...this.args], {
      ...{ env: cleanEnvironment(), stdio: ["ignore", "pipe", "pipe"] },
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output = (this.output + text).slice(-100_000);
      });
    }
    await this.until("it to serve", async () => {
      if (child.exitCode !== null) throw new Error(`the controller ended\n${this.output}`);
      return (await fetch(`${this.url}/readyz`).catch(() => undefined))?.status === 200;
    });
    this.token = (await readFile(join(this.stateFolder, "operator-token"), "utf8")).trim();
  }

  async kill(): Promise<void> {
    if (this.child === undefined) return;
    this.spentCpu = this.figures().cpu;
    await killAndWait(this.child, "SIGKILL");
    this.child = undefined;
  }

  async serves(commit: string): Promise<void> {
    await this.until(`commit ${commit.slice(0, 12)} to be served`, async () => {
      const status: unknown = await this.ask("GET", "/api/v1/status");
      return isCommit(status, commit);
    });
  }

  /** Asks as an operator. @throws Error for an answer that is none */
  async ask(method: "GET" | "POST", path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }

  /** Of this process and of those before it; zeros where the system has no /proc. */
  figures(): ProcessFigures {
    const none = { rss: 0, cpu: this.spentCpu };
    const pid = this.child?.pid;
    if (pid === undefined) return none;
    try {
      const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const ticks = Number(fields[11]) + Number(fields[12]);
      return { rss: Number(kilobytes ?? 0) * 1024, cpu: this.spentCpu + ticks / 100 };
    } catch {
      return none;
    }
  }

  private async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + PATIENCE;
    while (!(await isSo().catch(rethrowUnlessNetwork))) {
      if (performance.now() > end) throw new Error(`waited too long for ${what}\n${this.output}`);
      await sleep(100);
    }
  }
}

/** It may be restarting: only its own words end the waiting. */
function rethrowUnlessNetwork(error: unknown): false {
  if (error instanceof TypeError) return false;
  throw error;
}

function isCommit(status: unknown, commit: string): boolean {
  return typeof status === "object" && status !== null && "commit" in status && status.commit === commit;
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once("error", reject);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    server.close(() => {
      if (typeof address === "object" && address !== null) resolve(address.port);
      else reject(new Error("no port is free"));
    });
  });
  return promise;
}
