/**
 * How many check-ins a second the fleet's store takes, and how long one waits for its answer, at 1,000 to 100,000
 * devices. The peer writes each check-in as one row of JSON in a transaction of its own, with the same promise: it is on
 * the disk before it is acknowledged.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { CheckInRecord, FleetStore } from "../controller/fleet/store/fleet-store.ts";
import { Database } from "../controller/fleet/store/sqlite/database.ts";
import { openSqliteStore } from "../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { SqliteDevices } from "../controller/fleet/store/sqlite/sqlite-devices.ts";
import { SqliteTokens } from "../controller/fleet/store/sqlite/sqlite-tokens.ts";
import { interleave, type Measured, printTable } from "./measure.ts";

const SIZES = [1_000, 10_000, 100_000] as const;
const ROUNDS = 5;
const CHECK_INS = 4_000;
/** Check-ins that are under way at a time. */
const AT_A_TIME = 64;
const NOW = 1_795_176_000;
const FACTS = { os: "debian", osVersion: "12", glibc: "2.36", kernel: "6.1.0", memory: 16e9, disk: 1e11 };

export async function benchFleetStore(): Promise<void> {
  for (const devices of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
    try {
      await measure(folder, devices);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

/** How long each check-in of the rounds took, milliseconds. */
type Latencies = number[];

async function measure(folder: string, devices: number): Promise<void> {
  const path = join(folder, "fleet.db");
  await enrolAll(path, devices);
  const store = openSqliteStore(path);
  const peer = openPeer(join(folder, "peer.db"));
  let sequence = 0;
  // Every device once before the measuring, so that rows are there and rounds are alike.
  for (let index = 0; index < devices; index += 256) {
    const group = Array.from({ length: Math.min(256, devices - index) }, (_, at) =>
      checkInOf(index + at, sequence + 1),
    );
    await Promise.all(group.map((one) => store.checkIns.record(one)));
    peer.all(group);
  }
  sequence++;

  const rounds: readonly [
    name: string,
    latencies: Latencies,
    send: (records: CheckInRecord[]) => Promise<Latencies>,
  ][] = [
    ["one INSERT a transaction", [], async (records) => records.map((one) => timed(() => peer.one(one)))],
    ["the store, one check-in at a time", [], (records) => sendTo(store, records, 1)],
    [`the store, ${AT_A_TIME} at a time`, [], (records) => sendTo(store, records, AT_A_TIME)],
  ];
  const rates = await interleave(
    ROUNDS,
    rounds.map(([name, latencies, send]) => ({
      name,
      unit: "/s",
      once: async () => {
        sequence++;
        // A stride that is prime to the sizes: neighbours in time are no neighbours in the file.
        const records = Array.from({ length: CHECK_INS }, (_, at) =>
          checkInOf((at * 7_919) % devices, sequence + Math.trunc(at / devices)),
        );
        sequence += Math.trunc(CHECK_INS / devices);
        const start = performance.now();
        latencies.push(...(await send(records)));
        return (CHECK_INS * 1000) / (performance.now() - start);
      },
    })),
  );
  const size = `${devices.toLocaleString("en")} devices`;
  printTable(`check-ins, ${size}`, rates);
  printTable(
    `99th percentile of one check-in, ${size}`,
    rounds.map(([name, latencies]): Measured => ({ name, unit: "ms", figures: [percentile99(latencies)] })),
  );
  const { bytes } = await store.upkeep.size();
  printTable(`bytes a device, ${size}`, [
    { name: "one row of JSON", unit: "bytes", figures: [peer.bytes() / devices] },
    { name: "the store", unit: "bytes", figures: [bytes / devices] },
  ]);
  await store.close();
  peer.close();
}

function nameOf(index: number): string {
  return `d-${index.toString(16).padStart(32, "0")}`;
}

async function enrolAll(path: string, devices: number): Promise<void> {
  const database = Database.open(path);
  // What is measured comes later: here nobody waits for the disk.
  database.connection.exec("PRAGMA synchronous = OFF");
  const token = {
    tenant: "acme",
    site: "berlin",
    labels: { ring: "canary" },
    createdAt: NOW,
    usesLeft: devices,
  };
  const by = { name: "bench", from: "cli" };
  await new SqliteTokens(database).create({ ...token, id: "bench", expiresAt: NOW + 3600 }, "digest", by);
  const store = new SqliteDevices(database);
  for (let index = 0; index < devices; index++) {
    await store.enrol({
      id: nameOf(index),
      publicKey: index.toString(16).padStart(64, "0"),
      by: { kind: "token", tokenDigest: "digest" },
      platform: "linux-x64",
      agentVersion: "1.0.0",
      facts: FACTS,
      address: null,
      now: NOW,
    });
  }
  database.close();
}

/** A check-in with no news, as nearly all of them are. */
function checkInOf(index: number, sequence: number): CheckInRecord {
  const now = NOW + sequence * 300;
  const installed = { version: "1.4.2", digest: "9f2c".repeat(16) };
  return {
    device: nameOf(index),
    keyGeneration: 1,
    address: "192.0.2.1",
    now,
    checkIn: {
      schemaVersion: 1,
      sequence,
      clock: now - 1,
      agentVersion: "1.0.0",
      platform: "linux-x64",
      facts: FACTS,
      products: [{ product: "agent", format: "binary", installed, journal: "idle", blocked: [] }],
      attempts: [],
      handled: [],
    },
    decisions: [{ product: "agent", channel: "stable", belowMinimum: null, offer: null }],
    judged: [],
  };
}

async function sendTo(
  store: FleetStore,
  records: readonly CheckInRecord[],
  atATime: number,
): Promise<Latencies> {
  const latencies: Latencies = [];
  const next = records.values();
  const sender = async (): Promise<void> => {
    for (const one of next) {
      const start = performance.now();
      const { isCopy } = await store.checkIns.record(one);
      if (isCopy) throw new Error("a check-in of the bench was taken for a copy");
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: atATime }, sender));
  return latencies;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function openPeer(path: string) {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE check_in (device TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID");
  const insert = database.prepare("INSERT OR REPLACE INTO check_in VALUES (?, ?)");
  const one = ({ device, checkIn }: CheckInRecord): void => {
    insert.run(device, JSON.stringify(checkIn));
  };
  return {
    one,
    all: (records: readonly CheckInRecord[]): void => {
      database.exec("BEGIN");
      for (const record of records) one(record);
      database.exec("COMMIT");
    },
    bytes: (): number => {
      const row = database
        .prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()")
        .get();
      return Number(row?.bytes);
    },
    close: (): void => database.close(),
  };
}

function percentile99(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.trunc(figures.length * 0.99)] ?? Number.NaN;
}
