import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { applyOverlays } from "../../controller/desired/apply-overlays.ts";
import type { GateChecks } from "../../controller/desired/gate-checks.ts";
import type { Overlay } from "../../controller/desired/overlay.ts";
import type { FleetStore } from "../../controller/fleet/store/fleet-store.ts";
import type { RolloutRecord, TallyRow } from "../../controller/fleet/store/records.ts";
import { openSqliteStore } from "../../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { StoreError } from "../../controller/fleet/store/store-error.ts";
import type { CheckAnswer } from "../../controller/rollout/checks/observe-check.ts";
import {
  RolloutLoop,
  type RolloutLoopParts,
  type ServedProducts,
} from "../../controller/rollout/rollout-loop.ts";
import { findRelease } from "../../protocol/candidates.ts";
import type { ChannelPolicy, Rollout } from "../../protocol/policy.ts";
import { channel, DAY, HOUR, product, release, T0 } from "../protocol/build-policies.ts";
import { temporaryFolder } from "../publish/sample-publisher.ts";
import { type ServedReleases, SimulatedFleet } from "./simulated-fleet.ts";

const ROLLOUT: Rollout = {
  strategy: "steps",
  waves: [
    { ppm: 200_000, after: 0 },
    { ppm: 500_000, after: 4 * HOUR },
    { ppm: 1_000_000, after: DAY },
  ],
  gate: { maxFailure: 20_000, minReports: 10 },
  advance: "healthy",
  opened: 0,
};

/** A loop over a real database, who publishes what it adds, and a clock that the test moves. */
class Controller {
  readonly path: string;
  store: FleetStore;
  loop: RolloutLoop;
  git: ChannelPolicy;
  now = T0;
  /** Each list that was handed over to be published. */
  readonly handed: (readonly Overlay[])[] = [];
  readonly log: string[] = [];
  answer: CheckAnswer = { kind: "pass", text: "fine" };
  private looked = Promise.withResolvers<readonly RolloutRecord[]>();

  constructor(t: TestContext, rollout: Rollout = ROLLOUT) {
    this.path = join(temporaryFolder(t), "fleet.db");
    this.git = channel(["1.3.0", "1.4.0"], { rollout });
    this.store = openSqliteStore(this.path);
    this.loop = this.newLoop();
    t.after(() => this.stop());
  }

  private newLoop(rollouts: Partial<RolloutLoopParts["store"]["rollouts"]> = {}): RolloutLoop {
    const { store } = this;
    const inStore = store.rollouts;
    return new RolloutLoop({
      store: {
        devices: store.devices,
        rollouts: {
          addPoint: (promotion, point) => inStore.addPoint(promotion, point),
          get: (promotion) => inStore.get(promotion),
          list: (tenants) => inStore.list(tenants),
          save: (record) => inStore.save(record),
          overlays: () => inStore.overlays(),
          saveOverlay: (overlay) => inStore.saveOverlay(overlay),
          endOverlay: (overlay, commit, now) => inStore.endOverlay(overlay, commit, now),
          tallies: (promotion, when) => inStore.tallies(promotion, when),
          ...rollouts,
        },
      },
      publishOverlays: (overlays) => void this.handed.push(overlays),
      ask: async () => this.answer,
      report: {
        changed: ({ state }) => void this.log.push(state),
        added: ({ kind }) => void this.log.push(`added ${kind}`),
        ended: ({ kind }, why) => void this.log.push(`ended ${kind}: ${why}`),
        standing: (records) => this.looked.resolve(records),
        recovered: () => undefined,
        failed: (error) => void this.log.push(`failed: ${String(error)}`),
      },
      now: () => this.now,
    });
  }

  /** What agents get: git's policy with what was handed over last. */
  get served(): ServedReleases & ServedProducts {
    const policy = product({ channels: { stable: this.git } });
    const desired = new Map([["agent", policy]]);
    const added = applyOverlays(desired, this.handed.at(-1) ?? [], undefined).get("agent");
    assert.ok(added);
    const releases = ["1.3.0", "1.4.0", "1.5.0"].map((v) => release(v));
    const served = {
      policy: added,
      releases,
      findRelease: (version: string) => findRelease(releases, version),
    };
    return new Map([["agent", served]]);
  }

