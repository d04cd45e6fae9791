import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const top = join(import.meta.dirname, "..");
const programs = {
  fairlead: join(top, "controller", "main.ts"),
  "fairlead-agent": join(top, "agent", "main.ts"),
} as const;

/** Thrown when the story does not go as it is told; carries what the program said. */
export class StoryError extends Error {}

/** The people and machines of the demo: runs real programs, says what it does, and clears the stage afterwards. */
export class Stage {
  private readonly processes: ChildProcess[] = [];
  private readonly startedAt = performance.now();

  /** Prints what happens next. */
  tell(line: string): void {
    const seconds = ((performance.now() - this.startedAt) / 1000).toFixed(1).padStart(5);
    console.log(`${seconds} s  ${line}`);
  }

  /** Prints what a program or a person sees. */
  show(text: string): void {
    for (const line of text.trimEnd().split("\n")) console.log(`         | ${line}`);
  }

  /** Runs a command to its end. @throws StoryError when it ends with another code than `expected` */
  async run(
    program: keyof typeof programs | "git",
    args: readonly string[],
    options: { cwd?: string; expected?: number } = {},
  ): Promise<string> {
    const child = this.spawn(program, args, options.cwd);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const { promise, resolve } = Promise.withResolvers<number | null>();
    child.on("close", resolve);
    const code = await promise;
    if (code !== (options.expected ?? 0)) {
      throw new StoryError(`${program} ${args.join(" ")} ended with ${code}\n${output}`);
    }
    return output;
  }

  /** Starts a program that goes on until the end. */
  start(program: keyof typeof programs, args: readonly string[]): ChildProcess {
    const child = this.spawn(program, args);
    child.stdout?.resume();
    child.stderr?.resume();
    return child;
  }

  /** Waits until a program says something that matches. @returns the first group of the match */
  async hear(child: ChildProcess, pattern: RegExp): Promise<string> {
    let output = "";
    let words: string | undefined;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    await this.until(`${pattern}`, async () => {
      words = pattern.exec(output)?.[1];
      return words !== undefined;
    });
    return words ?? "";
  }

  /** Waits for something that must come; gives up after a minute. */
  async until(what: string, probe: () => Promise<boolean>): Promise<void> {
    const giveUp = performance.now() + 60_000;
    while (!(await probe().catch(() => false))) {
      if (performance.now() > giveUp) throw new StoryError(`waited a minute for ${what}`);
      await sleep(50);
    }
  }

  clear(): void {
    for (const child of this.processes) child.kill("SIGKILL");
  }

  private spawn(program: keyof typeof programs | "git", args: readonly string[], cwd?: string): ChildProcess {
    const [file, fullArgs] =
      program === "git" ? ["git", args] : [process.execPath, [programs[program], ...args]];
    const child = spawn(file, fullArgs, {
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        NO_COLOR: "1",
        GIT_AUTHOR_NAME: "Ada Example",
        GIT_AUTHOR_EMAIL: "ada@acme.example",
        GIT_COMMITTER_NAME: "Ada Example",
        GIT_COMMITTER_EMAIL: "ada@acme.example",
      },
    });
    this.processes.push(child);
    return child;
  }
}
