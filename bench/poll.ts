/**
 * The quiet poll: a conditional request that is answered 304, one core for the server. Beside nginx, which serves the
 * same bytes from a file, and beside a bare node:http server that answers from memory.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../test/support/free-port.ts";
import { waitUntil } from "../test/support/wait-until.ts";
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

async function startNginx(folder: string, port: number, body: Buffer): Promise<ChildProcess> {
  await mkdir(join(folder, "www/tuf"), { recursive: true });
  await writeFile(join(folder, "www/tuf/timestamp.json"), body);
  // Started by root, its worker would become a user who may not enter the temporary folder.
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const configuration = `
    ${user} worker_processes 1; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 1024; }
    http {
      access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 100000000;
      types { application/json json; }
      server { listen 127.0.0.1:${port}; root ${folder}/www; }
    }`;
  await writeFile(join(folder, "nginx.conf"), configuration);
  return spawn("taskset", ["-c", SERVER_CORE, "nginx", "-c", join(folder, "nginx.conf")], {
    stdio: "ignore",
  });
}

/** It sends the headers that a cache needs with a 304, too (RFC 9110, section 15.4.5): each costs node:http time. */
const BARE_SERVER = `
  const body = Buffer.from(process.argv[2], "base64");
  const unchanged = { etag: '"bare"', "cache-control": "public, max-age=5, must-revalidate", vary: "Accept-Encoding" };
  const whole = { ...unchanged, "content-type": "application/json", "content-length": body.length };
  require("node:http").createServer((request, response) => {
    if (request.headers["if-none-match"] === '"bare"') { response.writeHead(304, unchanged); response.end(); }
    else { response.writeHead(200, whole); response.end(body); }
  }).listen(Number(process.argv[1]), "127.0.0.1");`;

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
    const [ours, nginx, bare] = [await freePort(), await freePort(), await freePort()];
    const serve = [
      join(top, "controller/main.ts"),
      "serve",
      "--dev-keys",
      "--repo",
      top,
      "--path",
      "releases",
    ];
    processes.push(
      spawn(
        "taskset",
        [
          ...["-c", SERVER_CORE, process.execPath, ...serve],
          ...["--state-dir", join(folder, "state"), "--port", String(ours)],
        ],
        { stdio: "ignore" },
      ),
    );
    const oursUrl = `http://127.0.0.1:${ours}/tuf/timestamp.json`;
    const { body } = await etagOf(oursUrl);
    processes.push(await startNginx(folder, nginx, body));
    const bareArguments = ["-e", BARE_SERVER, String(bare), body.toString("base64")];
    processes.push(
      spawn("taskset", ["-c", SERVER_CORE, process.execPath, ...bareArguments], { stdio: "ignore" }),
    );

    const contestants: Contestant[] = [];
    for (const [name, port] of [
      ["nginx, file", nginx],
      ["bare node:http, memory", bare],
      ["fairlead serve", ours],
    ] as const) {
      const url = `http://127.0.0.1:${port}/tuf/timestamp.json`;
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