  /** Moves the clock and lets the loop look. @returns how the rollout stands */
  async look(
    now = this.now,
    formerNames: Parameters<RolloutLoop["takeManifest"]>[1] = [],
  ): Promise<RolloutRecord> {
    this.now = now;
    this.looked = Promise.withResolvers();
    this.loop.takeManifest(this.served, formerNames);
    const [record] = await this.looked.promise;
    assert.ok(record);
    return record;
  }

  async start(rollouts: Partial<RolloutLoopParts["store"]["rollouts"]> = {}): Promise<void> {
    this.loop = this.newLoop(rollouts);
    await this.loop.readOverlays();
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await this.store.close();
  }

  /** As after a crash. */
  async restart(options: { readonly losesStore?: boolean } = {}): Promise<void> {
    await this.stop();
    if (options.losesStore === true) {
      for (const end of ["", "-wal", "-shm"]) rmSync(this.path + end, { force: true });
    }
    this.store = openSqliteStore(this.path);
    await this.start();
  }

  get overlays(): readonly Overlay[] {
    return this.handed.at(-1) ?? [];
  }
}

function byKind(a: Overlay, b: Overlay): number {
  return a.kind < b.kind ? -1 : 1;
}

test("a healthy version goes through its waves by itself, each when its time has come and the one before is proven", async (t) => {
  const controller = new Controller(t);
  await controller.start();
  const fleet = new SimulatedFleet(() => controller.store);
  await fleet.enrol(100, "linux-x64", "acme", "1.3.0", T0 - DAY);
  const share: number[] = [];
  for (let hour = 0; hour <= 30; hour++) {
    const now = T0 + hour * HOUR;
    const record = await controller.look(now);
    share.push(record.allowed);
    await fleet.checkIn(controller.served, now + 60, () => "confirmed");
  }
  assert.deepEqual([...new Set(share)], [200_000, 500_000, 1_000_000]);
  assert.equal(share.indexOf(500_000), 4);
  assert.equal(share.indexOf(1_000_000), 24);
  assert.equal(fleet.running("1.4.0"), 100);
  const done = await controller.look(T0 + 40 * HOUR);
  assert.equal(done.state, "done");
  assert.match(done.reason, /all waves are open: 0 of 100 failed, at most 2%/);
  assert.deepEqual(
    done.marks.map(({ kind }) => kind),
    ["began", "wave", "wave", "wave", "done"],
  );
});

test("a renamed tenant is one tenant to the gate, while its machines take the new name over", async (t) => {
  const controller = new Controller(t, { ...ROLLOUT, gate: { maxFailure: 50_000, minReports: 10 } });
  const row = (tenant: string, failed: number, confirmed: number): TallyRow => ({
    ...{
      platform: "linux-x64",
      tenant,
      site: null,
      traits: {},
      offered: failed + confirmed,
      failed,
      confirmed,
    },
    ...{ excused: 0, silent: 0, underWay: 0 },
  });
  await controller.start({
    tallies: async () => [
      row("acme", 20, 0),
      row("acme-labs", 20, 0),
      row("globex", 1, 59),
      row("initech", 1, 59),
    ],
  });
  const asOne = await controller.look(T0 + HOUR, [["acme", "acme-labs"]]);
  assert.notEqual(asOne.state, "halted");
  assert.match(asOne.reason, /too many of them at one tenant: a person decides/);
  assert.equal((await controller.look()).state, "halted", "as two tenants they would halt it");
});

