/**
 * From a commit to a signed manifest on disk, in a running controller: for the first time, and again after commits that
 * change one file. Beside a program that only reads and parses the same files.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { writeKeyFile } from "../controller/keys/key-file.ts";
import { Committer } from "./committer.ts";
import {
  channelFile,
  channelText,
  FLEETS,
  type FleetShape,
  MATRIX,
  tenantFile,
  tenantText,
  write,
  writeFleet,
} from "./fleets.ts";
import { type Measured, printTable } from "./measure.ts";
import { MeasuredController } from "./measured-controller.ts";

const ROUNDS = 3;
/** One-file commits of each kind a round. */
const COMMITS = 15;

interface Figures {
  readonly naive: number[];
  readonly cold: number[];
  readonly tenant: number[];
  readonly channel: number[];
}

export async function benchReconcile(): Promise<void> {
  for (const shape of [...FLEETS, MATRIX]) await benchFleet(shape);
}

async function benchFleet(shape: FleetShape): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
  try {
    const state = join(folder, "state");
    writeKeyFile(join(folder, "online.json"), writeFleet(state, shape));
    writeFileSync(join(folder, "naming-secret"), "5e".repeat(32), { mode: 0o600 });
    const figures: Figures = { naive: [], cold: [], tenant: [], channel: [] };
    for (let round = 0; round < ROUNDS; round++) await runRound(folder, shape, round, figures);
    const rows: Measured[] = [
      { name: "read and parse only, `yaml` package", unit: "ms", figures: figures.naive },
      { name: "cold: check, sign and store", unit: "ms", figures: figures.cold },
      { name: "one tenant's file changed, CPU", unit: "ms", figures: figures.tenant },
      { name: "one channel's file changed, CPU", unit: "ms", figures: figures.channel },
    ];
    printTable(`reconcile: ${shape.name}`, rows);
    const { heapUsed, rss } = process.memoryUsage();
    console.log(`  memory of this process: ${mebibytes(rss)} MiB, ${mebibytes(heapUsed)} MiB of it heap`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runRound(folder: string, shape: FleetShape, round: number, figures: Figures): Promise<void> {
  const state = join(folder, "state");
  const stateFolder = join(folder, `controller-${round}`);
  const committer = new Committer(state);
  const controller = await MeasuredController.open(state, stateFolder, join(folder, "online.json"));
  try {
    await elapsed(figures.cold, () => controller.reconcile());
    for (let commit = 0; commit < COMMITS; commit++) {
      const mark = `# ${round}.${commit}\n`;
      write(state, tenantFile(0), `${tenantText(commit % 2 === 0)}${mark}`);
      await committer.commit(`tenant ${commit}`);
      await computed(figures.tenant, () => controller.reconcile());
      write(state, channelFile(0), channelText(shape.versions - 1, mark));
      await committer.commit(`channel ${commit}`);
      await computed(figures.channel, () => controller.reconcile());
    }
    await elapsed(figures.naive, async () => {
      const snapshot = await controller.source.snapshot(await controller.source.head());
      for (const { bytes, path } of snapshot.files) if (path.endsWith(".yaml")) parse(bytes.toString("utf8"));
    });
  } finally {
    committer.close();
    controller.source.close();
  }
}

async function elapsed(into: number[], work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await work();
  into.push(performance.now() - startedAt);
}

/** What work costs this process, however busy the machine is otherwise. */
async function computed(into: number[], work: () => Promise<unknown>): Promise<void> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  into.push((user + system) / 1000);
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
