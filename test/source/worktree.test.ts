import assert from "node:assert/strict";
import { chmodSync, existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runGit } from "../../controller/source/git-process.ts";
import { openRepository } from "../../controller/source/git-repository.ts";
import { readSnapshot } from "../../controller/source/read-snapshot.ts";
import { readWorktreeSnapshot } from "../../controller/source/read-worktree-snapshot.ts";
import type { SnapshotFile } from "../../controller/source/snapshot.ts";
import { ScratchRepository, scratchFolder } from "./scratch-repository.ts";

/** What those of a work tree make only when somebody asks. */
function plainly(files: readonly SnapshotFile[]): SnapshotFile[] {
  return files.map(({ path, blob, bytes }) => ({ path, blob, bytes }));
}

test("the work tree gives the files and blob ids that its commit gives", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.write("releases/fleet.yaml", "name: Flotte für Ärzte\n");
  scratch.write("releases/trust/targets.json", "{}");
  scratch.write("releases/.fairlead/keys.yaml", "secret: 1\n");
  scratch.write("releases/artifacts/x.yaml", "x");
  scratch.promote("1.0.0");
  const repository = await openRepository(scratch.folder);
  t.after(() => repository.close());
  const committed = await readSnapshot(repository, scratch.head, "releases");
  const edited = await readWorktreeSnapshot(join(scratch.folder, "releases"), 5);
  assert.deepEqual(plainly(edited.files), committed.files);
  assert.deepEqual([edited.commit, edited.committedAt, edited.irregular], ["worktree", 5, []]);
});

test("files of every length are read whole, however many are read next to each other", async (t) => {
  const scratch = new ScratchRepository(t);
  const lengths = [
    0,
    1,
    16_383,
    16_384,
    16_385,
    65_536,
    262_144,
    ...Array.from({ length: 60 }, (_, i) => i * 97),
  ];
  for (const [index, length] of lengths.entries()) {
    const text = `${index} `.repeat(Math.ceil(length / 2)).slice(0, length);
    scratch.write(`tenants/t-${index}.yaml`, text);
  }
  scratch.promote("1.0.0");
  const repository = await openRepository(scratch.folder);
  t.after(() => repository.close());
  const committed = await readSnapshot(repository, scratch.head, "");
  const edited = await readWorktreeSnapshot(scratch.folder, 0);
  assert.deepEqual(plainly(edited.files), committed.files);
});

test("symbolic links and large files of the work tree are listed and not read", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.write("fleet.yaml", "a: 1\n");
  scratch.write("big.yaml", Buffer.alloc(262_145, "a"));
  symlinkSync("/etc/passwd", join(scratch.folder, "link.yaml"));
  symlinkSync("/etc", join(scratch.folder, "tenants"));
  const snapshot = await readWorktreeSnapshot(scratch.folder, 0);
  assert.deepEqual(
    snapshot.irregular.map(({ path, kind }) => [path, kind]),
    [
      ["big.yaml", "too-large"],
      ["link.yaml", "symlink"],
      ["tenants", "symlink"],
    ],
  );
  assert.equal(snapshot.files.length, 1);
});

test("a monitor that the repository's own config names never runs when we run git", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.promote("1.0.0");
  const trace = join(scratchFolder(t), "ran");
  scratch.write(".git/monitor", `#!/bin/sh\ntouch ${trace}\n`);
  chmodSync(join(scratch.folder, ".git/monitor"), 0o755);
  scratch.git("config", "core.fsmonitor", join(scratch.folder, ".git/monitor"));
  await runGit({ cwd: scratch.folder, args: ["status"] });
  assert.equal(existsSync(trace), false);
});
