import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { Overlay, PromotionKey } from "../../../controller/desired/overlay.ts";
import {
  type DeviceFilter,
  type DeviceState,
  type FleetStore,
  MOST_COPIES_A_DAY,
  type Page,
} from "../../../controller/fleet/store/fleet-store.ts";
import type { RolloutRecord } from "../../../controller/fleet/store/records.ts";
import {
  ADA,
  checkIn,
  confirmed,
  createToken,
  DAY,
  enrol,
  failed,
  newDevice,
  record,
  report,
  request,
  STABLE,
  START,
} from "./sample-fleet.ts";

/** Opens an empty store that lasts as long as the test. */
export type OpenStore = (context: TestContext) => Promise<FleetStore>;

const EVERYBODY = { tenants: null } as const;
const PAGE = { limit: 100 } as const;
/** Past every time in these tests but those that say so. */
const LATER = START + 12 * 3600;
const COUNTED = {
  enrolledBefore: START + 1,
  silentBefore: null,
  underWayFrom: LATER,
  after: null,
  now: LATER,
} as const;

/** What every store of the fleet has to do, whatever database it stands on. */
export function storeSuite(name: string, open: OpenStore): void {
  describe(name, () => {
    enrolment(open);
    keysAndCopies(open);
    manyCopies(open);
    checkIns(open);
    states(open);
    lists(open);
    attempts(open);
    restartRaces(open);
    tallies(open);
    requests(open);
    rollouts(open);
    people(open);
    upkeep(open);
  });
}

function enrolment(open: OpenStore): void {
  test("a device enrols with a token and takes tenant, site and labels from it", async (context) => {
    const store = await open(context);
    const labels = { ring: "canary" };
    const device = await enrol(store, "d-1", {
      tenant: "acme",
      site: "berlin",
      labels,
      facts: { glibc: "2.31" },
      address: "192.0.2.9",
    });
    assert.deepEqual(device, {
      id: "d-1",
      tenant: "acme",
      site: "berlin",
      labels,
      publicKey: "key of d-1",
      keyGeneration: 1,
      platform: "linux-x64",
      facts: { glibc: "2.31" },
      agentVersion: "1.0.0",
      enrolledAt: START,
      lastSeenAt: null,
      lastSequence: 0,
      clockSkew: 0,
      address: "192.0.2.9",
      clonedSince: null,
      copyOf: null,
      belowMinimum: null,
      condition: "behind",
      conditionSince: START,
      installations: [],
    });
    assert.deepEqual(await store.devices.get("d-1"), device);
    assert.equal(await store.devices.get("d-2"), undefined);
  });

  test("a key that is registered gives its device again and uses up nothing of the token", async (context) => {
    const store = await open(context);
    const digest = await createToken(store, { usesLeft: 2 });
    await store.devices.enrol(newDevice("d-1", digest));
    const again = await store.devices.enrol(newDevice("d-1", digest, { now: START + 60 }));
    assert.equal(again.kind, "known");
    const [token] = await store.tokens.list(null);
    assert.deepEqual([token?.uses, token?.usesLeft], [1, 1]);
  });

  test("a token that is unknown, expired, used up or revoked enrols nobody", async (context) => {
    const store = await open(context);
    const once = await createToken(store, { id: "once", usesLeft: 1 });
    const old = await createToken(store, { id: "old", expiresAt: START });
    const revoked = await createToken(store, { id: "revoked" });
    await store.tokens.revoke("revoked", ADA, START);
    await store.devices.enrol(newDevice("d-1", once));
    for (const [digest, why] of [
      ["nobody's", "unknown-token"],
      [once, "token-used-up"],
      [old, "token-expired"],
      [revoked, "token-revoked"],
    ] as const) {
      assert.deepEqual(await store.devices.enrol(newDevice("d-2", digest)), { kind: "refused", why });
    }
    assert.equal(await store.devices.get("d-2"), undefined);
  });

  test("another key cannot take the id of a device, and uses up nothing of the token", async (context) => {
    const store = await open(context);
    const digest = await createToken(store, { usesLeft: 2 });
    await store.devices.enrol(newDevice("d-1", digest));
    const other = newDevice("d-1", digest, { publicKey: "another's" });
    assert.deepEqual(await store.devices.enrol(other), { kind: "refused", why: "id-taken" });
    assert.equal((await store.devices.get("d-1"))?.publicKey, "key of d-1");
    assert.equal((await store.tokens.list(null))[0]?.usesLeft, 1);
  });

  test("a removed device is gone with all that was counted of it, and may enrol again", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    await record(store, { device: "d-1", offer: STABLE, checkIn: { attempts: [failed("a")] } });
    assert.equal(await store.devices.remove("d-1", ADA, START + 5), true);
    assert.equal(await store.devices.remove("d-1", ADA, START + 6), false);
    assert.equal(await store.devices.get("d-1"), undefined);
    assert.deepEqual(await store.rollouts.tallies(STABLE, COUNTED), []);
    assert.deepEqual(await store.attempts.signatures({ ...EVERYBODY, product: "agent" }, 10), []);
    await assert.rejects(record(store, { device: "d-1" }), { code: "store/no-such-device" });
    const device = await enrol(store, "d-1", { now: START + 10 });
    assert.equal(device.lastSequence, 0);
  });

  test("a device that moves keeps its row, and everything of it is counted at the new place", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1", { tenant: "acme", site: "berlin", labels: { ring: "canary" } });
    await record(store, { device: "d-1", offer: STABLE, checkIn: { attempts: [failed("a")] } });
    const to = { tenant: "zenith", site: null, labels: { ring: "broad" } };
    assert.equal(await store.devices.move("d-1", to, ADA, START + 5), true);
    const device = await store.devices.get("d-1");
    assert.deepEqual([device?.tenant, device?.site, device?.labels], ["zenith", null, { ring: "broad" }]);
    const rows = await store.rollouts.tallies(STABLE, COUNTED);
    assert.deepEqual(
      rows.map(({ tenant, site, failed }) => [tenant, site, failed]),
      [["zenith", null, 1]],
    );
    for (const [tenant, count] of [
      ["acme", 0],
      ["zenith", 1],
    ] as const) {
      const scope = { tenants: [tenant] };
      assert.equal((await store.devices.list(scope, PAGE, LATER)).rows.length, count);
      assert.equal((await store.attempts.list(scope, PAGE)).rows.length, count);
      assert.equal((await store.attempts.signatures({ ...scope, product: "agent" }, 10)).length, count);
      assert.equal((await store.devices.versions("agent", [tenant], LATER)).length, count);
    }
    assert.equal(await store.devices.move("d-2", to, ADA, START), false);
  });
}

