import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export interface BoundedRun {
  /** Program and arguments; no shell. */
  readonly argv: readonly string[];
  readonly seconds: number;
  /** At most this much of each output is kept; a program that writes more is stopped. */
  readonly maxOutputBytes: number;
  /**
   * `kill`: whatever the program started and left behind dies with it. `leave`: it may leave a service running
   * (a restart command); even then the whole group is killed at the deadline.
   */
  readonly leftovers: "kill" | "leave";
  /** What the program gets to see besides a path and a home. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export type RunResult =
  | {
      readonly kind: "exited";
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: "timeout"; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "too-much-output"; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "aborted" }
  | { readonly kind: "cannot-start"; readonly errno: string };

/** How a program ended by itself, in words. */
export function describeEnd({ code, signal }: Extract<RunResult, { kind: "exited" }>): string {
  return signal === null ? `exit code ${code}` : `killed by ${signal}`;
}

/** What a started program gets to see of our environment: enough to find programs and a home, no secrets. */
function minimalEnvironment(): NodeJS.ProcessEnv {
  const { PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME = "/" } = process.env;
  return { PATH, HOME, LANG: "C.UTF-8" };
}

/**
 * Runs a program in its own process group, bounded in time and output. At the deadline the whole group is killed.
 * Never throws: what went wrong is the result.
 */
export async function runBounded(run: BoundedRun): Promise<RunResult> {
  for (let attempt = 1; ; attempt++) {
    const result = await runOnce(run);
    // Another thread's fork may hold our just-closed descriptor for an instant.
    const busy = result.kind === "cannot-start" && result.errno === "ETXTBSY";
    if (!busy || attempt === 5) return result;
    await sleep(50 * attempt);
  }
}

function runOnce({
  argv,
  seconds,
  maxOutputBytes,
  leftovers,
  environment,
  signal,
}: BoundedRun): Promise<RunResult> {
  const [program = "", ...rest] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd: "/",
      env: { ...minimalEnvironment(), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const killGroup = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // The group is gone already.
      }
    };
    let settled = false;
    const settle = (result: RunResult): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      if (leftovers === "kill" || result.kind !== "exited") killGroup();
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(result);
    };
    const onAbort = (): void => settle({ kind: "aborted" });
    const output = () => ({ stdout: stdout(), stderr: stderr() });
    const timer = setTimeout(() => settle({ kind: "timeout", ...output() }), seconds * 1000);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();

    const collect = (stream: NodeJS.ReadableStream): (() => string) => {
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxOutputBytes) settle({ kind: "too-much-output", ...output() });
        else chunks.push(chunk);
      });
      return () => Buffer.concat(chunks).toString("utf8");
    };
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    child.on("error", (error) => {
      settle({ kind: "cannot-start", errno: "code" in error ? String(error.code) : error.message });
    });
    const exited = (code: number | null, by: NodeJS.Signals | null): void =>
      settle({ kind: "exited", code, signal: by, ...output() });
    // A left-behind process may hold the pipes open: after the exit, wait for the output, but not for long.
    child.on("close", exited);
    child.on("exit", (code, by) => setTimeout(exited, 200, code, by).unref());
  });
}
