import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { Attempt } from "../../protocol/check-in/attempt.ts";
import { checkInAnswer, type DeviceClient, lantern } from "../support/device-client.ts";
import { FleetController } from "./fleet-controller.ts";

/** What must always hold of the fleet's data, as far as enrolment and check-in have to do with it. */

const BY = { name: "test", from: "cli" };

function attempt(more: Partial<Attempt> = {}): Attempt {
  const now = Math.floor(Date.now() / 1000);
  return {
    id: randomBytes(16).toString("hex"),
    product: "lantern",
    kind: "update",
    from: "1.0.0",
    to: "1.1.0",
    toDigest: "d".repeat(64),
    startedAt: now,
    endedAt: now,
    step: "confirmed",
    outcome: "confirmed",
    ...more,
  };
}

const FAILED = { step: "self-tested", outcome: "failed", cause: "self-test-failed" } as const;

function tallyOf(controller: FleetController): Record<string, unknown>[] {
  return controller
    .rows(
      `SELECT sum(t.offered) AS offered, sum(t.confirmed) AS confirmed, sum(t.failed) AS failed
       FROM tally t JOIN promotion p ON p.number = t.promotion WHERE p.version = '1.1.0'`,
    )
    .map((row) => ({ ...row }));
}

test("nothing in the store makes a machine take a version that git does not offer", async (t) => {
  const controller = await FleetController.start(t);
  const device = await controller.device(await controller.token({ tenant: "acme" }));
  const manifest = async () => (await fetch(`${controller.url}/tuf/timestamp.json`)).text();
  const before = await manifest();
  const { store } = controller.service;
  const now = Math.floor(Date.now() / 1000);
  const id = randomBytes(16).toString("hex");
  await store.requests.add(
    { id, device: device.id, kind: "update", product: "lantern", askedAt: now, expiresAt: now + 60 },
    BY,
  );
  device.products = [lantern("0.9.0", { channel: "stable" })];
  await device.checkIn({ attempts: [attempt({ from: "0.9.0", to: "6.6.6" })] });
  const reply = await device.checkIn();

  // A request names a product and no version: what it comes to is for `decide` and signed policy to say.
  const { requests, ...others } = checkInAnswer(reply);
  assert.deepEqual(requests, [{ id, kind: "update", product: "lantern", askedAt: now, expiresAt: now + 60 }]);
  assert.deepEqual(Object.keys(others).sort(), ["acknowledged", "manifest", "schemaVersion"]);
  assert.equal(await manifest(), before, "nothing was published for it");
  const offered = controller.rows("SELECT DISTINCT version FROM promotion").map(({ version }) => version);
  assert.deepEqual(offered, ["1.1.0"]);
});

test("the gate counts devices and not reports: each once for a promotion, by its last report, and only those offered", async (t) => {
  const controller = await FleetController.start(t);
  const now = Math.floor(Date.now() / 1000);
  const device = await controller.device();
  const blocked = [{ version: "1.1.0", reason: "failed", until: now + 3600 }];
  for (let time = 0; time < 3; time++) {
    const failed = attempt({ ...FAILED, endedAt: now - 30 + time });
    await device.checkIn({ products: [lantern("1.0.0", { blocked })], attempts: [failed] });
  }
  assert.deepEqual(tallyOf(controller), [{ offered: 1, confirmed: 0, failed: 1 }]);
  await device.checkIn({ products: [lantern("1.1.0")], attempts: [attempt({ endedAt: now })] });
  assert.deepEqual(tallyOf(controller), [{ offered: 1, confirmed: 1, failed: 0 }]);

  const pinned = await controller.device();
  pinned.products = [lantern("1.1.0")];
  await pinned.checkIn({ attempts: [attempt({ ...FAILED, from: "1.1.0" })] });
  assert.deepEqual(tallyOf(controller), [{ offered: 1, confirmed: 1, failed: 0 }], "it was offered nothing");
});