function keysAndCopies(open: OpenStore): void {
  test("a new key raises the generation, and the old one is still known by its own", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    assert.equal(await store.devices.replaceKey("d-1", 1, "second", START + 1), true);
    const device = await store.devices.get("d-1");
    assert.deepEqual([device?.publicKey, device?.keyGeneration], ["second", 2]);
    assert.equal(await store.devices.keyOf("d-1", 1), "key of d-1");
    assert.equal(await store.devices.keyOf("d-1", 2), "second");
    assert.equal(await store.devices.keyOf("d-1", 3), undefined);
  });

  test("of two that replace one key the first has it, and asks again without harm", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    await enrol(store, "d-2");
    assert.equal(await store.devices.replaceKey("d-1", 1, "first", START), true);
    assert.equal(await store.devices.replaceKey("d-1", 1, "other", START), false);
    assert.equal(await store.devices.replaceKey("d-1", 1, "first", START), true);
    assert.equal(await store.devices.replaceKey("d-1", 2, "key of d-2", START), false, "another's key");
    assert.equal(await store.devices.replaceKey("d-3", 1, "any", START), false);
    assert.equal((await store.devices.get("d-1"))?.keyGeneration, 2);
  });

  test("a sequence number that was seen marks a clone, records nothing else, and a new key ends it", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    await record(store, { device: "d-1", checkIn: { sequence: 10 } });
    for (const sequence of [10, 9]) {
      const result = await record(store, {
        device: "d-1",
        installed: "9.9.9",
        now: START + 60,
        offer: STABLE,
        checkIn: { sequence, attempts: [failed("a")] },
      });
      assert.deepEqual(result, { isCopy: true, acknowledged: [], requests: [] });
    }
    const device = await store.devices.get("d-1");
    assert.deepEqual(
      [device?.clonedSince, device?.lastSeenAt, device?.lastSequence],
      [START + 60, START, 10],
    );
    assert.equal(device?.installations[0]?.installed?.version, "1.0.0");
    assert.deepEqual((await store.attempts.list(EVERYBODY, PAGE)).rows, []);
    assert.deepEqual(await store.rollouts.tallies(STABLE, COUNTED), []);
    assert.equal((await store.devices.count(EVERYBODY, LATER)).cloned, 1);
    await store.devices.replaceKey("d-1", 1, "second", START + 70);
    assert.equal((await store.devices.get("d-1"))?.clonedSince, null);
    assert.equal((await store.devices.count(EVERYBODY, LATER)).current, 1);
  });

  test("a check-in with a key that was replaced meanwhile is refused", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    await store.devices.replaceKey("d-1", 1, "second", START);
    await assert.rejects(record(store, { device: "d-1" }), { code: "store/key-replaced" });
  });

  test("a copy has a row of its own, at the place of the device that it is a copy of", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1", { tenant: "acme", site: "berlin", labels: { ring: "canary" } });
    const by = { kind: "clone", device: "d-1" } as const;
    const result = await store.devices.enrol(newDevice("d-2", "", { by }));
    assert.equal(result.kind, "enrolled");
    const copy = await store.devices.get("d-2");
    assert.deepEqual(
      [copy?.copyOf, copy?.tenant, copy?.site, copy?.labels],
      ["d-1", "acme", "berlin", { ring: "canary" }],
    );
    const orphan = newDevice("d-3", "", { by: { kind: "clone", device: "d-0" } });
    assert.deepEqual(await store.devices.enrol(orphan), { kind: "refused", why: "unknown-device" });
  });
}

function manyCopies(open: OpenStore): void {
  test("as many copies of one device enrol in a day as may, and more the next day", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    const by = { kind: "clone", device: "d-1" } as const;
    const enrolCopy = (id: string, now: number): ReturnType<FleetStore["devices"]["enrol"]> =>
      store.devices.enrol(newDevice(id, "", { by, now }));
    for (let copy = 0; copy < MOST_COPIES_A_DAY; copy++) {
      assert.equal((await enrolCopy(`copy-${copy}`, START)).kind, "enrolled");
    }
    const refused = { kind: "refused", why: "too-many-copies" };
    assert.deepEqual(await enrolCopy("one more", START + DAY - 1), refused);
    assert.equal((await enrolCopy("one more", START + DAY)).kind, "enrolled");
  });
}

function checkIns(open: OpenStore): void {
  test("a check-in says what the device is and runs, and since when", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    const products = [
      report("1.0.0", {
        journal: "downloading",
        channel: "beta",
        blocked: [{ version: "2.0.0", reason: "crashed", until: START + 600 }],
        decision: { action: "stay", code: "blocked" },
        failedCheck: { at: START, code: "fetch/timeout", message: "no answer" },
        lastCheckAt: START,
        manifest: 4,
      }),
      report(null, { product: "helper" }),
    ];
    const facts = { glibc: "2.36", memory: 1024 };
    await record(store, {
      device: "d-1",
      now: START + 100,
      belowMinimum: "1.5.0",
      checkIn: { products, facts, agentVersion: "1.1.0", platform: "linux-arm64", clock: START + 40 },
    });
    const device = await store.devices.get("d-1");
    assert.deepEqual(
      { ...device, installations: [] },
      {
        id: "d-1",
        tenant: null,
        site: null,
        labels: {},
        publicKey: "key of d-1",
        keyGeneration: 1,
        platform: "linux-arm64",
        facts,
        agentVersion: "1.1.0",
        enrolledAt: START,
        lastSeenAt: START + 100,
        lastSequence: 101,
        clockSkew: -60,
        address: "192.0.2.1",
        clonedSince: null,
        copyOf: null,
        belowMinimum: "1.5.0",
        condition: "refused",
        conditionSince: START + 100,
        installations: [],
      },
    );
    const [agent, helper] = device?.installations ?? [];
    assert.deepEqual(agent, {
      product: "agent",
      format: "binary",
      installed: { version: "1.0.0", digest: "sha256 of 1.0.0" },
      journal: "downloading",
      channel: "beta",
      blocked: [{ version: "2.0.0", reason: "crashed", until: START + 600 }],
      lastCheckAt: START,
      decision: { action: "stay", code: "blocked" },
      failedCheck: { at: START, code: "fetch/timeout", message: "no answer" },
      since: START + 100,
      failedCause: null,
      appliedChannel: "stable",
    });
    assert.equal(helper?.installed, null);

    await record(store, { device: "d-1", now: START + 200, checkIn: { facts } });
    assert.equal((await store.devices.get("d-1"))?.installations[0]?.since, START + 100, "the same version");
    await record(store, { device: "d-1", now: START + 300, installed: "2.0.0" });
    const later = await store.devices.get("d-1");
    assert.equal(later?.installations[0]?.since, START + 300);
    assert.deepEqual(
      later?.installations.map(({ product }) => product),
      ["agent"],
      "what it no longer reports is gone",
    );
    assert.deepEqual(later?.facts, facts, "facts that it does not repeat are kept");
    assert.equal(later?.belowMinimum, null);
  });

  test("check-ins that come at a time are all recorded, and one that fails leaves the others alone", async (context) => {
    const store = await open(context);
    const ids = Array.from({ length: 50 }, (_, index) => `d-${index}`);
    for (const id of ids) await enrol(store, id);
    const results = await Promise.allSettled(
      ["nobody", ...ids, "nobody else"].map((device) =>
        record(store, { device, checkIn: { attempts: [confirmed(`of ${device}`)] } }),
      ),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", ...ids.map(() => "fulfilled"), "rejected"],
    );
    assert.equal((await store.attempts.list(EVERYBODY, PAGE)).rows.length, ids.length);
  });

  test("a check-in that cannot be recorded whole is not recorded at all", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    const unjudged = { attempts: [confirmed("a")] };
    const sound = record(store, { device: "d-1", now: START + 60 });
    await assert.rejects(record(store, { device: "d-1", now: START + 90, checkIn: unjudged, judged: [] }));
    await sound;
    const device = await store.devices.get("d-1");
    assert.equal(device?.lastSeenAt, START + 60);
    assert.equal((await record(store, { device: "d-1", now: START + 90, checkIn: unjudged })).isCopy, false);
  });
}

