/**
 * How long the check of a large state takes, beside ajv-cli and a naive loop in the same run: whole processes,
 * interleaved, medians. Then in one process: cold, and again after one file changed.
 *
 * node bench/validate/main.ts [files] [runs]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkState } from "../../controller/check-state.ts";
import { readWorktreeSnapshot } from "../../controller/source/read-worktree-snapshot.ts";
import type { Snapshot } from "../../controller/source/snapshot.ts";
import { StateCache } from "../../controller/state/state-cache.ts";
import { generateState, versionText } from "./generate-state.ts";

const TOP = join(import.meta.dirname, "..", "..");
const files = Number(process.argv[2] ?? "10000");
const runs = Number(process.argv[3] ?? "5");
const root = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
const compileCache = mkdtempSync(join(tmpdir(), "fairlead-bench-compiled-"));
try {
  generateState(root, files);
  compareProcesses();
  await compareReads();
} finally {
  for (const folder of [root, compileCache]) rmSync(folder, { recursive: true, force: true });
}

function compareProcesses(): void {
  const schema = (name: string): string => join(TOP, "schemas", `${name}.schema.json`);
  // ajv-cli takes one schema a run: the version files are nearly all of the state, the others are left out for it.
  const ajvCli = [
    join(TOP, "node_modules/ajv-cli/dist/index.js"),
    "validate",
    "--spec=draft7",
    "--strict=false",
    ...["-s", schema("version"), "-r", schema("common")],
    ...["-d", join(root, "products/*/versions/*.yaml")],
  ];
  const commands = {
    "ajv-cli (versions only)": ajvCli,
    "naive loop": [join(import.meta.dirname, "check-naively.ts"), root],
    "fairlead validate": [join(TOP, "bin/fairlead"), "validate", "--root", root],
  };
  const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
  // As on a machine where each has run before: the launcher keeps compiled code, and so may the peers.
  for (const [name, args] of Object.entries(commands)) timeProcess(name, args);
  for (let run = 0; run < runs; run++) {
    for (const [name, args] of Object.entries(commands)) times.get(name)?.push(timeProcess(name, args));
  }
  const peer = median(times.get("ajv-cli (versions only)") ?? []);
  process.stdout.write(`whole process, ${files} files, median of ${runs} interleaved runs\n`);
  for (const [name, taken] of times) {
    process.stdout.write(
      `  ${name.padEnd(24)} ${median(taken).toFixed(0).padStart(7)} ms  ${ratio(median(taken), peer)} of ajv-cli\n`,
    );
  }
}

async function compareReads(): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const snapshot = await readWorktreeSnapshot(root, now);
  const cold: number[] = [];
  const changed: number[] = [];
  const warmUp = checkState(snapshot, { now });
  if (warmUp.model === undefined) throw new Error("the generated state has errors");
  for (let run = 0; run < runs; run++) {
    const cache = new StateCache();
    cold.push(time(() => checkState(snapshot, { now, cache })));
    changed.push(time(() => checkState(withOneChange(snapshot, run), { now, cache })));
  }
  process.stdout.write("the check alone, in a running process\n");
  process.stdout.write(`  cold                     ${median(cold).toFixed(0).padStart(7)} ms\n`);
  process.stdout.write(
    `  one file changed         ${median(changed).toFixed(0).padStart(7)} ms  ${ratio(median(changed), median(cold))} of cold\n`,
  );
}

/** The same snapshot with other release notes in its last version file. */
function withOneChange(snapshot: Snapshot, run: number): Snapshot {
  const path = "products/product-0/versions/1.7.0.yaml";
  const bytes = Buffer.from(versionText("product-0", "1.7.0", `Run ${run}.`));
  return {
    ...snapshot,
    files: snapshot.files.map((file) =>
      file.path === path ? { path, blob: `changed-${run}`, bytes } : file,
    ),
  };
}

function timeProcess(name: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: TOP,
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    stdio: ["ignore", "ignore", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  const taken = performance.now() - start;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.toString().slice(0, 500)}`);
  return taken;
}

function time(task: () => unknown): number {
  const start = performance.now();
  task();
  return performance.now() - start;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function ratio(value: number, of: number): string {
  return (value / of).toFixed(2);
}
