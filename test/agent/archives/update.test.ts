import assert from "node:assert/strict";
import { chmodSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sha256Hex } from "../../../protocol/digest.ts";
import { archiveMachine, lantern, type Packer, pack } from "./archive-machine.ts";

test("a product of many files is installed from a tar.zst, then a tar.gz, then a zip, and rolled back", async (t) => {
  const archives = new Map<string, Buffer>();
  const packers: readonly Packer[] = ["tar.zst", "tar.gz", "zip"];
  for (const [index, packer] of packers.entries()) {
    archives.set(
      `1.${index}.0`,
      await pack(t, lantern(`1.${index}.0`, { "lib/a/b/data.txt": "data" }), packer),
    );
  }
  const { updateTo, running, current, versions, status, leftovers, machine, root } = await archiveMachine(
    t,
    undefined,
  );
  for (const [version, archive] of archives) {
    const update = await updateTo(version, archive);
    assert.equal(update.code, 0, update.stdout + update.stderr);
    assert.equal(await running(), `lantern ${version}`);
    assert.equal(current(), `versions/${sha256Hex(archive)}`);
    assert.equal(status().installed?.id, sha256Hex(archive));
    const program = statSync(join(root, "current", "bin", "lantern"));
    const data = statSync(join(root, "current", "lib", "a", "b", "data.txt"));
    assert.deepEqual([program.mode & 0o777, data.mode & 0o777], [0o555, 0o444]);
  }
  const ids = [...archives.values()].map(sha256Hex);
  assert.deepEqual(versions(), ids.slice(1).sort(), "the version before the previous one is let go of");
  assert.deepEqual(leftovers(), [`previous-${ids[1]}`]);

  const back = await machine.agent("rollback");
  assert.equal(back.code, 0, back.stdout);
  assert.equal(await running(), "lantern 1.1.0");
});

test("a version that is not confirmed gives way to the one before, and stays to be looked at", async (t) => {
  const { updateTo, running, status, broken, versions } = await archiveMachine(
    t,
    await pack(t, lantern("1.0.0"), "tar.zst"),
    {
      confirm: ["sh", "-c", 'exec grep -q ^1.0 "$(dirname "$0")/../share/version"', "{path}"],
      confirm_attempts: 1,
    },
  );
  const update = await updateTo("1.1.0", await pack(t, lantern("1.1.0"), "tar.gz"));
  assert.equal(update.code, 1);
  assert.equal(await running(), "lantern 1.0.0");
  assert.deepEqual([status().journal, status().blocked[0]?.version], ["idle", "1.1.0"]);
  assert.equal(broken().length, 1);
  assert.equal(versions().length, 2, "the broken version's folder is kept");
});

test("a program that does not say its version is refused before current moves", async (t) => {
  const { updateTo, running, broken, status } = await archiveMachine(
    t,
    await pack(t, lantern("1.0.0"), "zip"),
  );
  const update = await updateTo("1.1.0", await pack(t, lantern("9.9.9"), "zip"));
  assert.match(update.stderr, /^error\[install\/wrong-version\]/m);
  assert.equal(await running(), "lantern 1.0.0");
  assert.equal(broken().length, 1);
  assert.equal(status().blocked[0]?.version, "1.1.0");
});

test("a previous version whose files were changed is not gone back to", async (t) => {
  const first = await pack(t, lantern("1.0.0"), "tar.gz");
  const { updateTo, machine, root, running, current } = await archiveMachine(t, first);
  await updateTo("1.1.0", await pack(t, lantern("1.1.0"), "tar.gz"));
  const file = join(root, "versions", sha256Hex(first), "share", "version");
  chmodSync(file, 0o644);
  writeFileSync(file, "1.0.1\n");
  const before = current();
  const back = await machine.agent("rollback");
  assert.equal(back.code, 1);
  assert.match(back.stderr, /^error\[install\/previous-damaged\][\s\S]*share\/version/m);
  assert.deepEqual([await running(), current()], ["lantern 1.1.0", before]);
});

test("a version whose files were changed is left for the next one all the same", async (t) => {
  const first = await pack(t, lantern("1.0.0"), "tar.gz");
  const { updateTo, root, running } = await archiveMachine(t, first);
  const file = join(root, "versions", sha256Hex(first), "share", "version");
  chmodSync(file, 0o644);
  writeFileSync(file, "1.0.1\n");
  assert.equal((await updateTo("1.1.0", await pack(t, lantern("1.1.0"), "zip"))).code, 0);
  assert.equal(await running(), "lantern 1.1.0");
});

test("a current that somebody else put there is left alone, and the message says so", async (t) => {
  const { updateTo, root, machine } = await archiveMachine(t, undefined);
  writeFileSync(join(root, "current"), "mine");
  const update = await updateTo("1.0.0", await pack(t, lantern("1.0.0"), "tar.gz"));
  assert.equal(update.code, 1);
  assert.match(update.stderr, /^error\[install\/io-error\][\s\S]*is not a link of this agent/m);
  assert.ok(readdirSync(machine.home).length > 0);
});