function states(open: OpenStore): void {
  const expect = async (
    store: FleetStore,
    state: DeviceState,
    now: number = LATER,
    filter: DeviceFilter = EVERYBODY,
  ): Promise<void> => {
    const counts = await store.devices.count(filter, now);
    const filled = Object.entries(counts).filter(([, devices]) => devices > 0);
    assert.deepEqual(filled, [[state, 1]]);
    assert.equal((await store.devices.list({ ...filter, state }, PAGE, now)).rows.length, 1);
    const others = (["current", "silent", "gone"] as const).filter((other) => other !== state);
    for (const other of others) {
      assert.deepEqual((await store.devices.list({ ...filter, state: other }, PAGE, now)).rows, []);
    }
  };

  test("a device has one state, and it is counted and listed by it", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1", { tenant: "acme" });
    await expect(store, "behind");
    await record(store, { device: "d-1", now: START + 1 });
    await expect(store, "current");
    await record(store, { device: "d-1", now: START + 2, offer: STABLE });
    await expect(store, "behind");
    await record(store, {
      device: "d-1",
      now: START + 3,
      offer: STABLE,
      checkIn: { products: [report("1.0.0", { journal: "downloading" })] },
    });
    await expect(store, "updating");
    await record(store, { device: "d-1", now: START + 4, checkIn: { attempts: [failed("a")] } });
    await expect(store, "failed");
    await record(store, { device: "d-1", now: START + 5 });
    await expect(store, "failed");
    await expect(store, "failed", LATER, { ...EVERYBODY, cause: "confirm-failed" });
    await record(store, { device: "d-1", now: START + 6, belowMinimum: "1.5.0" });
    await expect(store, "refused");
    await record(store, { device: "d-1", now: START + 6 });
    await expect(store, "cloned");
    await expect(store, "cloned", LATER, { tenants: ["acme"] });
    await expect(store, "silent", START + 6 + DAY);
    await expect(store, "silent", START + 6 + DAY, { tenants: ["acme"], product: "agent" });
    await expect(store, "gone", START + 6 + 30 * DAY);
    await store.devices.replaceKey("d-1", 1, "second", START + 7);
    const attempts = [confirmed("b", { endedAt: START + 29 * DAY })];
    const now = START + 40 * DAY;
    const sample = { device: "d-1", now, keyGeneration: 2, installed: "2.0.0" };
    await record(store, { ...sample, checkIn: { attempts } });
    await expect(store, "current", now);
  });
}

function lists(open: OpenStore): void {
  const all = async <Row>(list: (after: string | undefined) => Promise<Page<Row>>): Promise<Row[]> => {
    const rows: Row[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < 100; pages++) {
      const page = await list(after);
      rows.push(...page.rows);
      if (page.next === undefined) return rows;
      after = page.next;
    }
    return assert.fail("a list that does not end");
  };

  test("every filter finds what it should, page by page, and counts the same", async (context) => {
    const store = await open(context);
    const tenants = ["acme", "zenith", undefined];
    for (let index = 0; index < 24; index++) {
      const tenant = tenants[index % 3];
      await enrol(store, `d-${index}`, {
        ...(tenant === undefined ? {} : { tenant }),
        site: index % 4 === 0 ? "50%_north" : "50xxnorth",
        labels: { ring: index % 2 === 0 ? "canary" : "broad", room: `Room ${index}` },
      });
      await record(store, {
        device: `d-${index}`,
        checkIn: {
          platform: index % 2 === 0 ? "linux-x64" : "linux-arm64",
          products: [report(index % 6 === 0 ? "2.0.0" : "1.0.0"), report("2.0.0", { product: "helper" })],
          attempts: index === 7 ? [failed("a", { cause: "disk-full" })] : [],
        },
      });
    }
    const numbers = (fits: (index: number) => boolean): string[] =>
      Array.from({ length: 24 }, (_, index) => index)
        .filter(fits)
        .map((index) => `d-${index}`);
    const cases: readonly (readonly [Partial<DeviceFilter>, (index: number) => boolean])[] = [
      [{}, () => true],
      [{ tenants: ["acme"] }, (index) => index % 3 === 0],
      [{ tenants: ["zenith", "acme"] }, (index) => index % 3 < 2],
      [{ tenants: [] }, () => false],
      [{ site: "50%_north" }, (index) => index % 4 === 0],
      [{ label: ["ring", "canary"] }, (index) => index % 2 === 0],
      [{ label: ["ring", "canary"], tenants: ["zenith"] }, (index) => index % 6 === 4],
      [{ platform: "linux-arm64" }, (index) => index % 2 === 1],
      [{ product: "agent" }, () => true],
      [{ product: "other" }, () => false],
      [{ version: "2.0.0" }, () => true],
      [{ product: "agent", version: "2.0.0" }, (index) => index % 6 === 0],
      [{ product: "agent", version: "2.0.0", label: ["ring", "canary"] }, (index) => index % 6 === 0],
      [{ channel: "stable", platform: "linux-x64" }, (index) => index % 2 === 0],
      [{ cause: "disk-full" }, (index) => index === 7],
      [{ cause: "disk-full", product: "helper" }, () => false],
      [{ state: "failed" }, (index) => index === 7],
      [
        { state: "current", site: "50%_north", product: "agent", version: "1.0.0" },
        (index) => [4, 8, 16, 20].includes(index),
      ],
      [{ search: "ROOM 2" }, (index) => index === 2 || index >= 20],
      [{ search: "d-1" }, (index) => index === 1 || (index >= 10 && index < 20)],
      [{ search: "cme" }, (index) => index % 3 === 0],
      [{ search: "50%_" }, (index) => index % 4 === 0],
      [{ search: "\\" }, () => false],
    ];
    for (const [given, fits] of cases) {
      const filter = { ...EVERYBODY, ...given };
      const found = await all((after) =>
        store.devices.list(filter, after === undefined ? { limit: 3 } : { limit: 3, after }, LATER),
      );
      assert.deepEqual(
        found.map(({ id }) => id),
        numbers(fits),
        JSON.stringify(given),
      );
      const counts = await store.devices.count(filter, LATER);
      const sum = Object.values(counts).reduce((total, one) => total + one, 0);
      assert.equal(sum, numbers(fits).length, `the count of ${JSON.stringify(given)}`);
    }
    assert.deepEqual(
      [...(await store.devices.versions("agent", ["acme"], LATER))].sort((a, b) =>
        a.platform < b.platform ? -1 : 1,
      ),
      [
        { version: "1.0.0", platform: "linux-arm64", format: "binary", channel: "stable", devices: 4 },
        { version: "2.0.0", platform: "linux-x64", format: "binary", channel: "stable", devices: 4 },
      ],
    );
  });

  test("a list that goes on from a place that no page gave is refused", async (context) => {
    const store = await open(context);
    for (const after of ["", "0", "-1", "1e3", "x", "9".repeat(30)]) {
      const page = { limit: 10, after };
      await assert.rejects(store.devices.list(EVERYBODY, page, LATER), { code: "store/bad-cursor" });
      await assert.rejects(store.attempts.list(EVERYBODY, page), { code: "store/bad-cursor" });
      await assert.rejects(store.audit.list(null, page), { code: "store/bad-cursor" });
    }
  });
}

