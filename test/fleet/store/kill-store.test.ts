import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openSqliteStore } from "../../../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { enrol } from "./sample-fleet.ts";

const DEVICES = 40;
const KILLS = 12;

test("nothing that was acknowledged is lost when the process is killed in the middle of check-ins", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-store-"));
  context.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "fleet.db");
  const store = openSqliteStore(path);
  for (let device = 0; device < DEVICES; device++) await enrol(store, `d-${device}`);
  await store.close();

  const acknowledged = new Set<string>();
  for (let kill = 0; kill < KILLS; kill++) {
    // Each time after another number of them, so that the kills fall at different places of a transaction.
    const told = await acknowledgeUntilKilled(path, kill * 100_000, 50 + 173 * kill);
    for (const line of told) acknowledged.add(line);

    const database = new DatabaseSync(path);
    const kept = database
      .prepare("SELECT d.id || ' ' || a.id AS line FROM attempt a JOIN device d ON d.number = a.device")
      .all();
    const check = database.prepare("PRAGMA integrity_check").get();
    database.close();
    const lines = new Set(kept.map(({ line }) => line));
    assert.deepEqual(
      [...acknowledged].filter((line) => !lines.has(line)),
      [],
      `after kill ${kill}`,
    );
    assert.equal(check?.integrity_check, "ok");
  }
  assert.ok(acknowledged.size > DEVICES * KILLS, "there was something to lose");

  const again = openSqliteStore(path);
  const { attempts } = await again.upkeep.size();
  assert.ok(attempts >= acknowledged.size);
  await again.close();
});

/** @returns what it said was acknowledged, in whole lines, until it was killed after so many of them */
async function acknowledgeUntilKilled(path: string, first: number, lines: number): Promise<string[]> {
  const program = join(import.meta.dirname, "acknowledge-check-ins.ts");
  const child = spawn(process.execPath, [program, path, `${first}`, `${DEVICES}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    seen += text.split("\n").length - 1;
    if (seen > lines) child.kill("SIGKILL");
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on("close", (...end) => resolve(end));
  });
  assert.deepEqual([code, signal], [null, "SIGKILL"]);
  const [ready, ...told] = output.split("\n").slice(0, -1);
  assert.equal(ready, "ready");
  return told;
}
