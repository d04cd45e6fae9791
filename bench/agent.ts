/**
 * What the agent costs a machine: wall time and peak memory of one `update --check` as a whole process, compiled as it
 * is published, beside a node process that does nothing.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { LISTENING } from "../test/support/controller-process.ts";
import { waitForWords } from "../test/support/wait-until.ts";
import { interleave, type Measured, printTable } from "./measure.ts";

const run = promisify(execFile);
const top = join(import.meta.dirname, "..");
const agent = join(top, "dist/bin/fairlead-agent");

interface Cost {
  /** Milliseconds. */
  readonly wall: number;
  /** MiB, the highest resident set that /proc showed while it ran. */
  readonly memory: number;
}

/** Runs a process to its end, reading its peak resident set from /proc while it lives. */
async function costOf(args: readonly string[]): Promise<Cost> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  let peak = 0;
  const sample = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended.
    }
  }, 2);
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once("exit", () => resolve());
  await promise;
  clearInterval(sample);
  return { wall: performance.now() - startedAt, memory: peak / 1024 };
}

export async function benchAgent(): Promise<void> {
  await run(process.execPath, [join(top, "tools/make-package.ts")]);
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
  let controller: ChildProcess | undefined;
  try {
    const serve = [
      join(top, "controller/main.ts"),
      "serve",
      "--dev-keys",
      "--repo",
      top,
      "--path",
      "releases",
    ];
    const stateFolder = ["--state-dir", join(folder, "state"), "--port", "0"];
    controller = spawn(process.execPath, [...serve, ...stateFolder], { stdio: ["ignore", "pipe", "ignore"] });
    const server = await waitForWords(controller, LISTENING);

    const enrolled = join(folder, "enrolled");
    await run(process.execPath, [
      ...[agent, "enroll", "--server", server, "--product", "lantern", "--home", enrolled],
      ...["--install-path", join(folder, "lantern"), "--trust-on-first-use"],
    ]);
    await compareCosts(folder, enrolled);
  } finally {
    controller?.kill("SIGTERM");
    await rm(folder, { recursive: true, force: true });
  }
}

async function compareCosts(folder: string, enrolled: string): Promise<void> {
  const memory = new Map<string, number[]>();
  let homes = 0;
  const once = (name: string, args: () => Promise<readonly string[]>) => ({
    name,
    unit: "ms",
    once: async () => {
      const cost = await costOf(await args());
      memory.set(name, [...(memory.get(name) ?? []), cost.memory]);
      return cost.wall;
    },
  });
  const warm = join(folder, "warm");
  await cp(enrolled, warm, { recursive: true });
  await costOf([agent, "update", "--check", "--home", warm]);

  const wall = await interleave(9, [
    once("empty node", async () => ["-e", ""]),
    once("update --check, quiet poll", async () => [agent, "update", "--check", "--home", warm]),
    once("update --check, cold, whole workflow", async () => {
      const home = join(folder, `cold-${homes++}`);
      await cp(enrolled, home, { recursive: true });
      return [agent, "update", "--check", "--home", home];
    }),
  ]);
  printTable("agent, wall time of the whole process", wall);
  const rows: Measured[] = wall.map(({ name }) => ({ name, unit: "MiB", figures: memory.get(name) ?? [] }));
  printTable("agent, peak resident memory", rows);
}