function attempts(open: OpenStore): void {
  test("an attempt is kept as it was told, once, however often and late it is told", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    await enrol(store, "d-2");
    const whole = failed("a", { log: "line\nline", request: "f".repeat(32), kind: "rollback", from: null });
    const least = confirmed("b", { to: "0.0.1" });
    const first = await record(store, {
      device: "d-1",
      now: START + 20,
      checkIn: { attempts: [whole, least, whole] },
    });
    assert.deepEqual(first.acknowledged, ["a", "b", "a"]);
    const again = { attempts: [failed("a", { message: "another word" })] };
    const later = { device: "d-1", now: START + 30 * DAY, installed: "0.0.1" };
    const second = await record(store, { ...later, checkIn: again });
    assert.deepEqual(second.acknowledged, ["a"]);
    const { rows } = await store.attempts.ofDevice("d-1", PAGE);
    assert.deepEqual(rows, [
      { ...least, device: "d-1", reportedAt: START + 20, signature: null },
      { ...whole, device: "d-1", reportedAt: START + 20, signature: "the program ended with #" },
    ]);

    const copied = { attempts: [confirmed("a")] };
    await record(store, { device: "d-2", now: START + 40, checkIn: copied });
    assert.equal((await store.attempts.ofDevice("d-2", PAGE)).rows.length, 1, "ids are each device's own");
  });

  test("attempts are listed newest first, by tenant, version and whether they failed", async (context) => {
    const store = await open(context);
    for (const [id, tenant] of [
      ["d-1", "acme"],
      ["d-2", "zenith"],
    ] as const) {
      await enrol(store, id, { tenant });
      await record(store, {
        device: id,
        installed: "2.0.0",
        checkIn: { attempts: [failed(`${id} old`, { to: "1.9.0" }), confirmed(`${id} new`)] },
      });
    }
    const ids = async (filter: Partial<Parameters<FleetStore["attempts"]["list"]>[0]>): Promise<string[]> =>
      (await store.attempts.list({ ...EVERYBODY, ...filter }, PAGE)).rows.map(({ id }) => id);
    assert.deepEqual(await ids({}), ["d-2 new", "d-2 old", "d-1 new", "d-1 old"]);
    assert.deepEqual(await ids({ tenants: ["acme"] }), ["d-1 new", "d-1 old"]);
    assert.deepEqual(await ids({ tenants: ["acme", "zenith"] }), await ids({}));
    assert.deepEqual(await ids({ product: "agent", version: "1.9.0" }), ["d-2 old", "d-1 old"]);
    assert.deepEqual(await ids({ failed: true, tenants: ["zenith"] }), ["d-2 old"]);
    assert.deepEqual(await ids({ failed: false, product: "agent" }), ["d-2 new", "d-1 new"]);
    const page = await store.attempts.list(EVERYBODY, { limit: 3 });
    const rest = await store.attempts.list(EVERYBODY, { limit: 3, after: page.next ?? "" });
    assert.deepEqual(
      [page.rows.length, rest.rows.map(({ id }) => id), rest.next],
      [3, ["d-1 old"], undefined],
    );
  });

  test("failures that say the same are one line: devices once each, by platform, those of the tenant only", async (context) => {
    const store = await open(context);
    for (let index = 0; index < 6; index++) {
      const device = `d-${index}`;
      await enrol(store, device, { tenant: index < 4 ? "acme" : "zenith" });
      const platform = index === 0 ? "linux-x64" : "linux-arm64";
      const attempts = [0, 1].map((turn) =>
        failed(`${turn}`, { message: `ended with ${10 * index + turn}`, endedAt: START + turn }),
      );
      await record(store, { device, now: START + 100 + index, checkIn: { platform, attempts } });
    }
    await record(store, {
      device: "d-5",
      now: START + 200,
      checkIn: { attempts: [failed("x", { message: "other" })], platform: "linux-arm64" },
    });
    const rows = await store.attempts.signatures({ ...EVERYBODY, product: "agent", version: "2.0.0" }, 10);
    assert.deepEqual(
      rows.map(({ signature, devices, byPlatform, firstAt, lastAt }) => ({
        signature,
        devices,
        byPlatform,
        firstAt,
        lastAt,
      })),
      [
        {
          signature: "ended with #",
          devices: 6,
          byPlatform: { "linux-arm64": 5, "linux-x64": 1 },
          firstAt: START + 100,
          lastAt: START + 105,
        },
        {
          signature: "other",
          devices: 1,
          byPlatform: { "linux-arm64": 1 },
          firstAt: START + 200,
          lastAt: START + 200,
        },
      ],
    );
    const [own, ...others] = await store.attempts.signatures({ tenants: ["zenith"], product: "agent" }, 1);
    assert.deepEqual([own?.devices, own?.example, own?.firstAt], [2, "ended with 40", START + 104]);
    assert.deepEqual(others, []);
    assert.deepEqual(
      await store.attempts.signatures({ ...EVERYBODY, product: "agent", version: "3" }, 9),
      [],
    );
  });
}

