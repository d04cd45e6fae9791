import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Cleanups } from "../support/cleanups.ts";
import { LISTENING } from "../support/controller-process.ts";
import { CONTROLLER, cleanEnvironment, killAndWait } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";

/** A folder of the test's own. */
export async function temporaryFolder(t: Cleanups): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "fairlead-serve-"));
  // A process that is about to be killed may still be writing there.
  t.after(() => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return path;
}

/** `fairlead serve` with exactly these arguments on a free port, for tests about how it starts and ends. */
export class ServeProcess {
  readonly child: ChildProcess;
  output = "";

  constructor(t: TestContext, args: readonly string[]) {
    const child = spawn(process.execPath, [CONTROLLER, "serve", "--port", "0", ...args], {
      env: cleanEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    t.after(() => killAndWait(child, "SIGKILL"));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
  }

  /** Waits for the banner. @returns the address it names */
  listening(): Promise<string> {
    return waitUntil("the banner", () => {
      if (this.child.exitCode !== null)
        throw new Error(`it ended with ${this.child.exitCode}\n${this.output}`);
      return LISTENING.exec(this.output)?.[1];
    });
  }

  /** Waits for an event in the log. */
  async logs(event: string): Promise<void> {
    await waitUntil(`the event ${event}`, () =>
      this.output.includes(`"event":"${event}"`) ? true : undefined,
    );
  }

  /** @returns the exit code, or the signal that ended it */
  async stop(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const ended = once(this.child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    this.child.kill(signal);
    const [code, by] = await ended;
    return code ?? by;
  }
}
