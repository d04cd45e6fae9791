/**
 * How long the check of 10,000 files takes: whole processes beside ajv-cli and a naive loop; then in one process,
 * cold and again after one file changed.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkState } from "../controller/rules/check-state.ts";
import { readWorktreeSnapshot } from "../controller/source/read-worktree-snapshot.ts";
import type { Snapshot } from "../controller/source/snapshot.ts";
import { StateCache } from "../controller/state/state-cache.ts";
import { generateState, versionText } from "./generate-state.ts";
import { interleave, printTable } from "./measure.ts";

const TOP = join(import.meta.dirname, "..");
const FILES = 10_000;
const ROUNDS = 5;

export async function benchValidate(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
  const compileCache = mkdtempSync(join(tmpdir(), "fairlead-bench-compiled-"));
  try {
    generateState(root, FILES);
    makePackage();
    await compareProcesses(root, compileCache);
    await compareChecks(root);
  } finally {
    for (const folder of [root, compileCache]) rmSync(folder, { recursive: true, force: true });
  }
}

/** As it is published; what it depends on lies beside it, as where it is installed. */
function makePackage(): void {
  execFileSync(process.execPath, [join(TOP, "tools/make-package.ts")], { stdio: "ignore" });
  symlinkSync(join(TOP, "node_modules"), join(TOP, "dist/node_modules"));
}

async function compareProcesses(root: string, compileCache: string): Promise<void> {
  const schema = (name: string): string => join(TOP, "schemas", `${name}.schema.json`);
  // ajv-cli takes one schema a run: the version files are nearly all of the state, the others are left out for it.
  const ajvCli = [
    join(TOP, "node_modules/ajv-cli/dist/index.js"),
    ...["validate", "--spec=draft7", "--strict=false"],
    ...["-s", schema("version"), "-r", schema("common")],
    ...["-d", join(root, "products/*/versions/*.yaml")],
  ];
  const commands = {
    "ajv-cli, version files only": ajvCli,
    "naive loop, `yaml` and ajv": [join(import.meta.dirname, "check-naively.ts"), root],
    "fairlead validate, as it is published": [join(TOP, "dist/bin/fairlead"), "validate", "--root", root],
    "fairlead validate, in a checkout": [join(TOP, "bin/fairlead"), "validate", "--root", root],
  };
  // As on a machine where each has run before: the launcher keeps compiled code, and so may the peers.
  for (const [name, args] of Object.entries(commands)) timeProcess(name, args, compileCache);
  const contestants = Object.entries(commands).map(([name, args]) => ({
    name,
    unit: "ms",
    once: async () => timeProcess(name, args, compileCache),
  }));
  printTable(
    `check of ${FILES.toLocaleString("en")} files, whole process`,
    await interleave(ROUNDS, contestants),
  );
}

async function compareChecks(root: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const snapshot = await readWorktreeSnapshot(root, now);
  if (checkState(snapshot, { now }).model === undefined) throw new Error("the generated state has errors");
  let cache = new StateCache();
  let round = 0;
  const rows = await interleave(ROUNDS, [
    {
      name: "cold",
      unit: "ms",
      once: async () => {
        cache = new StateCache();
        return time(() => checkState(snapshot, { now, cache }));
      },
    },
    {
      name: "after one file changed",
      unit: "ms",
      once: async () => {
        const changed = withOneChange(snapshot, round++);
        return time(() => checkState(changed, { now, cache }));
      },
    },
  ]);
  printTable("the check alone, in a running process", rows);
}

/** The same snapshot with other release notes in its last version file. */
function withOneChange(snapshot: Snapshot, round: number): Snapshot {
  const path = "products/product-0/versions/1.7.0.yaml";
  const bytes = Buffer.from(versionText("product-0", "1.7.0", `Round ${round}.`));
  return {
    ...snapshot,
    files: snapshot.files.map((file) =>
      file.path === path ? { path, blob: `changed-${round}`, bytes } : file,
    ),
  };
}

function timeProcess(name: string, args: readonly string[], compileCache: string): number {
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
