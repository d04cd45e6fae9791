import assert from "node:assert/strict";
import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { NEWEST_FORMAT } from "../../../controller/fleet/store/sqlite/migrate.ts";
import { openSqliteStore } from "../../../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { run } from "../../support/run-command.ts";
import { onSmallDisk, whyNoSmallDisk } from "../../support/small-disk.ts";
import { checkIn, confirmed, enrol, failed, record, STABLE, START } from "./sample-fleet.ts";

async function freshFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-store-"));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

test("a new database is for this user only, and opens again with what it held", async (context) => {
  const path = join(await freshFolder(context), "fleet.db");
  const store = openSqliteStore(path);
  const device = await enrol(store, "d-1");
  for (const file of [path, `${path}-wal`]) assert.equal(statSync(file).mode & 0o777, 0o600);
  await store.close();
  const again = openSqliteStore(path);
  assert.deepEqual(await again.devices.get("d-1"), device);
  await again.close();
});

test("every earlier format is brought to the newest, and keeps what it held", async (context) => {
  const folder = await freshFolder(context);
  for (let format = 1; format <= NEWEST_FORMAT; format++) {
    const path = join(folder, `format-${format}.db`);
    const old = new DatabaseSync(path);
    old.exec(readFileSync(join(import.meta.dirname, "formats", `format-${format}.sql`), "utf8"));
    old.close();
    const store = openSqliteStore(path);
    const device = await store.devices.get("d-1");
    assert.deepEqual([device?.tenant, device?.installations[0]?.installed?.version], ["acme", "1.0.0"]);
    const when = {
      underWayFrom: START,
      enrolledBefore: START + 1,
      silentBefore: null,
      after: null,
      now: START + 100,
    };
    assert.equal((await store.rollouts.tallies(STABLE, when))[0]?.failed, 1);
    const census = await store.devices.census("agent", "stable", null, START + 100);
    assert.deepEqual(
      census.map(({ version, tenant, site, devices }) => [version, tenant, site, devices]),
      [["1.0.0", "acme", "berlin", 1]],
    );
    const [cause] = await store.rollouts.causes(STABLE, null);
    assert.deepEqual([cause?.signature, cause?.site], ["the program ended with #", "berlin"]);
    assert.equal((await store.attempts.ofDevice("d-1", { limit: 5 })).rows[0]?.log, "it's the end");
    assert.equal((await store.rollouts.overlays()).length, 1);
    assert.equal((await store.audit.list(null, { limit: 5 })).rows.length, 3);
    assert.equal((await record(store, { device: "d-1", now: START + 100 })).isCopy, false);
    await store.close();
  }
});

test("a database of a newer version of the program is refused by its format and left as it is", async (context) => {
  const path = join(await freshFolder(context), "fleet.db");
  await openSqliteStore(path).close();
  const newer = new DatabaseSync(path);
  newer.exec(`PRAGMA user_version = ${NEWEST_FORMAT + 1}`);
  newer.close();
  assert.throws(() => openSqliteStore(path), {
    code: "store/too-new",
    message: `\`${path}\` has format ${NEWEST_FORMAT + 1}, and this version knows formats up to ${NEWEST_FORMAT}`,
  });
});

test("what is no database, or another program's, is refused and left as it is", async (context) => {
  const folder = await freshFolder(context);
  const text = join(folder, "text.db");
  writeFileSync(
    text,
    "not a database, and longer than a header of SQLite would be, which is a hundred bytes\n".repeat(99),
  );
  const foreign = join(folder, "foreign.db");
  const other = new DatabaseSync(foreign);
  other.exec("CREATE TABLE songs (title TEXT); PRAGMA user_version = 1");
  other.close();
  const unversioned = join(folder, "unversioned.db");
  const third = new DatabaseSync(unversioned);
  third.exec("CREATE TABLE songs (title TEXT)");
  third.close();
  for (const path of [text, foreign, unversioned]) {
    const before = readFileSync(path);
    assert.throws(() => openSqliteStore(path), { code: "store/damaged", help: /move/ }, path);
    // SQLite notes in two bytes of the header that the file has a log beside it; nothing else may differ.
    assert.equal(readFileSync(path).length, before.length);
  }
});

