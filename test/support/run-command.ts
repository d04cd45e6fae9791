import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

export const TOP = join(import.meta.dirname, "..", "..");
export const CONTROLLER = join(TOP, "controller", "main.ts");
export const AGENT = join(TOP, "agent", "main.ts");

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** An environment that says nothing about the machine that the tests run on. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LANG: "C.UTF-8",
    // Hundreds of processes are started; each would compile the same modules anew.
    NODE_COMPILE_CACHE: join(TOP, "node_modules", ".cache", "fairlead"),
    NO_COLOR: "1",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "Ada Example",
    GIT_AUTHOR_EMAIL: "ada@acme.example",
    GIT_COMMITTER_NAME: "Ada Example",
    GIT_COMMITTER_EMAIL: "ada@acme.example",
    ...extra,
  };
}

/** Runs a program to its end and hands back what it said. Never throws for an exit code. */
export function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const child = spawn(program, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: cleanEnvironment(options.env),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.on("error", reject);
  child.on("close", (code) => resolve({ code, stdout, stderr }));
  // A program that ends without reading its input is no failure.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  return promise;
}

/** `fairlead ...` as a real process. */
export function fairlead(args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  return run(process.execPath, [CONTROLLER, ...args], options);
}

/** `fairlead-agent ...` as a real process. */
export function fairleadAgent(args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  return run(process.execPath, [AGENT, ...args], options);
}

/** Runs a program that must succeed. */
export async function runOk(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const result = await run(program, args, options);
  if (result.code !== 0) {
    throw new Error(
      `${program} ${args.join(" ")} ended with ${result.code}\n${result.stdout}${result.stderr}`,
    );
  }
  return result.stdout;
}

/** For the option `skip` of a test that needs a program: the reason where this machine lacks it, else `false`. */
export async function lacks(program: string): Promise<string | false> {
  const { code } = await run("sh", ["-c", 'command -v "$1"', "sh", program]);
  return code === 0 ? false : `${program} is not installed`;
}

/** Kills a child for real and waits until it is gone. */
export async function killAndWait(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once("exit", () => resolve());
  child.kill(signal);
  await promise;
}
