import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { RegularUpkeep } from "../../controller/serve/fleet/regular-upkeep.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;

/** An upkeep over a store that tells what was asked of it, and the file of its backup. */
async function open(t: TestContext, expire: () => Promise<number> = async () => 0) {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-upkeep-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "fleet.backup.db");
  const told: string[] = [];
  const store = {
    expire,
    async backUp(to: string) {
      told.push("backed up");
      await writeFile(to, "copy");
      await utimes(to, NOW, NOW);
    },
    size: async () => ({ devices: 0, attempts: 0, bytes: 0 }),
  };
  const upkeep = new RegularUpkeep(
    store,
    path,
    () => NOW,
    (why) => told.push(why),
  );
  return { upkeep, path, told };
}

test("the fleet's database is backed up where there is no backup, and not again on the same day", async (t) => {
  const { upkeep, told } = await open(t);
  for (let turn = 0; turn < 3; turn++) await upkeep.runOnce();
  assert.deepEqual(told, ["backed up"]);
});

test("a backup of yesterday, or of a clock that was set back, is written again", async (t) => {
  for (const written of [NOW - DAY, NOW + 2 * DAY]) {
    const { upkeep, path, told } = await open(t);
    await writeFile(path, "old");
    await utimes(path, written, written);
    await upkeep.runOnce();
    assert.deepEqual(told, ["backed up"]);
  }
});

test("what cannot be dropped is told, and backed up all the same", async (t) => {
  const { upkeep, told } = await open(t, () => Promise.reject(new Error("the disk is full")));
  await upkeep.runOnce();
  assert.deepEqual(told, ["the disk is full", "backed up"]);
});