test("a database that lost its end, or whose pages were overwritten, says so and answers nothing wrong", async (context) => {
  const folder = await freshFolder(context);
  const cut = join(folder, "cut.db");
  const scribbled = join(folder, "scribbled.db");
  for (const path of [cut, scribbled]) {
    const store = openSqliteStore(path);
    for (let device = 0; device < 50; device++) await enrol(store, `d-${device}`);
    await store.close();
  }
  truncateSync(cut, 4096 * 3);
  const bytes = readFileSync(scribbled);
  writeFileSync(scribbled, bytes.fill(0xa5, 4096));
  for (const path of [cut, scribbled]) {
    const use = async (): Promise<void> => {
      const store = openSqliteStore(path);
      try {
        await store.devices.list({ tenants: null }, { limit: 100 }, START);
      } finally {
        await store.close();
      }
    };
    await assert.rejects(use, { code: "store/damaged", help: /restore the last backup/ });
  }
});

test("a database that another program holds is not opened, and a write that meets it fails by name", async (context) => {
  const path = join(await freshFolder(context), "fleet.db");
  const store = openSqliteStore(path);
  await enrol(store, "d-1");
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  await assert.rejects(record(store, { device: "d-1" }), { code: "store/locked", retry: "waiting" });
  assert.equal((await store.devices.get("d-1"))?.lastSeenAt, null, "reading goes on");
  other.exec("ROLLBACK");
  other.close();
  assert.equal((await record(store, { device: "d-1" })).isCopy, false);
  await store.close();
  const alone = new DatabaseSync(path);
  alone.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  assert.throws(() => openSqliteStore(path), { code: "store/locked" });
  alone.close();
});

test("a folder that is not there, or in the place of the file, is named", async (context) => {
  const folder = await freshFolder(context);
  await mkdir(join(folder, "fleet.db"));
  assert.throws(() => openSqliteStore(join(folder, "fleet.db")), { code: "store/not-permitted" });
  assert.throws(() => openSqliteStore(join(folder, "none", "fleet.db")), { code: "store/io-error" });
});

const noSmallDisk = await whyNoSmallDisk();

test("on a full disk check-ins are refused by name, nothing is lost, and it goes on when there is space", {
  skip: noSmallDisk,
}, async (context) => {
  const folder = await freshFolder(context);
  const program = join(import.meta.dirname, "fill-disk.ts");
  const [command = "", ...args] = onSmallDisk({ size: "2m", folder, content: "empty" }, [
    process.execPath,
    program,
    folder,
  ]);
  const { code, stdout, stderr } = await run(command, args);
  assert.equal(code, 0, stderr);
  const told: unknown = JSON.parse(stdout);
  assert.deepEqual(told, { refused: "store/disk-full", readable: true, lost: 0, goesOn: true });
});

test("a backup that is taken in the middle of check-ins opens, and holds what was there when it began", async (context) => {
  const folder = await freshFolder(context);
  const store = openSqliteStore(join(folder, "fleet.db"));
  for (let device = 0; device < 20; device++) await enrol(store, `d-${device}`);
  await record(store, { device: "d-0", checkIn: { attempts: [confirmed("before")] } });
  const path = join(folder, "backup.db");
  writeFileSync(path, "an older backup, which stays until the new one is whole");
  const taken = store.upkeep.backUp(path);
  for (let turn = 1; turn < 50; turn++) {
    const attempts = [failed(`${turn}`)];
    await store.checkIns.record(checkIn({ device: "d-1", now: START + turn, checkIn: { attempts } }));
  }
  await taken;
  await store.close();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const restored = openSqliteStore(path);
  assert.equal((await restored.upkeep.size()).devices, 20);
  assert.equal((await restored.attempts.ofDevice("d-0", { limit: 5 })).rows[0]?.id, "before");
  await record(restored, { device: "d-0", now: START + 100 });
  await restored.close();
  await assert.rejects(
    async () => {
      const again = openSqliteStore(join(folder, "fleet.db"));
      try {
        await again.upkeep.backUp(join(folder, "none", "backup.db"));
      } finally {
        await again.close();
      }
    },
    { code: "store/io-error" },
  );
});
