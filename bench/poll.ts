/**
 * The quiet poll: a conditional request that is answered 304, one core for the server. Beside nginx, which serves the
 * same bytes from a file, and beside a bare node:http server that answers from memory.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { LISTENING } from "../test/support/controller-process.ts";
import { waitForWords, waitUntil } from "../test/support/wait-until.ts";
import { interleave, type Measured, median, printTable } from "./measure.ts";

const run = promisify(execFile);
const SERVER_CORE = "0";
const LOAD_CORE = "1";
const top = join(import.meta.dirname, "..");

interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly etag: string;
}

interface WrkResult {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p99: number;
}

async function wrk(url: string, etag: string | undefined): Promise<WrkResult> {
  const header = etag === undefined ? [] : ["-H", `If-None-Match: ${etag}`];
  const args = ["-c", LOAD_CORE, "wrk", "-t1", "-c64", "-d3s", "--latency", ...header, url];
  const { stdout } = await run("taskset", args);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  const [, p99 = "NaN", unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  return { perSecond, p99: Number(p99) * (unit === "us" ? 0.001 : unit === "s" ? 1000 : 1) };
}

/** It cannot be told to take any free port, so it tries one after the other. It writes its pid once it listens. */
async function startNginx(folder: string, body: Buffer): Promise<{ child: ChildProcess; url: string }> {
  await mkdir(join(folder, "www/tuf"), { recursive: true });
  await writeFile(join(folder, "www/tuf/timestamp.json"), body);
  // Started by root, its worker would become a user who may not enter the temporary folder.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  for (let port = 18_090; ; port++) {
    const configuration = `
      ${user} worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
      events { worker_connections 1024; }
      http {
        access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 100000000;
        types { application/json json; }
        server { listen 127.0.0.1:${port}; root ${folder}/www; }
      }`;
    await writeFile(join(folder, "nginx.conf"), configuration);
    const args = ["-c", SERVER_CORE, "nginx", "-c", join(folder, "nginx.conf")];
    const child = spawn("taskset", args, { stdio: "ignore" });
    const listens = await waitUntil("nginx to listen", () => {
      if (existsSync(join(folder, "nginx.pid"))) return true;
      return child.exitCode === null ? undefined : false;
    });
    if (listens) return { child, url: `http://127.0.0.1:${port}` };
    const said = await readFile(join(folder, "error.log"), "utf8");
    if (!said.includes("Address already in use")) throw new Error(said);
  }
}

/** It sends the headers that a cache needs with a 304, too (RFC 9110, section 15.4.5): each costs node:http time. */
const BARE_SERVER = `
  const body = Buffer.from(process.argv[1], "base64");
  const unchanged = { etag: '"bare"', "cache-control": "public, max-age=5, must-revalidate", vary: "Accept-Encoding" };
  const whole = { ...unchanged, "content-type": "application/json", "content-length": body.length };
  require("node:http").createServer((request, response) => {
    if (request.headers["if-none-match"] === '"bare"') { response.writeHead(304, unchanged); response.end(); }
    else { response.writeHead(200, whole); response.end(body); }
  }).listen(0, "127.0.0.1", function () { console.log("http://127.0.0.1:" + this.address().port); });`;

async function etagOf(url: string): Promise<{ etag: string; body: Buffer }> {
  return waitUntil(`${url} to answer`, async () => {
    const response = await fetch(url, { headers: { "accept-encoding": "identity" } }).catch(() => undefined);
    if (response?.status !== 200) return undefined;
    return { etag: response.headers.get("etag") ?? "", body: Buffer.from(await response.arrayBuffer()) };
  });
}

export async function benchPoll(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
  const processes: ChildProcess[] = [];
  try {
    const startOnCore = (...args: readonly string[]): ChildProcess => {
      const child = spawn("taskset", ["-c", SERVER_CORE, process.execPath, ...args], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      processes.push(child);
      return child;
    };
    const ours = await waitForWords(
      startOnCore(
        ...[join(top, "controller/main.ts"), "serve", "--dev-keys", "--repo", top, "--path", "releases"],
        ...["--state-dir", join(folder, "state"), "--port", "0"],
      ),
      LISTENING,
    );
    const { body } = await etagOf(`${ours}/tuf/timestamp.json`);
    const nginx = await startNginx(folder, body);
    processes.push(nginx.child);
    const bare = await waitForWords(startOnCore("-e", BARE_SERVER, body.toString("base64")), /(\S+)\n/);

    const contestants: Contestant[] = [];
    for (const [name, server] of [
      ["nginx, file", nginx.url],
      ["bare node:http, memory", bare],
      ["fairlead serve", ours],
    ] as const) {
      const url = `${server}/tuf/timestamp.json`;
      contestants.push({ name, url, etag: (await etagOf(url)).etag });
    }
    await comparePolls(contestants);
  } finally {
    for (const child of processes) child.kill("SIGTERM");
    await rm(folder, { recursive: true, force: true });
  }
}

async function comparePolls(contestants: readonly Contestant[]): Promise<void> {
  for (const quiet of [true, false]) {
    const latencies = new Map<string, number[]>();
    const throughput = await interleave(
      3,
      contestants.map(({ name, url, etag }) => ({
        name,
        unit: "req/s",
        once: async () => {
          const { perSecond, p99 } = await wrk(url, quiet ? etag : undefined);
          latencies.set(name, [...(latencies.get(name) ?? []), p99]);
          return perSecond;
        },
      })),
    );
    const answer = quiet ? "quiet poll (304)" : "whole timestamp (200)";
    printTable(`${answer}, requests per second, one core, 64 connections`, throughput);
    const rows: Measured[] = contestants.map(({ name }) => ({
      name,
      unit: "ms",
      figures: latencies.get(name) ?? [],
    }));
    printTable(`${answer}, 99th percentile at that load`, rows);
    if (rows.some(({ figures }) => Number.isNaN(median(figures))))
      console.log("  (a figure could not be read)");
  }
}
