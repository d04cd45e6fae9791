/**
 * What the agent costs a machine, beside a node process that does nothing: wall time and peak memory of
 * one `update --check` as a whole process, as it is published and as one executable; and the memory of a daemon.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { appendFile, cp, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { LISTENING } from "../test/support/controller-process.ts";
import { waitForWords } from "../test/support/wait-until.ts";
import { interleave, type Measured, printTable } from "./measure.ts";

const run = promisify(execFile);
const top = join(import.meta.dirname, "..");
const NODE = process.execPath;
const published = [NODE, join(top, "dist/bin/fairlead-agent")] as const;

interface Cost {
  /** Milliseconds. */
  readonly wall: number;
  /** MiB, the highest resident set that /proc showed while it ran. */
  readonly memory: number;
}

/** Runs a program to its end, reading its peak resident set from /proc while it lives. */
async function costOf([program = "", ...args]: readonly string[]): Promise<Cost> {
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: "ignore" });
  let memory = 0;
  const sample = setInterval(() => {
    memory = Math.max(memory, memoryOf(child.pid, "VmHWM"));
  }, 2);
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once("exit", () => resolve());
  await promise;
  clearInterval(sample);
  return { wall: performance.now() - startedAt, memory };
}

/**
 * MiB: the highest so far (VmHWM), now (VmRSS), and what of that is the process's own, not pages of files that the kernel
 * can have back (RssAnon); 0 where the process has ended.
 */
function memoryOf(pid: number | undefined, field: "VmHWM" | "VmRSS" | "RssAnon"): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Pages of a file that was just written lie in large pieces in memory, of which a process is told all: the executable is
 * put out of the cache, and read as it would be on its machine.
 */
async function forgetPages(file: string): Promise<void> {
  await run("dd", [`of=${file}`, "oflag=nocache", "conv=notrunc,fdatasync", "count=0"]);
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

    const executable = join(folder, "fairlead-agent");
    await run(NODE, [join(top, "tools/build-sea.ts"), "--out", executable]);
    await forgetPages(executable);
    console.log(`\nsingle executable: ${((await stat(executable)).size / 1024 ** 2).toFixed(1)} MiB`);

    const enrolled = join(folder, "enrolled");
    await run(executable, [
      ...["enroll", "--server", server, "--product", "lantern", "--home", enrolled],
      ...["--install-path", join(folder, "lantern"), "--trust-on-first-use"],
    ]);
    const fresh = join(folder, "fresh");
    await cp(enrolled, fresh, { recursive: true });
    await run(executable, ["update", "--home", enrolled]);
    await compareCosts(folder, { enrolled, fresh }, executable);
    await compareDaemons(folder, enrolled, executable, server);
  } finally {
    controller?.kill("SIGTERM");
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param homes one that has just polled, and one that has never */
async function compareCosts(
  folder: string,
  { enrolled, fresh }: { readonly enrolled: string; readonly fresh: string },
  executable: string,
): Promise<void> {
  const memory = new Map<string, number[]>();
  let colds = 0;
  const once = (name: string, command: () => Promise<readonly string[]>) => ({
    name,
    unit: "ms",
    once: async () => {
      const cost = await costOf(await command());
      memory.set(name, [...(memory.get(name) ?? []), cost.memory]);
      return cost.wall;
    },
  });
  const check = ["update", "--check", "--home"] as const;
  const cold = async () => {
    const home = join(folder, `cold-${colds++}`);
    await cp(fresh, home, { recursive: true });
    return home;
  };
  await costOf([...published, ...check, enrolled]);

  const wall = await interleave(15, [
    once("empty node", async () => [NODE, "-e", ""]),
    once("node:http and node:crypto, loaded", async () => [NODE, "-e", LOADS_NETWORK]),
    once("package: quiet poll", async () => [...published, ...check, enrolled]),
    once("package: whole workflow", async () => [...published, ...check, await cold()]),
    once("executable: --version", async () => [executable, "--version"]),
    once("executable: quiet poll", async () => [executable, ...check, enrolled]),
    once("executable: quiet update", async () => [executable, "update", "--home", enrolled]),
    once("executable: whole workflow", async () => [executable, ...check, await cold()]),
  ]);
  printTable("agent, wall time of the whole process", wall);
  const rows: Measured[] = wall.map(({ name }) => ({ name, unit: "MiB", figures: memory.get(name) ?? [] }));
  printTable("agent, peak resident memory", rows);
}

const LOADS_NETWORK = 'require("node:http"); require("node:crypto")';
/** What no agent on these builtins can do without: a request, and a signature, each second. */
const ASKS_AND_VERIFIES = `
const http = require("node:http");
const { generateKeyPairSync, sign, verify } = require("node:crypto");
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const signature = sign(null, Buffer.alloc(500), privateKey);
const agent = new http.Agent({ keepAlive: true });
setInterval(() => {
  http.get(process.argv[1] + "/healthz", { agent }, (answer) => {
    answer.resume();
    verify(null, Buffer.alloc(500), publicKey, signature);
  });
}, 1000);`;
/** Seconds with a poll in each. */
const DAEMON_SECONDS = 60;

async function compareDaemons(
  folder: string,
  enrolled: string,
  executable: string,
  server: string,
): Promise<void> {
  const home = async (name: string) => {
    const copy = join(folder, name);
    await cp(enrolled, copy, { recursive: true });
    await appendFile(join(copy, "config.yaml"), "update_check_interval: 1s\n");
    return copy;
  };
  const commands: Readonly<Record<string, readonly string[]>> = {
    "node with a timer": [NODE, "-e", "setInterval(() => {}, 1000)"],
    "node:http and node:crypto, once a second": [NODE, "-e", ASKS_AND_VERIFIES, server.replace(/\/$/, "")],
    "checkout: run": [NODE, join(top, "bin/fairlead-agent"), "run", "--home", await home("daemon-checkout")],
    "package: run": [...published, "run", "--home", await home("daemon-package")],
    "executable: run": [executable, "run", "--home", await home("daemon-executable")],
  };
  const daemons = Object.entries(commands).map(([name, [program = "", ...args]]) => ({
    name,
    child: spawn(program, args, { stdio: "ignore" }),
  }));
  try {
    await sleep(DAEMON_SECONDS * 1000);
    for (const [what, field] of [
      ["resident memory", "VmRSS"],
      ["its own part of that", "RssAnon"],
      ["peak resident memory", "VmHWM"],
    ] as const) {
      const rows = daemons.map(({ name, child }) => ({
        ...{ name, unit: "MiB", figures: [memoryOf(child.pid, field)] },
      }));
      printTable(`agent, ${what} after ${DAEMON_SECONDS} polls`, rows);
    }
  } finally {
    for (const { child } of daemons) child.kill("SIGTERM");
  }
}
