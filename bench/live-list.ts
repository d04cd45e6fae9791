/**
 * What the list of machines costs at 100,000 of them, beside the same at 1,000: each answer that the page asks for, and the
 * page itself, from a filter until its rows are drawn, and down to the thousandth row.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Database } from "../controller/fleet/store/sqlite/database.ts";
import { openSqliteStore } from "../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { SqliteDevices } from "../controller/fleet/store/sqlite/sqlite-devices.ts";
import { SqliteTokens } from "../controller/fleet/store/sqlite/sqlite-tokens.ts";
import { Tab } from "../test/page/tab.ts";
import { startBrowser } from "../test/support/browser.ts";
import type { Cleanups } from "../test/support/cleanups.ts";
import { ControllerProcess } from "../test/support/controller-process.ts";
import { StateRepository } from "../test/support/state-repository.ts";
import { median } from "./measure.ts";

const SIZES = [1_000, 100_000] as const;
const ROUNDS = 9;
const TENANTS = 40;
const SITES = 5;
const PLATFORMS = ["linux-x64", "linux-x64", "linux-arm64", "darwin-arm64", "win32-x64"] as const;
const DAY = 86_400;

const ANSWERS: readonly (readonly [name: string, path: string])[] = [
  ["first rows", "agents?limit=100"],
  ["1,000 rows, read again", "agents?limit=1000"],
  ["newest first", "agents?sort=-seen&limit=100"],
  ["by state", "agents?sort=state&limit=100"],
  ["by version", "agents?product=lantern&sort=version&limit=100"],
  ["failed, of a tenant", "agents?tenant=t-7&state=failed&limit=100"],
  ["silent", "agents?state=silent&limit=100"],
  ["search for an id", "agents?search=000ff&limit=100"],
  ["search for nothing", "agents?search=nobody&limit=100"],
  ["counts beside the list", "agents/facets"],
  ["counts of failed ones", "agents/facets?state=failed"],
  ["counts of a tenant", "agents/facets?tenant=t-7"],
  ["counts of a version", "agents/facets?product=lantern&version=1.0.0"],
  ["counts of a search", "agents/facets?search=000ff"],
  ["overview", "overview"],
];

export async function benchLiveList(): Promise<void> {
  const columns: Figures[] = [];
  for (const size of SIZES) {
    const cleanups: (() => unknown)[] = [];
    try {
      columns.push(await measure({ after: (cleanup) => void cleanups.push(cleanup) }, size));
    } finally {
      for (const cleanup of cleanups.reverse()) await cleanup();
    }
  }
  const [few, many] = columns;
  console.log(`\nthe list of machines, milliseconds, medians of ${ROUNDS}: ${SIZES.join(" and ")} machines`);
  for (const [name, value] of many ?? []) {
    const peer = few?.get(name) ?? Number.NaN;
    console.log(
      `  ${name.padEnd(28)} ${peer.toFixed(1).padStart(8)} ${value.toFixed(1).padStart(9)}   ${(value / peer).toFixed(1)} x`,
    );
  }
}

type Figures = ReadonlyMap<string, number>;

async function measure(t: Cleanups, size: number): Promise<Figures> {
  const state = await StateRepository.create(t);
  for (const version of ["1.0.0", "1.1.0", "1.2.0"]) await state.addVersion(version);
  await state.point(
    "stable",
    "1.2.0",
    "rollout:\n  waves: [{percent: 50, after: 0s}, {percent: 100, after: 30d}]\n",
  );
  await state.commit("lantern");
  const controller = await ControllerProcess.start(t, state.directory, ["--dev-keys"]);
  await controller.kill("SIGTERM");
  const began = performance.now();
  await fill(join(controller.stateDirectory, "fleet.db"), size);
  console.log(`filled ${size} in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  await controller.launch();
  const token = (await readFile(join(controller.stateDirectory, "operator-token"), "utf8")).trim();
  const figures = new Map<string, number>();
  for (const [name, path] of ANSWERS)
    figures.set(name, await medianOf(() => ask(controller.url, path, token)));
  for (const [name, took] of await onPage(t, controller.url, token)) figures.set(`page: ${name}`, took);
  return figures;
}

async function ask(url: string, path: string, token: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path} is answered ${response.status}: ${text}`);
}

async function medianOf(does: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round++) took.push(await timed(does));
  return median(took);
}

async function timed(does: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await does();
  return performance.now() - start;
}

/** What a person waits for. */
async function onPage(t: Cleanups, url: string, token: string): Promise<Figures> {
  const tab = await Tab.open(await startBrowser(t), url, { token });
  await tab.settled();
  const { page } = tab;
  const rows = page.locator("tr[data-id]");
  const figures = new Map<string, number>();
  figures.set(
    "the fleet opens",
    await timed(async () => {
      await tab.press("g", "f");
      await rows.nth(99).waitFor();
    }),
  );
  figures.set(
    "down to row 1,000",
    await timed(async () => {
      for (let shown = 100; shown < 1_000; shown = await rows.count()) {
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
        await rows.nth(shown).waitFor();
      }
    }),
  );
  figures.set(
    "a search is typed",
    await timed(async () => {
      await page.getByRole("searchbox").fill(nameOf(999));
      await rows.nth(1).waitFor({ state: "detached" });
    }),
  );
  await tab.close();
  return figures;
}