test("a platform that fails alone is found although the others dilute it", async (t) => {
  const controller = new Controller(t, { ...ROLLOUT, gate: { maxFailure: 50_000, minReports: 10 } });
  await controller.start();
  const fleet = new SimulatedFleet(() => controller.store);
  await fleet.enrol(380, "linux-x64", "acme", "1.3.0", T0 - DAY);
  await fleet.enrol(20, "linux-arm64", "acme", "1.3.0", T0 - DAY);
  // The fleet is known by what it ran before.
  await fleet.checkIn(controller.served, T0 - HOUR, () => "confirmed");
  const outcome = ({ platform }: { platform: string }) =>
    platform === "linux-arm64" ? ("crash-loop" as const) : ("confirmed" as const);
  for (let round = 0; round < 3; round++) {
    await controller.look(T0 + round * 600);
    await fleet.checkIn(controller.served, T0 + round * 600 + 60, outcome);
  }
  const record = await controller.look(T0 + HOUR);
  assert.equal(record.state, "halted");
  assert.match(record.reason, /platform linux-arm64: \d of \d failed, more than 5%/);
  const [halt] = controller.overlays.filter(({ kind }) => kind === "halt");
  assert.ok(halt?.kind === "halt");
  assert.deepEqual(await controller.store.rollouts.overlays(), controller.overlays.toSorted(byKind));
});

/** 380 devices with a new C library and 20 with an old one, on which the version fails. */
async function enrolOldAndNew(fleet: SimulatedFleet): Promise<Parameters<SimulatedFleet["checkIn"]>[2]> {
  const at = T0 - DAY;
  await fleet.enrol(380, "linux-x64", "acme", "1.3.0", at, { glibc: "2.36", os: "debian", osVersion: "12" });
  await fleet.enrol(20, "linux-x64", "acme", "1.3.0", at, { glibc: "2.31", os: "debian", osVersion: "12" });
  return ({ facts }) => (facts?.glibc === "2.31" ? "crash-loop" : "confirmed");
}

for (const isKnown of [true, false]) {
  const fleetIs = isKnown ? "the fleet is known" : "no device was ever heard of";
  test(`a C library that fails alone is found although the others dilute it, where ${fleetIs}`, async (t) => {
    const controller = new Controller(t, { ...ROLLOUT, gate: { maxFailure: 50_000, minReports: 10 } });
    await controller.start();
    const fleet = new SimulatedFleet(() => controller.store);
    const outcome = await enrolOldAndNew(fleet);
    if (isKnown) await fleet.checkIn(controller.served, T0 - HOUR, () => "confirmed");
    const first = await controller.look(T0);
    for (let round = 0; round < 3; round++) {
      await controller.look(T0 + round * 600);
      await fleet.checkIn(controller.served, T0 + round * 600 + 60, outcome);
    }
    const record = await controller.look(T0 + HOUR);
    assert.equal(record.state, "halted");
    assert.match(record.reason, /glibc 2\.31: \d of \d failed, more than 5%/);
    const { strata, chosenStrata } = record.judgement;
    assert.equal(first.judgement.strata.length, isKnown ? 2 : 0);
    assert.equal(chosenStrata, first.judgement.strata.length);
    assert.deepEqual(strata.slice(0, chosenStrata), first.judgement.strata, "each keeps its place");
    await controller.restart();
    assert.deepEqual((await controller.look(T0 + 2 * HOUR)).judgement.strata, strata);
  });
}

test("a halt is served although the store can write nothing, and the store learns of it later", async (t) => {
  const controller = new Controller(t);
  await controller.start();
  const fleet = new SimulatedFleet(() => controller.store);
  await fleet.enrol(100, "linux-x64", "acme", "1.3.0", T0 - DAY);
  await controller.look();
  await fleet.checkIn(controller.served, T0 + 60, () => "confirmed");
  await fleet.checkIn(controller.served, T0 + 120, () => "crash-loop");
  await controller.loop.stop();
  let isFull = true;
  const full = async (write: () => Promise<void>): Promise<void> => {
    if (isFull) throw new StoreError("store/disk-full", "there is no space");
    await write();
  };
  const { rollouts } = controller.store;
  await controller.start({
    save: (record) => full(() => rollouts.save(record)),
    saveOverlay: (overlay) => full(() => rollouts.saveOverlay(overlay)),
  });
  await controller.look(T0 + HOUR);
  assert.equal(
    controller.overlays.some(({ kind }) => kind === "halt"),
    true,
  );
  assert.equal(
    (await rollouts.overlays()).some(({ kind }) => kind === "halt"),
    false,
  );
  isFull = false;
  assert.equal((await controller.look(T0 + 2 * HOUR)).state, "halted");
  assert.equal(
    (await rollouts.overlays()).some(({ kind }) => kind === "halt"),
    true,
  );
});

