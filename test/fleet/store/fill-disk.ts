/**
 * A program that has the small disk at the folder it is given to itself: it records check-ins until the disk is full,
 * makes space, goes on, and prints what became of it.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSqliteStore } from "../../../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { StoreError } from "../../../controller/fleet/store/store-error.ts";
import { checkIn, enrol, failed, START } from "./sample-fleet.ts";

const [folder = ""] = process.argv.slice(2);
const filler = join(folder, "filler");
writeFileSync(filler, Buffer.alloc(512 * 1024));
const store = openSqliteStore(join(folder, "fleet.db"));
await enrol(store, "d-1");

const acknowledged: string[] = [];
let turn = 0;
async function send(): Promise<void> {
  turn++;
  const attempts = [failed(`${turn}`, { log: "x".repeat(8_000) })];
  const record = checkIn({ device: "d-1", now: START + turn, checkIn: { attempts } });
  acknowledged.push(...(await store.checkIns.record(record)).acknowledged);
}

let refused: string | undefined;
while (refused === undefined && turn < 10_000) {
  try {
    await send();
  } catch (error) {
    refused = error instanceof StoreError ? error.code : String(error);
  }
}
const readable = (await store.devices.get("d-1"))?.id === "d-1";
rmSync(filler);
const before = acknowledged.length;
for (let more = 0; more < 5; more++) await send();
const kept = new Set((await store.attempts.ofDevice("d-1", { limit: 1_000 })).rows.map(({ id }) => id));
const lost = acknowledged.filter((id) => !kept.has(id)).length;
console.log(JSON.stringify({ refused, readable, lost, goesOn: acknowledged.length === before + 5 }));
await store.close();