/** Machines as a large fleet has them: of many tenants, most current, some behind, failed, silent or long gone. */
async function fill(path: string, size: number): Promise<void> {
  const now = Math.floor(Date.now() / 1_000);
  const database = Database.open(path);
  // What is measured comes later: here nobody waits for the disk.
  database.connection.exec("PRAGMA synchronous = OFF");
  const tokens = new SqliteTokens(database);
  for (let place = 0; place < TENANTS * SITES; place++) {
    const { tenant, site } = placeOf(place);
    const token = {
      tenant,
      site,
      labels: { ring: place % 7 === 0 ? "canary" : "late" },
      createdAt: now - 60 * DAY,
    };
    await tokens.create(
      { ...token, id: `place-${place}`, usesLeft: size, expiresAt: now + DAY },
      `place ${place}`,
      { name: "bench", from: "cli" },
    );
  }
  const devices = new SqliteDevices(database);
  for (let index = 0; index < size; index++) {
    await devices.enrol({
      id: nameOf(index),
      publicKey: index.toString(16).padStart(64, "0"),
      by: { kind: "token", tokenDigest: `place ${index % (TENANTS * SITES)}` },
      platform: PLATFORMS[index % PLATFORMS.length] ?? "linux-x64",
      agentVersion: "1.0.0",
      facts: FACTS,
      address: null,
      now: now - 50 * DAY,
    });
  }
  database.close();
  const store = openSqliteStore(path);
  for (let index = 0; index < size; index += 512) {
    const group = Array.from({ length: Math.min(512, size - index) }, (_, at) => index + at);
    await Promise.all(group.map((each) => store.checkIns.record(checkInOf(each, now))));
  }
  await store.close();
}

const FACTS = { os: "debian", osVersion: "12", glibc: "2.36", kernel: "6.1.0", memory: 16e9, disk: 1e11 };

function placeOf(place: number): { readonly tenant: string; readonly site: string } {
  return { tenant: `t-${place % TENANTS}`, site: `site-${Math.floor(place / TENANTS) % SITES}` };
}

function nameOf(index: number): string {
  return `d-${index.toString(16).padStart(32, "0")}`;
}

function checkInOf(index: number, now: number) {
  // One in twenty is silent, one in two hundred long gone.
  const ago = index % 200 === 3 ? 40 * DAY : index % 20 === 3 ? 2 * DAY : index % 300;
  const at = now - ago;
  const isFailed = index % 50 === 7;
  const version = index % 10 === 0 ? "1.2.0" : index % 97 === 0 ? "1.0.0" : "1.1.0";
  const attempts = isFailed
    ? [
        {
          ...({ id: index.toString(16).padStart(32, "0"), product: "lantern", kind: "update" } as const),
          ...({
            from: version,
            to: "1.2.0",
            toDigest: "d".repeat(64),
            startedAt: at - 9,
            endedAt: at - 1,
          } as const),
          ...({ step: "staged", outcome: "failed", cause: "self-test-failed" } as const),
          ...{ code: "install/self-test-failed", message: "the self-test ended with 139" },
        },
      ]
    : [];
  return {
    ...{ device: nameOf(index), keyGeneration: 1, address: "192.0.2.1", now: at },
    checkIn: {
      ...({ schemaVersion: 1, sequence: 1, clock: at, agentVersion: "1.0.0" } as const),
      ...{ platform: PLATFORMS[index % PLATFORMS.length] ?? "linux-x64", facts: FACTS },
      products: [
        {
          ...({ product: "lantern", format: "binary", journal: "idle", blocked: [] } as const),
          installed: { version, digest: "9f2c".repeat(16) },
        },
      ],
      ...{ attempts, handled: [] },
    },
    decisions: [{ product: "lantern", channel: "stable", belowMinimum: null, offer: null }],
    judged: attempts.map(() => ({ outcome: "failed", signature: "the self-test ended with #" }) as const),
  } as const;
}
