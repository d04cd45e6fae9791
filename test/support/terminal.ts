import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { CONTROLLER, cleanEnvironment, killAndWait } from "./run-command.ts";
import { waitUntil } from "./wait-until.ts";

/** Whether the `script` of util-linux can give a program a terminal here: a bare root may have the one without the other. */
export const HAS_TERMINAL =
  spawnSync("script", ["-qec", "true", "/dev/null"], { stdio: "ignore" }).status === 0;

/** `fairlead ...`, or another program of ours, at a terminal, with a person who reads and types. */
export class Terminal {
  private readonly child: ChildProcess;
  /** Everything that the screen showed. */
  screen = "";
  private readonly ended: Promise<unknown[]>;

  constructor(t: TestContext, args: readonly string[], cwd: string, program = CONTROLLER) {
    const line = [process.execPath, program, ...args].map((word) => `'${word}'`).join(" ");
    this.child = spawn("script", ["-qec", line, "/dev/null"], {
      cwd,
      env: { ...cleanEnvironment(), TERM: "dumb" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.ended = once(this.child, "close");
    t.after(() => killAndWait(this.child, "SIGKILL"));
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.screen += text;
    });
  }

  /** Waits for a question at the end of the screen, then types an answer. */
  async answer(question: RegExp, text: string): Promise<void> {
    await waitUntil(`the question ${question} in\n${this.screen}`, () => {
      if (this.child.exitCode !== null) throw new Error(`it ended without asking\n${this.screen}`);
      return question.test(this.screen.slice(this.seen)) ? true : undefined;
    });
    this.seen = this.screen.length;
    this.child.stdin?.write(text);
  }
  private seen = 0;

  /** @returns the exit code */
  async end(): Promise<number | null> {
    const [code] = await this.ended;
    return typeof code === "number" ? code : null;
  }
}