test("a lost database brings no halted version back, and learns of the halt again", async (t) => {
  const controller = new Controller(t);
  await controller.start();
  const fleet = new SimulatedFleet(() => controller.store);
  await fleet.enrol(100, "linux-x64", "acme", "1.3.0", T0 - DAY);
  await controller.look();
  await fleet.checkIn(controller.served, T0 + 60, () => "confirmed");
  await fleet.checkIn(controller.served, T0 + 120, () => "crash-loop");
  assert.equal((await controller.look(T0 + HOUR)).state, "halted");
  await controller.restart({ losesStore: true });
  const after = await controller.look(T0 + 2 * HOUR);
  assert.equal(after.state, "halted");
  assert.equal(
    controller.overlays.some(({ kind }) => kind === "halt"),
    true,
  );
  assert.equal(
    (await controller.store.rollouts.overlays()).some(({ kind }) => kind === "halt"),
    true,
  );
});

test("a resumption ends the halt in the store too, and only what comes after it counts", async (t) => {
  const controller = new Controller(t);
  await controller.start();
  const fleet = new SimulatedFleet(() => controller.store);
  await fleet.enrol(100, "linux-x64", "acme", "1.3.0", T0 - DAY);
  await controller.look();
  await fleet.checkIn(controller.served, T0 + 60, () => "confirmed");
  await fleet.checkIn(controller.served, T0 + 120, ({ id }) =>
    Number(id.slice(2)) % 3 ? "confirmed" : "crash-loop",
  );
  assert.equal((await controller.look(T0 + HOUR)).state, "halted");
  const failures = (await controller.look(T0 + HOUR)).judgement.gate?.failures ?? 0;
  assert.ok(failures > 3);
  controller.git = { ...controller.git, resumed: { reason: "a proxy", at: T0 + HOUR + 60 } };
  const resumed = await controller.look(T0 + HOUR + 120);
  assert.notEqual(resumed.state, "halted");
  assert.equal(resumed.judgement.gate?.failures, 0);
  assert.ok(controller.log.includes("ended halt: resumed"));
  assert.deepEqual(
    (await controller.store.rollouts.overlays()).filter(({ kind }) => kind === "halt"),
    [],
  );
  await controller.restart();
  assert.notEqual((await controller.look(T0 + HOUR + 180)).state, "halted");
  // It fails again: those that were not offered it yet, and are now.
  await fleet.checkIn(controller.served, T0 + 5 * HOUR, () => "crash-loop");
  await controller.look(T0 + 6 * HOUR);
  controller.git = { ...controller.git, rollout: { ...ROLLOUT, opened: 3 } };
  await controller.look(T0 + 2 * DAY);
  await fleet.checkIn(controller.served, T0 + 2 * DAY + 60, () => "crash-loop");
  await fleet.checkIn(controller.served, T0 + 2 * DAY + 120, () => "crash-loop");
  assert.equal((await controller.look(T0 + 2 * DAY + 180)).state, "halted");
});

test("the channel moves on: the old rollout says so, and its halt has ended", async (t) => {
  const controller = new Controller(t);
  await controller.start();
  const fleet = new SimulatedFleet(() => controller.store);
  await fleet.enrol(100, "linux-x64", "acme", "1.3.0", T0 - DAY);
  await controller.look();
  await fleet.checkIn(controller.served, T0 + 60, () => "confirmed");
  await fleet.checkIn(controller.served, T0 + 120, () => "crash-loop");
  const halted = await controller.look(T0 + HOUR);
  const { current, previous } = controller.git;
  controller.git = {
    ...channel(["1.5.0"], { rollout: ROLLOUT }),
    current: { version: "1.5.0", at: T0 + 2 * HOUR, commit: "d".repeat(40) },
    previous: [current, ...previous],
  };
  const next = await controller.look(T0 + 2 * HOUR);
  assert.deepEqual([next.version, next.state], ["1.5.0", "active"]);
  const old = await controller.store.rollouts.get(halted);
  assert.equal(old?.state, "halted");
  assert.match(old?.reason ?? "", /stable points to 1\.5\.0 now$/);
  assert.equal(old?.marks.at(-1)?.kind, "replaced");
  assert.ok(controller.log.includes("ended halt: moved-on"));
});