test("what was acknowledged is on the disk, whether it comes twice, late, out of order or after its version is gone", async (t) => {
  const controller = await FleetController.start(t);
  const now = Math.floor(Date.now() / 1000);
  const device = await controller.device();
  await device.checkIn();
  const older = attempt({ ...FAILED, endedAt: now - 600, startedAt: now - 610 });
  const newer = attempt({ endedAt: now - 60, startedAt: now - 70 });
  device.products = [lantern("1.1.0")];
  await device.checkIn({ attempts: [newer] });

  await controller.state.addVersion("1.1.0", { active: false });
  await controller.state.addVersion("1.2.0");
  await controller.state.point("stable", "1.2.0");
  await controller.commits("yank 1.1.0");
  const unheard = attempt({ product: "gone", to: "3.0.0" });
  for (let time = 0; time < 2; time++) {
    const reply = await device.checkIn({ attempts: [older, newer, unheard] });
    assert.deepEqual(checkInAnswer(reply).acknowledged, [older.id, newer.id, unheard.id]);
  }
  await controller.restart();
  const kept = controller.rows("SELECT id FROM attempt ORDER BY id").map(({ id }) => id);
  assert.deepEqual(kept, [older.id, newer.id, unheard.id].sort());
  assert.deepEqual(tallyOf(controller), [{ offered: 1, confirmed: 1, failed: 0 }], "the last report counts");
});

test("a device keeps its row over a new key, a new format, a new platform and a move by an operator", async (t) => {
  const controller = await FleetController.start(t);
  const device = await controller.device(await controller.token({ tenant: "acme", labels: { rack: "7" } }));
  await device.checkIn();
  assert.equal((await device.replaceKey()).status, 200);
  await device.checkIn({ products: [lantern("1.0.0", { format: "deb" })] });
  await device.checkIn({ platform: "linux-riscv64" });
  const to = { tenant: null, site: null, labels: { rack: "8" } };
  assert.ok(await controller.service.store.devices.move(device.id, to, BY, 1));
  const last: DeviceClient = device;
  assert.equal((await last.checkIn()).status, 200);
  const rows = controller.rows("SELECT id, tenant, labels, key_generation FROM device");
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [{ id: device.id, tenant: null, labels: '{"rack":"8"}', key_generation: 2 }],
  );
});

test("a sequence number that goes backward marks a copy, and nothing is merged by guess", async (t) => {
  const controller = await FleetController.start(t);
  const device = await controller.device();
  await device.checkIn();
  const copy = device.copy();
  await device.checkIn({ products: [lantern("1.1.0")] });
  const report = attempt();
  const reply = await copy.checkIn({ products: [lantern("0.1.0")], attempts: [report] });
  assert.equal(checkInAnswer(reply).newKey, true);
  assert.deepEqual(
    controller.rows("SELECT version FROM installation").map((row) => ({ ...row })),
    [{ version: "1.1.0" }],
  );
  assert.deepEqual(controller.rows("SELECT id FROM attempt"), []);
});

test("times are the controller's, in whole seconds, and a device's clock is a fact beside them", async (t) => {
  const controller = await FleetController.start(t);
  const device = await controller.device();
  const before = Math.floor(Date.now() / 1000);
  const ahead = before + 3 * 86_400;
  // By the machine's clock the version is blocked for another hour: by the controller's too.
  const blocked = [{ version: "1.1.0", reason: "failed", until: ahead + 3600 }];
  const report = attempt({ ...FAILED, startedAt: ahead - 20, endedAt: ahead - 10 });
  const reply = await device.checkIn({
    clock: ahead,
    products: [lantern("1.0.0", { blocked })],
    attempts: [report],
  });
  assert.equal(reply.status, 200, reply.content.toString());
  const [pulse] = controller.rows("SELECT seen_at, clock_skew FROM pulse");
  const [offer] = controller.rows("SELECT offered_at, outcome FROM offer");
  const [kept] = controller.rows("SELECT reported_at, started_at FROM attempt");
  for (const time of [pulse?.seen_at, offer?.offered_at, kept?.reported_at]) {
    assert.ok(typeof time === "number" && time >= before && time < before + 3600, String(time));
  }
  assert.equal(
    offer?.outcome,
    "failed",
    "the attempt began when it could have been offered, by the right clock",
  );
  assert.ok(Math.abs(Number(pulse?.clock_skew) - 3 * 86_400) < 3600);
  assert.equal(kept?.started_at, ahead - 20);
});
