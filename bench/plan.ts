/**
 * What a change would do to 100,000 and to 1,000,000 devices: the whole process, from the file of the inventory to the
 * printed plan, beside a bare loop that asks `decide` once for each device on each side of the change.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Hex } from "../protocol/digest.ts";
import { interleave, printTable } from "./measure.ts";

const TOP = join(import.meta.dirname, "..");
const NOW = "2026-10-01T00:00:00Z";
const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-arm64"] as const;
const SITES = ["north", "south", "east"] as const;
const TENANTS = 20;

export async function benchPlan(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
  try {
    const root = join(folder, "state");
    makeChange(root);
    for (const [devices, rounds] of [
      [100_000, 5],
      [1_000_000, 1],
    ] as const) {
      const inventory = join(folder, `${devices}.ndjson`);
      writeInventory(inventory, devices);
      await compare(root, inventory, devices, rounds);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(root: string, inventory: string, devices: number, rounds: number): Promise<void> {
  let most = 0;
  const run = (args: readonly string[]): number => {
    const start = performance.now();
    const { status, stderr } = spawnSync("env", ["time", "-f", "%M", process.execPath, ...args], {
      cwd: root,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const taken = (performance.now() - start) / 1000;
    if (status !== 0) throw new Error(`it ended with ${status}: ${stderr.toString().slice(0, 500)}`);
    most = Number(stderr.toString().trim().split("\n").at(-1)) / 1024;
    return taken;
  };
  const memory: number[] = [];
  const rows = await interleave(rounds, [
    {
      name: "bare loop, `decide` on both sides",
      unit: "s",
      once: async () => run([join(import.meta.dirname, "decide-barely.ts"), root, inventory, NOW]),
    },
    {
      name: "fairlead plan",
      unit: "s",
      once: async () => {
        const range = ["--base", "main", "--head", "change", "--now", NOW];
        const taken = run([join(TOP, "bin/fairlead"), "plan", ...range, "--inventory", inventory]);
        memory.push(most);
        return taken;
      },
    },
  ]);
  printTable(`plan over ${devices.toLocaleString("en")} devices, whole process`, rows);
  printTable("its peak memory", [{ name: "fairlead plan", unit: "MiB", figures: memory }]);
}

/** A promotion with waves, canaries and a gate on a branch; a third of the tenants have windows. */
function makeChange(root: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const git = (...args: string[]): void => {
    const who = ["-c", "user.name=Bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"];
    const env = {
      ...process.env,
      GIT_COMMITTER_DATE: "2026-09-01T00:00:00Z",
      GIT_CONFIG_GLOBAL: "/dev/null",
    };
    execFileSync("git", [...who, ...args], { cwd: root, env, stdio: "ignore" });
  };
  write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\n");
  write("products/agent/product.yaml", "description: The agent.\n");
  for (let minor = 0; minor <= 10; minor++) {
    const artifacts = PLATFORMS.map((platform) => {
      const url = `https://downloads.acme.example/agent-1.${minor}.0-${platform}`;
      return `  - {platform: ${platform}, format: binary, url: "${url}", size: 1000000, sha256: "${sha256Hex(url)}"}\n`;
    });
    write(
      `products/agent/versions/1.${minor}.0.yaml`,
      `version: 1.${minor}.0\nreleaseNotes: Fixes.\nartifacts:\n${artifacts.join("")}`,
    );
  }
  for (let tenant = 0; tenant < TENANTS; tenant++) {
    const window = 'window: {days: [sat, sun], start: "02:00", duration: 4h, timeZone: Europe/Berlin}\n';
    write(
      `tenants/tenant-${tenant}.yaml`,
      `channel: ${tenant % 10 === 9 ? "beta" : "stable"}\n${tenant % 3 === 0 ? window : ""}sites:\n  north: {}\n  south: {channel: beta}\n  east: {}\ngroups:\n  canaries: {match: {ring: canary}}\n`,
    );
  }
  write("products/agent/channels/beta.yaml", "version: 1.10.0\n");
  write("products/agent/channels/stable.yaml", `version: 1.9.0\n${ROLLOUT}`);
  git("init", "-b", "main");
  git("add", "-A");
  git("commit", "-m", "Before");
  git("checkout", "-b", "change");
  write("products/agent/channels/stable.yaml", `version: 1.10.0\n${ROLLOUT}`);
  git("commit", "-am", "Promote 1.10.0 to stable");
}

const ROLLOUT = `rollout:
  strategy: linear
  waves:
    - {percent: 1%, after: 0s}
    - {percent: 10%, after: 4h}
    - {percent: 50%, after: 1d}
    - {percent: 100%, after: 2d}
  canary: {groups: [tenant-0/canaries]}
  gate: {maxFailureRate: 2%, minReports: 20, silentAfter: 24h}
`;

function writeInventory(path: string, devices: number): void {
  const file = openSync(path, "w");
  for (let index = 0; index < devices; index++) {
    const record = {
      device: `d-${sha256Hex(`${index}`).slice(0, 12)}`,
      tenant: `tenant-${index % TENANTS}`,
      site: SITES[index % 3],
      platform: PLATFORMS[(index % 7) % 3],
      product: "agent",
      installed: `1.${index % 11 === 0 ? 7 : index % 5 === 0 ? 8 : 9}.0`,
      labels: { ring: index % 100 === 0 ? "canary" : "broad" },
      lastSeen: new Date(1_790_000_000_000 + index * 1000).toISOString(),
    };
    writeSync(file, `${JSON.stringify(record)}\n`);
  }
  closeSync(file);
}