test("silence counts after its deadline, by the controller's clock, and devices enrolled later do not", async (t) => {
  const gate = { maxFailure: 20_000, minReports: 10, silentAfter: 6 * HOUR };
  const controller = new Controller(t, { ...ROLLOUT, gate, opened: 3 });
  await controller.start();
  const fleet = new SimulatedFleet(() => controller.store);
  await fleet.enrol(100, "linux-x64", "acme", "1.3.0", T0 - DAY);
  await fleet.enrol(50, "linux-x64", "late", "1.3.0", T0 + 30);
  await controller.look();
  await fleet.checkIn(controller.served, T0 + 60, () => "confirmed");
  await fleet.checkIn(controller.served, T0 + 120, () => "silent");
  assert.notEqual((await controller.look(T0 + 6 * HOUR)).state, "halted");
  const record = await controller.look(T0 + 6 * HOUR + 60);
  assert.equal(record.state, "halted");
  assert.match(record.reason, /(\d+) of \1 failed \(\1 by silence\), more than 2%/);
  assert.ok((record.judgement.gate?.silent ?? 0) <= 100);
});

test("a check that fails for its whole window halts, and until checks are known nothing opens", async (t) => {
  const checks: GateChecks = {
    "agent/stable": [{ kind: "prometheus", name: "errors", query: "errors", max: 0.01, window: 300 }],
  };
  const controller = new Controller(t);
  await controller.start();
  const fleet = new SimulatedFleet(() => controller.store);
  await fleet.enrol(100, "linux-x64", "acme", "1.3.0", T0 - DAY);
  controller.answer = { kind: "none", text: "no answer" };
  controller.loop.takeChecks(checks);
  await controller.look();
  for (const at of [60, 120]) await fleet.checkIn(controller.served, T0 + at, () => "confirmed");
  const held = await controller.look(T0 + 5 * HOUR);
  assert.equal(held.state, "held");
  assert.match(held.reason, /wave 2 waits for proof: check errors: it was not asked yet/);
  const asked = async (answer: CheckAnswer, now: number): Promise<RolloutRecord> => {
    controller.answer = answer;
    controller.now = now;
    controller.loop.takeChecks(checks);
    await new Promise(setImmediate);
    return controller.look(now);
  };
  const failing = await asked({ kind: "fail", text: "0.3, more than 0.01" }, T0 + 5 * HOUR + 60);
  assert.equal(failing.state, "held");
  assert.match(failing.reason, /check errors: 0\.3, more than 0\.01, since .*: 5m of it would halt/);
  // A restart forgets neither what is asked nor since when it fails; and what nobody has read proves nothing.
  await controller.restart();
  assert.equal((await controller.look(T0 + 5 * HOUR + 120)).state, "active", "it has just begun to listen");
  const halted = await asked({ kind: "fail", text: "0.3, more than 0.01" }, T0 + 5 * HOUR + 400);
  assert.equal(halted.state, "halted");
  assert.match(halted.reason, /check errors: 0\.3, more than 0\.01/);
});

test("a look follows soon after devices reported, without being asked", async (t) => {
  const controller = new Controller(t);
  await controller.start();
  const fleet = new SimulatedFleet(() => controller.store);
  await fleet.enrol(100, "linux-x64", "acme", "1.3.0", T0 - DAY);
  await controller.look();
  await fleet.checkIn(controller.served, T0 + 60, () => "confirmed");
  await fleet.checkIn(controller.served, T0 + 120, () => "crash-loop");
  controller.now = T0 + 180;
  await new Promise<void>((resolve) => {
    controller.handed.push = (...lists) => {
      resolve();
      return Array.prototype.push.apply(controller.handed, lists);
    };
    for (let count = 0; count < 100; count++) controller.loop.reported();
  });
  assert.equal(
    controller.overlays.some(({ kind }) => kind === "halt"),
    true,
  );
});
