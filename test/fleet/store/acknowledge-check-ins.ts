/**
 * A program that records check-ins in the database that it is given, as fast as it can, and writes the id of each
 * attempt to its standard output when the store has acknowledged it. A test kills it in the middle.
 */
import { writeSync } from "node:fs";
import { openSqliteStore } from "../../../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { checkIn, confirmed, START } from "./sample-fleet.ts";

const [path = "", first = "0", devices = "1"] = process.argv.slice(2);
const store = openSqliteStore(path);
writeSync(1, "ready\n");
let sequence = Number(first);
for (;;) {
  const turn = ++sequence;
  const sent = Array.from({ length: Number(devices) }, async (_, device) => {
    const attempts = [confirmed(`${turn}-${device}`)];
    const sample = { device: `d-${device}`, now: START + turn, installed: "2.0.0" };
    const { acknowledged } = await store.checkIns.record(
      checkIn({ ...sample, checkIn: { sequence: turn, attempts } }),
    );
    for (const id of acknowledged) writeSync(1, `d-${device} ${id}\n`);
  });
  await Promise.all(sent);
}
