import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { whyNoPrivateMachine } from "../support/private-machine.ts";
import { run } from "../support/run-command.ts";
import { whyNoStrace } from "../support/strace.ts";
import { TORTURED_FORMATS } from "./formats/formats.ts";
import type { Progress, Tally } from "./kills.ts";
import { PowerlessDisk } from "./power-cuts.ts";
import { Rig } from "./rig.ts";
import { SCENARIOS } from "./scenarios.ts";
import { type Part, readSettings, USAGE } from "./settings.ts";
import { tasksOf } from "./tasks.ts";
import { traced } from "./traced-run.ts";

/** Another slice of the whole at each run of the pipeline would be a test that fails now and then. */
const SEED = "7";
/** What machines that have a package manager need. */
const PRIVATE = ["flock", "xfs_io"];
const DEB = ["apt-get", "dpkg-deb"];
const RPM = ["rpm", "rpmbuild"];
const silent: Progress = () => undefined;

/** A few points of a part, chosen by the seed or named. */
async function slice(t: TestContext, part: Part, ...more: readonly string[]): Promise<void> {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const settings = readSettings(["--only", part, "--seed", SEED, ...more]);
  assert.ok(settings !== undefined);
  const tallies: Tally[] = [];
  for (const task of tasksOf(settings)) {
    const result = await task.run(silent);
    if (typeof result === "string") {
      t.skip(result);
      return;
    }
    tallies.push(result);
  }
  assert.deepEqual(
    tallies.flatMap(({ findings }) => findings),
    [],
  );
  assert.ok(tallies.length > 0 && tallies.every(({ faults }) => faults > 0), "nothing was done");
}

/** Points of one scenario of one format. */
const of = (format: string, scenario: string, ...more: readonly string[]): readonly string[] => [
  ...["--format", format, "--scenario", scenario],
  ...more,
];

for (const scenario of ["an update that is not confirmed", "a recovery that confirms"]) {
  test(`killed at some calls of ${scenario}, the machine comes to the right end`, (t) =>
    slice(t, "kills", ...of("binary", scenario, "--points", "4")));
}

test("killed again while it recovers, the machine comes to the right end", (t) =>
  slice(t, "double-kills", ...of("binary", "a recovery that rolls back", "--doubles", "3")));

test("whatever call of a first installation the disk refuses, the machine comes to a right end", (t) =>
  slice(t, "refusals", ...of("binary", "a first installation", "--points", "5")));

test("whenever the power goes in an update, the machine comes to the right end", (t) =>
  slice(t, "power-cuts", ...of("binary", "a rollback by a person", "--points", "2")));

test("killed at some calls of an archive's update, the machine comes to the right end", (t) =>
  slice(t, "kills", ...of("archive", "an update that is not confirmed", "--points", "4")));

test("whatever call of an archive's update the disk refuses, the machine comes to a right end", (t) =>
  slice(t, "refusals", ...of("archive", "a rollback by a person", "--points", "4")));

test("whenever the power goes in an archive's installation, the machine comes to the right end", (t) =>
  slice(t, "power-cuts", ...of("archive", "a first installation", "--points", "2")));

/** Where each package manager has laid a new file down that it has no record of yet. */
const UNRECORDED = [
  ["deb", "rename /opt/lantern/share/new-in-1.1.0.dpkg-new", [...DEB, ...PRIVATE]],
  ["rpm", "pwrite64 /var/log/rpm/rpmdb.sqlite-wal #1", [...RPM, ...PRIVATE]],
] as const;

for (const [format, at, programs] of UNRECORDED) {
  const skip = whyNoPrivateMachine(...programs);
  test(`killed with files of a ${format} laid down that nobody knows of, its package manager leaves none`, async (t) => {
    const missing = await skip;
    if (missing !== false) t.skip(missing);
    else await slice(t, "kills", ...of(format, "an update that reports", "--at", at, "--points", "4"));
  });

  test(`whatever call of the agent or of its package manager is refused, a ${format} comes to a right end`, async (t) => {
    const missing = await skip;
    if (missing !== false) t.skip(missing);
    else await slice(t, "refusals", ...of(format, "a first installation", "--points", "3"));
  });

  test(`whenever the power goes in an update of a ${format}, the machine comes to the right end`, async (t) => {
    const missing = await skip;
    if (missing !== false) t.skip(missing);
    else await slice(t, "power-cuts", ...of(format, "a rollback by a person", "--points", "2"));
  });
}

test("no byte of the metadata may be another, and none may be missing", (t) =>
  slice(t, "metadata", "--points", "150"));

test("a disk without power forgets what was not synced, and keeps what was", async (t) => {
  const scratch = mkdtempSync(join(tmpdir(), "fairlead-disk-"));
  const disk = await PowerlessDisk.create(scratch);
  if (typeof disk === "string") {
    t.skip(disk);
    return;
  }
  try {
    writeFileSync(join(disk.folder, "synced"), "x");
    await disk.settle();
    writeFileSync(join(disk.folder, "unsynced"), "x");
    await disk.cut("lost");
    assert.deepEqual(
      ["synced", "unsynced"].map((name) => existsSync(join(disk.folder, name))),
      [true, false],
    );
  } finally {
    await disk.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
});

test("an agent that leaves something half-done is found out", async (t) => {
  const missing = await whyNoStrace();
  const [format] = TORTURED_FORMATS;
  const update = SCENARIOS.find(({ name }) => name === "an update");
  if (missing !== undefined || format === undefined || update === undefined) {
    t.skip(missing ?? "there is nothing to torture");
    return;
  }
  const scratch = mkdtempSync(join(tmpdir(), "fairlead-found-out-"));
  t.after(() => rmSync(scratch, { recursive: true, force: true }));
  const rig = await Rig.set(t, format, update, scratch);
  await rig.machine.putBack();
  const { machine } = rig;
  await run("sh", ["-c", `echo half >"${machine.folder}/lantern"`]);
  assert.match(rig.instantProblem() ?? "", /5 bytes that are no version's/);
  await machine.putBack();
  await run("touch", [join(machine.folder, ".lantern.fairlead", "staged-forgotten.part")]);
  await run("touch", [join(machine.folder, "lantern.tmp")]);
  assert.match((await rig.recoveryProblem()) ?? "", /kept is .*lantern\.tmp/);
});

test("calls that change the disk are told by what they are about, and others are not", async (t) => {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "fairlead-traced-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const script =
    'const { writeFileSync, renameSync, readFileSync } = require("node:fs"); const [, d] = process.argv;';
  const work = 'writeFileSync(d + "/a", "x"); renameSync(d + "/a", d + "/b"); readFileSync(d + "/b");';
  const { points } = await traced(
    [process.execPath, "-e", script + work, folder],
    folder,
    join(folder, "log"),
  );
  assert.deepEqual(
    points.map(({ label }) => label),
    ["openat a #1", "write a #1", "rename a #1"],
  );
});

test("`npm run torture` says how it is used, and refuses what it does not know", () => {
  assert.match(USAGE, /--points N/);
  assert.throws(() => readSettings(["--only", "sleep"]), TypeError);
  assert.throws(() => readSettings(["--points", "many"]), TypeError);
  assert.throws(() => readSettings(["--what"]), TypeError);
});