function restartRaces(open: OpenStore): void {
  const outcomes = async (store: FleetStore): Promise<unknown[]> =>
    (await store.rollouts.outcomes(STABLE, null, 10)).map(({ outcome, cause }) => [outcome, cause]);
  const prepared = async (context: TestContext): Promise<FleetStore> => {
    const store = await open(context);
    await enrol(store, "d-1");
    await record(store, { device: "d-1", now: START + 1, offer: STABLE });
    return store;
  };

  test("an attempt that said confirmed while the next check-in says the old version has failed", async (context) => {
    const store = await prepared(context);
    const attempts = [confirmed("a")];
    await record(store, { device: "d-1", now: START + 20, checkIn: { attempts } });
    assert.deepEqual(
      await outcomes(store),
      [["confirmed", null]],
      "the check-in that brings it says nothing yet",
    );
    await record(store, { device: "d-1", now: START + 30, checkIn: { attempts } });
    assert.deepEqual(await outcomes(store), [["failed", "restart-race"]]);
    const [attempt] = (await store.attempts.ofDevice("d-1", PAGE)).rows;
    assert.deepEqual([attempt?.outcome, attempt?.cause], ["confirmed", "restart-race"]);
    const [signature] = await store.attempts.signatures({ ...EVERYBODY, product: "agent" }, 10);
    assert.deepEqual([signature?.cause, signature?.devices], ["restart-race", 1]);
    assert.equal((await store.devices.count({ ...EVERYBODY, cause: "restart-race" }, LATER)).failed, 1);
    const [row] = await store.rollouts.tallies(STABLE, COUNTED);
    assert.deepEqual([row?.offered, row?.confirmed, row?.failed], [1, 0, 1]);
    await record(store, { device: "d-1", now: START + 40 });
    assert.deepEqual(await outcomes(store), [["failed", "restart-race"]]);
    const better = [confirmed("b", { endedAt: START + 50 })];
    const now = START + 50;
    await record(store, { device: "d-1", now, installed: "2.0.0", checkIn: { attempts: better } });
    assert.deepEqual(await outcomes(store), [["confirmed", null]], "a later attempt counts");
  });

  test("a version that has shown after its attempt may go again without a race", async (context) => {
    const store = await prepared(context);
    const sample = { device: "d-1", installed: "2.0.0" };
    await record(store, { ...sample, now: START + 20, checkIn: { attempts: [confirmed("a")] } });
    await record(store, { ...sample, now: START + 30 });
    await record(store, { device: "d-1", now: START + 40 });
    assert.deepEqual(await outcomes(store), [["confirmed", null]]);
  });

  test("a rollback or a later attempt explains another version", async (context) => {
    const store = await prepared(context);
    await record(store, { device: "d-1", now: START + 20, checkIn: { attempts: [confirmed("a")] } });
    const rollback = confirmed("b", { kind: "rollback", from: "2.0.0", to: "1.0.0", endedAt: START + 25 });
    await record(store, { device: "d-1", now: START + 30, checkIn: { attempts: [rollback] } });
    await record(store, { device: "d-1", now: START + 40 });
    assert.deepEqual(await outcomes(store), [["confirmed", null]]);
  });

  test("an older attempt that is told late explains nothing", async (context) => {
    const store = await prepared(context);
    await record(store, { device: "d-1", now: START + 20, checkIn: { attempts: [confirmed("a")] } });
    const older = confirmed("b", { to: "1.0.0", endedAt: START + 5 });
    await record(store, { device: "d-1", now: START + 30, checkIn: { attempts: [older] } });
    assert.deepEqual(await outcomes(store), [["failed", "restart-race"]]);
  });

  test("a product that is not installed any more is no race", async (context) => {
    const store = await prepared(context);
    await record(store, { device: "d-1", now: START + 20, checkIn: { attempts: [confirmed("a")] } });
    await record(store, { device: "d-1", now: START + 30, installed: null });
    assert.deepEqual(await outcomes(store), [["confirmed", null]]);
  });
}

