/**
 * Whether a reconcile makes polls wait: conditional requests at a steady pace while a controller that has just been
 * started reads, checks and signs 50,000 files, and again when it is quiet; and the same of a bare server beside a thread
 * that works all the time, which says what the machine itself gives.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { Agent, request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeKeyFile } from "../controller/keys/key-file.ts";
import { waitUntil } from "../test/support/wait-until.ts";
import { FLEETS, type FleetShape, writeFleet } from "./fleets.ts";
import { type Measured, printTable } from "./measure.ts";

const ROUNDS = 3;
/** Milliseconds between two polls. */
const PACE = 2;
const QUIET_MS = 5_000;
/** What `deploy/fairlead.service` sets. */
const AS_DEPLOYED = {
  NODE_OPTIONS: "--max-semi-space-size=8 --v8-pool-size=1",
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "131072",
  MALLOC_TRIM_THRESHOLD_: "131072",
};
const top = join(import.meta.dirname, "..");

export async function benchDeaf(): Promise<void> {
  for (const shape of FLEETS.slice(2)) await benchFleet(shape);
}

async function benchFleet(shape: FleetShape): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
  let running: ChildProcess | undefined;
  try {
    const state = join(folder, "state");
    const key = join(folder, "online.json");
    writeKeyFile(key, writeFleet(state, shape));
    writeFileSync(join(folder, "naming-secret"), "5e".repeat(32), { mode: 0o600 });
    const quiet: number[] = [];
    const busy: number[] = [];
    const worst: number[] = [];
    const memory: number[] = [];
    const resident: number[] = [];
    // The first start has nothing to serve yet; each after it serves what the one before left.
    for (let round = 0; round <= ROUNDS; round++) {
      const port = await freePort();
      const args = ["serve", "--repo", state, "--path", "", "--online-key", key, "--port", String(port)];
      const child = spawn(
        process.execPath,
        [join(top, "controller/main.ts"), ...args, "--state-dir", join(folder, "controller")],
        { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...AS_DEPLOYED } },
      );
      running = child;
      const isDone = await listening(child, port);
      if (round > 0) {
        const during = await poll(port, isDone);
        busy.push(percentile(during, 0.99));
        worst.push(Math.max(...during));
        await sleep(1_000);
        quiet.push(percentile(await pollFor(port, QUIET_MS), 0.99));
        const { peak, resident: now } = memoryOf(child);
        memory.push(peak);
        resident.push(now);
      } else while (!isDone()) await sleep(100);
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("exit", resolve));
    }
    const rows: Measured[] = [
      { name: "99th percentile of a quiet poll", unit: "ms", figures: quiet },
      { name: "the same during a cold reconcile", unit: "ms", figures: busy },
      { name: "the slowest of those", unit: "ms", figures: worst },
    ];
    printTable(`polls: ${shape.name}`, rows);
    printTable("polls: a bare node:http server", await benchBystander());
    printTable(`memory: ${shape.name}`, [
      { name: "peak of the whole process", unit: "MiB", figures: memory },
      { name: "once it is quiet", unit: "MiB", figures: resident },
    ]);
  } finally {
    // One that was given up for never answering would keep this process waiting.
    running?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same of a server that has nothing else to do, and beside a thread that works all the time. */
async function benchBystander(): Promise<Measured[]> {
  const quiet: number[] = [];
  const busy: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const child = spawn(process.execPath, [join(top, "bench/busy-bystander.ts")], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...AS_DEPLOYED },
    });
    try {
      const [first] = (await once(child.stdout, "data")) as [Buffer];
      const port = Number(first.toString());
      quiet.push(percentile(await pollFor(port, QUIET_MS), 0.99));
      child.stdin.write("work\n");
      busy.push(percentile(await pollFor(port, QUIET_MS), 0.99));
    } finally {
      child.kill("SIGKILL");
    }
  }
  return [
    { name: "99th percentile of a quiet poll", unit: "ms", figures: quiet },
    { name: "the same beside a thread that works all the time", unit: "ms", figures: busy },
  ];
}

function pollFor(port: number, milliseconds: number): Promise<number[]> {
  const end = performance.now() + milliseconds;
  return poll(port, () => performance.now() > end);
}

/** Waits until it answers, which is long before its first reconcile has ended. */
async function listening(child: ChildProcess, port: number): Promise<() => boolean> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await waitUntil("it to listen", async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  });
  return () => output.includes("Fairlead listens on");
}

/** A port that was free a moment ago: the controller says which it has only after its first reconcile. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Polls one after the other, as agents do. @returns milliseconds of each */
async function poll(port: number, isOver: () => boolean): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const figures: number[] = [];
  let etag = "";
  while (!isOver()) {
    const startedAt = performance.now();
    etag = await new Promise<string>((resolve, reject) => {
      request(
        { port, agent, path: "/tuf/timestamp.json", headers: { "if-none-match": etag } },
        (response) => {
          // One that has nothing to serve answers at once, too.
          if (response.statusCode !== 304 && response.statusCode !== 200) {
            reject(new Error(`a poll was answered with ${response.statusCode}`));
          }
          response.resume().once("end", () => resolve(response.headers.etag ?? ""));
        },
      )
        .once("error", reject)
        .end();
    });
    figures.push(performance.now() - startedAt);
    await sleep(PACE);
  }
  agent.destroy();
  return figures;
}

function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Of the whole process, MiB. */
function memoryOf({ pid }: ChildProcess): { readonly peak: number; readonly resident: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mebibytes = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return { peak: mebibytes("VmHWM"), resident: mebibytes("VmRSS") };
}