function tallies(open: OpenStore): void {
  test("the first offer counts, and each device once for each promotion of the version that it was offered", async (context) => {
    const store = await open(context);
    const beta = { ...STABLE, channel: "beta", commit: "2".repeat(40) };
    await enrol(store, "d-1", { tenant: "acme", site: "berlin" });
    await record(store, { device: "d-1", now: START + 1, offer: beta });
    await record(store, { device: "d-1", now: START + 2, offer: STABLE });
    await record(store, { device: "d-1", now: START + 3, offer: STABLE });
    const when = { ...COUNTED, silentBefore: START + 2 };
    const kind = { platform: "linux-x64", tenant: "acme", site: "berlin", traits: {} };
    const none = { confirmed: 0, failed: 0, excused: 0, silent: 0, underWay: 0 };
    assert.deepEqual(await store.rollouts.tallies(STABLE, when), [
      { ...kind, ...none, offered: 1, silent: 1 },
    ]);
    assert.deepEqual(await store.rollouts.tallies(STABLE, { ...when, silentBefore: START + 1 }), [
      { ...kind, ...none, offered: 1 },
    ]);
    await record(store, { device: "d-1", now: START + 4, checkIn: { attempts: [failed("a")] } });
    for (const promotion of [beta, STABLE]) {
      assert.deepEqual(await store.rollouts.tallies(promotion, when), [
        { ...kind, ...none, offered: 1, failed: 1 },
      ]);
    }
    const other = { ...STABLE, version: "3.0.0" };
    assert.deepEqual(await store.rollouts.tallies(other, when), []);
  });

  test("an offer is counted by the C library and system that the device had then, in the order of the first offers", async (context) => {
    const store = await open(context);
    const old = { glibc: "2.31", os: "debian", osVersion: "11", kernel: "5.10" };
    const facts = { "d-1": { musl: "1.2.4", os: "alpine" }, "d-2": old, "d-3": { ...old, kernel: "5.15" } };
    for (const [id, given] of Object.entries(facts)) await enrol(store, id, { facts: given });
    await enrol(store, "d-4");
    for (const device of ["d-2", "d-4", "d-1", "d-3"]) await record(store, { device, offer: STABLE });
    const upgraded = { ...old, glibc: "2.36", osVersion: "12" };
    const attempts = [failed("a")];
    const now = START + 10;
    await record(store, { device: "d-2", now, offer: STABLE, checkIn: { facts: upgraded, attempts } });
    const next = { ...STABLE, commit: "2".repeat(40) };
    for (const device of ["d-2", "d-3"]) await record(store, { device, now: now + 10, offer: next });
    const counted = async (promotion: PromotionKey) =>
      (await store.rollouts.tallies(promotion, COUNTED)).map(({ traits, offered, failed }) => [
        Object.entries(traits).join(" "),
        offered,
        failed,
      ]);
    assert.deepEqual(await counted(STABLE), [
      ["glibc,2.31 os,debian 11", 2, 1],
      ["", 1, 0],
      ["musl,1.2.4 os,alpine", 1, 0],
    ]);
    assert.deepEqual(await counted(next), [
      ["glibc,2.36 os,debian 12", 1, 0],
      ["glibc,2.31 os,debian 11", 1, 0],
    ]);
    const kinds = await store.devices.kinds("agent", LATER);
    assert.deepEqual(
      kinds.map(({ platform, traits, devices }) => `${platform} ${JSON.stringify(traits)} ${devices}`).sort(),
      [
        'linux-x64 {"glibc":"2.31","os":"debian 11"} 1',
        'linux-x64 {"glibc":"2.36","os":"debian 12"} 1',
        'linux-x64 {"musl":"1.2.4","os":"alpine"} 1',
        "linux-x64 {} 1",
      ],
    );
    assert.deepEqual(await store.devices.kinds("agent", LATER + 40 * DAY), [], "those that are gone");
    assert.deepEqual(await store.devices.kinds("another", LATER), []);
  });

  test("the attempt that ended last counts, in whatever order they are told, and of two at once the worse", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    await record(store, { device: "d-1", now: START, offer: STABLE });
    const tell = async (now: number, ...attempts: ReturnType<typeof failed>[]): Promise<unknown> => {
      await record(store, { device: "d-1", now, installed: "2.0.0", checkIn: { attempts } });
      return (await store.rollouts.outcomes(STABLE, null, 5))[0]?.outcome;
    };
    assert.equal(await tell(START + 100, confirmed("b", { endedAt: START + 50 })), "confirmed");
    assert.equal(await tell(START + 101, failed("a", { endedAt: START + 40 })), "confirmed");
    assert.equal(await tell(START + 102, failed("c", { endedAt: START + 50 })), "failed");
    assert.equal(await tell(START + 103, confirmed("d", { endedAt: START + 50 })), "failed");
    assert.equal(await tell(START + 104, confirmed("e", { endedAt: START + 60 })), "confirmed");
  });

  test("a wrong clock of the machine does not change which of its attempts is the last", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    await record(store, { device: "d-1", now: START, offer: STABLE });
    const wrong = 5_000;
    const early = { clock: wrong, attempts: [confirmed("a", { endedAt: wrong - 10 })] };
    await record(store, { device: "d-1", now: START + 100, installed: "2.0.0", checkIn: early });
    const late = { attempts: [failed("b", { endedAt: START + 95 })] };
    await record(store, { device: "d-1", now: START + 200, installed: "2.0.0", checkIn: late });
    assert.equal((await store.rollouts.outcomes(STABLE, null, 5))[0]?.outcome, "failed");
  });

  test("an attempt counts for what is offered in the same check-in, and not for what comes later", async (context) => {
    const store = await open(context);
    const again = { ...STABLE, commit: "3".repeat(40) };
    await enrol(store, "d-1");
    await record(store, {
      device: "d-1",
      now: START + 20,
      offer: STABLE,
      checkIn: { attempts: [failed("a")] },
    });
    await record(store, { device: "d-1", now: START + 30, offer: again });
    assert.equal((await store.rollouts.tallies(STABLE, COUNTED))[0]?.failed, 1);
    assert.equal((await store.rollouts.tallies(again, COUNTED))[0]?.failed, 0, "a new promotion begins anew");
  });

  test("devices that were enrolled too late, are gone, or were seen before do not count", async (context) => {
    const store = await open(context);
    await enrol(store, "old", { now: START - 10 });
    await enrol(store, "new", { now: START });
    await enrol(store, "quiet", { now: START - 10 });
    for (const device of ["old", "new", "quiet"]) {
      await record(store, { device, now: START + 1, offer: STABLE, checkIn: { sequence: 1 } });
    }
    const attempts = [failed("a")];
    for (const device of ["old", "new"]) {
      await record(store, { device, now: START + 100, checkIn: { attempts } });
    }
    const now = START + 10_000;
    const count = async (
      when: Partial<Parameters<FleetStore["rollouts"]["tallies"]>[1]>,
    ): Promise<number[]> => {
      const [row] = await store.rollouts.tallies(STABLE, { ...COUNTED, now, enrolledBefore: START, ...when });
      return row === undefined ? [] : [row.offered, row.failed, row.silent];
    };
    assert.deepEqual(await count({}), [2, 1, 0]);
    assert.deepEqual(await count({ enrolledBefore: START + 1 }), [3, 2, 0]);
    assert.deepEqual(await count({ after: START + 99 }), [2, 1, 0]);
    assert.deepEqual(await count({ after: START + 100 }), [1, 0, 0], "somebody saw that and went on");
    assert.deepEqual(await count({ silentBefore: now - 5_000 }), [2, 1, 1]);
    const deadline = START + 1 + 5_000;
    const silentBefore = now - 5_000;
    assert.deepEqual(await count({ silentBefore, after: deadline - 1 }), [1, 0, 1]);
    assert.deepEqual(await count({ silentBefore, after: deadline }), [], "its silence was seen too");
    assert.deepEqual(await count({ now: START + 1 + 30 * DAY, silentBefore: START + 50 }), [1, 1, 0]);
    assert.deepEqual(await count({ now: START + 100 + 30 * DAY }), []);
  });

  test("how it went is told device by device, so many of each kind", async (context) => {
    const store = await open(context);
    for (let index = 0; index < 9; index++) {
      const device = `d-${index}`;
      await enrol(store, device, { labels: { index: `${index}` }, facts: { glibc: "2.31" } });
      const attempts = [[confirmed("a")], [failed("a", { cause: "bad-binary" })], []][index % 3] ?? [];
      await record(store, { device, offer: STABLE, now: START + index, checkIn: { attempts } });
    }
    const found = await store.rollouts.outcomes(STABLE, null, 2);
    assert.deepEqual(found.map(({ outcome, cause }) => [outcome, cause]).sort(), [
      [null, null],
      [null, null],
      ["confirmed", null],
      ["confirmed", null],
      ["failed", "bad-binary"],
      ["failed", "bad-binary"],
    ]);
    const failing = found.find(({ outcome }) => outcome === "failed");
    assert.equal(failing?.device.facts?.glibc, "2.31");
    assert.equal(Number(failing?.device.labels.index) % 3, 1);
  });
}

function requests(open: OpenStore): void {
  test("a request is given with each answer until the device says what became of it", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1", { tenant: "acme" });
    await enrol(store, "d-2");
    const asked = await store.requests.add(request("r", "d-1"), ADA);
    assert.deepEqual(asked, {
      ...request("r", "d-1"),
      askedBy: "ada",
      deliveries: 0,
      deliveredAt: null,
      endedAt: null,
      result: null,
      text: null,
    });
    assert.deepEqual(await store.requests.add(request("r", "d-1"), ADA), asked, "asked again");
    assert.deepEqual((await record(store, { device: "d-2" })).requests, []);
    for (const turn of [1, 2]) {
      const { requests } = await record(store, { device: "d-1", now: START + turn });
      assert.deepEqual(
        requests.map(({ id, deliveries, deliveredAt }) => [id, deliveries, deliveredAt]),
        [["r", turn, START + 1]],
      );
    }
    const handled = [{ id: "r", result: "refused", text: "paused by the tenant" }] as const;
    const others = { device: "d-2", now: START + 3, checkIn: { handled } };
    assert.deepEqual((await record(store, others)).acknowledged, ["r"]);
    assert.equal((await store.requests.get("r"))?.result, null, "another device cannot end it");
    const answer = await record(store, { device: "d-1", now: START + 3, checkIn: { handled } });
    assert.deepEqual([answer.acknowledged, answer.requests], [["r"], []]);
    const again = [{ id: "r", result: "done", text: "" }] as const;
    await record(store, { device: "d-1", now: START + 4, checkIn: { handled: again } });
    const ended = await store.requests.get("r");
    assert.deepEqual(
      [ended?.result, ended?.text, ended?.endedAt, ended?.deliveries],
      ["refused", "paused by the tenant", START + 3, 2],
    );
  });

  test("a request that is cancelled or ran out is not given any more, but what the device did is what is kept", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    await store.requests.add(request("cancelled", "d-1"), ADA);
    await store.requests.add(request("late", "d-1", { expiresAt: START + 50 }), ADA);
    const cancelled = await store.requests.cancel("cancelled", ADA, START + 10);
    assert.deepEqual([cancelled?.result, cancelled?.endedAt], ["cancelled", START + 10]);
    assert.deepEqual(await store.requests.cancel("cancelled", ADA, START + 20), cancelled);
    assert.equal(await store.requests.cancel("none", ADA, START), undefined);
    const before = await record(store, { device: "d-1", now: START + 49 });
    assert.deepEqual(
      before.requests.map(({ id }) => id),
      ["late"],
    );
    const { requests } = await record(store, { device: "d-1", now: START + 50 });
    assert.deepEqual(requests, []);
    const late = await store.requests.get("late");
    assert.deepEqual([late?.result, late?.endedAt], ["expired", START + 50]);
    const handled = [{ id: "cancelled", result: "done", text: "updated" }] as const;
    await record(store, { device: "d-1", now: START + 60, checkIn: { handled } });
    assert.equal((await store.requests.get("cancelled"))?.result, "done");
  });

  test("requests are listed newest first, by device, tenant and whether they are open", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1", { tenant: "acme" });
    await enrol(store, "d-2", { tenant: "zenith" });
    await store.requests.add(request("1", "d-1"), ADA);
    await store.requests.add(request("2", "d-2"), ADA);
    await store.requests.add(request("3", "d-1", { kind: "look", askedAt: START + 1 }), ADA);
    await store.requests.cancel("1", ADA, START + 2);
    const ids = async (filter: Partial<Parameters<FleetStore["requests"]["list"]>[0]>): Promise<string[]> =>
      (await store.requests.list({ ...EVERYBODY, ...filter }, PAGE)).rows.map(({ id }) => id);
    assert.deepEqual(await ids({}), ["3", "2", "1"]);
    assert.deepEqual(await ids({ device: "d-1" }), ["3", "1"]);
    assert.deepEqual(await ids({ tenants: ["zenith"] }), ["2"]);
    assert.deepEqual(await ids({ open: true }), ["3", "2"]);
    assert.deepEqual(await ids({ open: false, device: "d-1" }), ["1"]);
    await assert.rejects(store.requests.add(request("4", "nobody"), ADA), { code: "store/no-such-device" });
  });
}

function rollouts(open: OpenStore): void {
  const rollout: RolloutRecord = {
    ...STABLE,
    state: "active",
    reason: "wave 2 of 4 is open",
    since: START,
    nextAt: START + 3600,
    allowed: 100_000,
    marks: [{ at: START, kind: "began", text: "promoted by ada" }],
    countedFrom: null,
    judgement: { strata: [], gate: null, checks: [], opening: null },
  };

  test("what the loop says of a rollout is kept as it said it last", async (context) => {
    const store = await open(context);
    await store.rollouts.save(rollout);
    const halted = { ...rollout, state: "halted", nextAt: null, countedFrom: START + 9 } as const;
    await store.rollouts.save(halted);
    await store.rollouts.save({ ...rollout, channel: "beta", since: START + 1 });
    assert.deepEqual(await store.rollouts.get(STABLE), halted);
    assert.equal(await store.rollouts.get({ ...STABLE, version: "3.0.0" }), undefined);
    assert.deepEqual(
      (await store.rollouts.list(null)).map(({ channel }) => channel),
      ["beta", "stable"],
    );
  });

  test("who may see one tenant sees the rollouts that its devices were offered", async (context) => {
    const store = await open(context);
    await store.rollouts.save(rollout);
    await enrol(store, "d-1", { tenant: "acme" });
    await record(store, { device: "d-1", offer: STABLE });
    assert.equal((await store.rollouts.list(["acme"])).length, 1);
    assert.deepEqual(await store.rollouts.list(["zenith"]), []);
    assert.deepEqual(await store.rollouts.list([]), []);
  });

  test("a halt stays as it is until a commit ends it, and only a newer one comes after that", async (context) => {
    const store = await open(context);
    const halt: Overlay = { ...STABLE, kind: "halt", reason: "5 of 20 failed", at: START };
    await store.rollouts.saveOverlay(halt);
    await store.rollouts.saveOverlay({ ...halt, reason: "another word", at: START + 1 });
    assert.deepEqual(await store.rollouts.overlays(), [halt]);
    await store.rollouts.endOverlay(halt, "4".repeat(40), START + 10);
    assert.deepEqual(await store.rollouts.overlays(), []);
    await store.rollouts.saveOverlay(halt);
    assert.deepEqual(await store.rollouts.overlays(), [], "the last manifest does not bring it back");
    const next = { ...halt, at: START + 11 };
    await store.rollouts.saveOverlay(next);
    assert.deepEqual(await store.rollouts.overlays(), [next]);
  });

  test("what health has opened goes on, stands beside a halt, and of two of one second the stricter stays", async (context) => {
    const store = await open(context);
    const opened: Overlay = { ...STABLE, kind: "opened", waves: 2, at: START };
    const halt: Overlay = { ...STABLE, kind: "halt", reason: "5 of 20 failed", at: START };
    await store.rollouts.saveOverlay(opened);
    await store.rollouts.saveOverlay({ ...opened, waves: 3 });
    assert.deepEqual(await store.rollouts.overlays(), [opened]);
    await store.rollouts.saveOverlay({ ...opened, waves: 1 });
    await store.rollouts.saveOverlay({ ...opened, waves: 9, at: START - 1 });
    assert.deepEqual(await store.rollouts.overlays(), [{ ...opened, waves: 1 }]);
    await store.rollouts.saveOverlay({ ...opened, waves: 3, at: START + 1 });
    await store.rollouts.saveOverlay(halt);
    assert.deepEqual(await store.rollouts.overlays(), [halt, { ...opened, waves: 3, at: START + 1 }]);
  });

  test("an overlay that is ended before the store knew it stays ended", async (context) => {
    const store = await open(context);
    const halt: Overlay = { ...STABLE, kind: "halt", reason: "5 of 20 failed", at: START };
    await store.rollouts.endOverlay(halt, "4".repeat(40), START + 10);
    await store.rollouts.saveOverlay(halt);
    assert.deepEqual(await store.rollouts.overlays(), []);
  });
}

function people(open: OpenStore): void {
  test("tokens are listed by tenant, without their digest, and revoked once", async (context) => {
    const store = await open(context);
    await createToken(store, { id: "a", tenant: "acme", labels: { ring: "canary" }, usesLeft: 3 });
    await createToken(store, { id: "z", tenant: "zenith", createdAt: START + 1 });
    const shown = {
      id: "a",
      tenant: "acme",
      site: null,
      labels: { ring: "canary" },
      createdAt: START,
      createdBy: "ada",
      expiresAt: START + 365 * DAY,
      usesLeft: 3,
      uses: 0,
      revokedAt: null,
    };
    assert.deepEqual(await store.tokens.list(["acme"]), [shown]);
    assert.deepEqual(
      (await store.tokens.list(null)).map(({ id }) => id),
      ["z", "a"],
    );
    const revoked = { ...shown, revokedAt: START + 5 };
    assert.deepEqual(await store.tokens.revoke("a", ADA, START + 5), revoked);
    assert.deepEqual(await store.tokens.revoke("a", ADA, START + 6), revoked);
    assert.equal(await store.tokens.revoke("none", ADA, START), undefined);
  });

  test("a person is found by the digest of a token, and a name is given once", async (context) => {
    const store = await open(context);
    const person = {
      name: "bob",
      role: "viewer",
      tenants: ["acme"],
      createdAt: START,
      expiresAt: START + DAY,
    } as const;
    assert.equal(await store.people.create(person, "digest", ADA, START), true);
    assert.equal(await store.people.create({ ...person, role: "admin" }, "other", ADA, START), false);
    assert.deepEqual(await store.people.byToken("digest"), person);
    assert.equal(await store.people.byToken("other"), undefined);
    const carol = { ...person, name: "alice", role: "admin", tenants: null, expiresAt: null } as const;
    await store.people.create(carol, "third", ADA, START);
    assert.deepEqual(await store.people.list(), [carol, person]);
    assert.equal(await store.people.remove("bob", ADA, START), true);
    assert.equal(await store.people.remove("bob", ADA, START), false);
    assert.equal(await store.people.byToken("digest"), undefined);
  });

  test("every write of a person is in the audit log, newest first, and a tenant sees its own", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1", { tenant: "acme", site: "berlin" });
    await store.requests.add(request("r", "d-1"), ADA);
    await store.requests.cancel("r", ADA, START + 1);
    await store.devices.move("d-1", { tenant: "zenith", site: "rome", labels: {} }, ADA, START + 2);
    await store.devices.remove("d-1", ADA, START + 3);
    await store.tokens.revoke(`token of d-1 at ${START}`, ADA, START + 4);
    const person = { name: "bob", role: "viewer", tenants: null, createdAt: START, expiresAt: null } as const;
    await store.people.create(person, "digest", ADA, START + 5);
    await store.people.remove("bob", ADA, START + 6);
    const entry = {
      at: START + 7,
      actor: ADA,
      action: "rollout.resume",
      subject: "rollout agent/stable",
      tenant: null,
      before: { state: "halted" },
      after: null,
    };
    await store.audit.add(entry);
    const whole = (await store.audit.list(null, PAGE)).rows;
    assert.deepEqual(
      whole.map(({ action, tenant }) => `${action} ${tenant}`),
      [
        "rollout.resume null",
        "person.remove null",
        "person.create null",
        "token.revoke acme",
        "device.remove zenith",
        "device.move zenith",
        "device.move acme",
        "request.cancel acme",
        "request.update acme",
        "token.create acme",
      ],
    );
    const { sequence, ...newest } = whole[0] ?? assert.fail();
    assert.deepEqual(newest, entry);
    assert.deepEqual(whole.map((one) => one.sequence).toSorted((a, b) => b - a)[0], sequence);
    const own = (await store.audit.list(["acme"], PAGE)).rows;
    assert.doesNotMatch(JSON.stringify(own), /zenith|rome/);
    assert.equal(own.length, 5);
    const page = await store.audit.list(null, { limit: 4 });
    const rest = await store.audit.list(null, { limit: 100, after: page.next ?? "" });
    assert.deepEqual([...page.rows, ...rest.rows], whole);
  });
}

function upkeep(open: OpenStore): void {
  test("what is older than it has to be kept goes, and nothing else", async (context) => {
    const store = await open(context);
    const keep = { attempts: 10 * DAY, audit: 20 * DAY, rollouts: 30 * DAY };
    await enrol(store, "d-1");
    const at = (day: number): number => START + day * DAY;
    const judgement = { strata: [], gate: null, checks: [], opening: null };
    const rollout = {
      ...STABLE,
      reason: "",
      nextAt: null,
      allowed: 0,
      marks: [],
      countedFrom: null,
      judgement,
    };
    const beta = { ...STABLE, channel: "beta" };
    for (const [day, promotion] of [
      [0, STABLE],
      [1, beta],
      [2, { ...STABLE, channel: "halted" }],
    ] as const) {
      const attempts = [failed(`${day}`, { message: `on channel ${promotion.channel}`, endedAt: at(day) })];
      await record(store, { device: "d-1", now: at(day), offer: promotion, checkIn: { attempts } });
    }
    await store.rollouts.save({ ...rollout, state: "done", since: at(0) });
    await store.rollouts.save({ ...rollout, channel: "halted", state: "halted", since: at(0) });
    await store.requests.add(request("r", "d-1", { expiresAt: at(3) }), ADA);
    await store.audit.add({
      at: at(15),
      actor: ADA,
      action: "x",
      subject: "y",
      tenant: null,
      before: null,
      after: null,
    });
    const left = async (): Promise<unknown> => [
      (await store.attempts.list(EVERYBODY, PAGE)).rows.length,
      (await store.attempts.signatures({ ...EVERYBODY, product: "agent" }, 10)).length,
      (await store.audit.list(null, PAGE)).rows.length,
      (await store.rollouts.outcomes(STABLE, null, 5)).length +
        (await store.rollouts.outcomes(beta, null, 5)).length,
      (await store.rollouts.list(null)).length,
    ];
    assert.equal(await store.upkeep.expire(keep, at(9)), 1, "the request that ran out");
    assert.equal((await store.requests.get("r"))?.result, "expired");
    assert.deepEqual(await left(), [3, 3, 3, 2, 2]);
    await store.upkeep.expire(keep, at(11) + 1);
    assert.deepEqual(await left(), [1, 1, 3, 2, 2]);
    await store.upkeep.expire(keep, at(30) + 1);
    assert.deepEqual(await left(), [0, 0, 1, 1, 1], "a halt has not ended");
    assert.equal(await store.requests.get("r"), undefined);
    await store.upkeep.expire(keep, at(1000));
    assert.deepEqual(await left(), [0, 0, 0, 0, 1]);
    assert.equal((await store.devices.get("d-1"))?.id, "d-1", "a device stays until somebody removes it");
    assert.equal((await store.rollouts.outcomes({ ...STABLE, channel: "halted" }, null, 5)).length, 1);
  });

  test("more rows than one step drops are dropped as well, while check-ins go on", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    for (let turn = 0; turn < 90; turn++) {
      const attempts = Array.from({ length: 16 }, (_, index) => confirmed(`${turn}-${index}`));
      await record(store, { device: "d-1", now: START + turn, installed: "2.0.0", checkIn: { attempts } });
    }
    assert.equal((await store.upkeep.size()).attempts, 90 * 16);
    const keep = { attempts: DAY, audit: DAY, rollouts: DAY };
    const dropped = store.upkeep.expire(keep, START + 60 + DAY);
    const result = await record(store, { device: "d-1", now: START + 90, installed: "2.0.0" });
    assert.equal(result.isCopy, false);
    assert.ok((await dropped) >= 60 * 16);
    const { attempts, devices, bytes } = await store.upkeep.size();
    assert.deepEqual([attempts, devices, bytes > 0], [30 * 16, 1, true]);
  });

  test("a store that is closed writes what waits first", async (context) => {
    const store = await open(context);
    await enrol(store, "d-1");
    const waiting = store.checkIns.record(checkIn({ device: "d-1" }));
    await store.close();
    assert.equal((await waiting).isCopy, false);
  });
}
