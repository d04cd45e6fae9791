import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { Attempt } from "../../protocol/check-in/attempt.ts";
import { placementDigest } from "../../protocol/check-in/placement-digest.ts";
import { checkInAnswer, type DeviceReply, lantern } from "../support/device-client.ts";
import { FleetController } from "./fleet-controller.ts";

const controller = await FleetController.shared();

function codeOf({ content }: DeviceReply): string {
  return JSON.parse(content.toString("utf8")).code;
}

function attempt(more: Partial<Attempt> = {}): Attempt {
  const now = Math.floor(Date.now() / 1000);
  return {
    id: randomBytes(16).toString("hex"),
    product: "lantern",
    kind: "update",
    from: "1.0.0",
    to: "1.1.0",
    toDigest: "d".repeat(64),
    startedAt: now - 5,
    endedAt: now,
    step: "confirmed",
    outcome: "confirmed",
    ...more,
  };
}

const FAILED = {
  step: "self-tested",
  outcome: "failed",
  cause: "self-test-failed",
  message: "exit code 3 after 12 s",
} as const;

/** How a promotion stands for one device. */
function offersOf(device: string): Record<string, unknown>[] {
  return controller
    .rows(
      `SELECT p.version, p.channel, o.outcome, o.cause FROM offer o JOIN promotion p ON p.number = o.promotion
       JOIN device d ON d.number = o.device WHERE d.id = ?`,
      device,
    )
    .map((row) => ({ ...row }));
}

test("a report that comes twice counts once, and is acknowledged each time", async () => {
  const device = await controller.device();
  await device.checkIn();
  device.products = [lantern("1.1.0")];
  const report = attempt();
  for (let time = 0; time < 2; time++) {
    const reply = await device.checkIn({ attempts: [report] });
    assert.deepEqual(checkInAnswer(reply).acknowledged, [report.id]);
  }
  const rows = controller.rows(
    "SELECT a.id FROM attempt a JOIN device d ON d.number = a.device WHERE d.id = ?",
    device.id,
  );
  assert.equal(rows.length, 1);
  assert.deepEqual(offersOf(device.id), [
    { version: "1.1.0", channel: "stable", outcome: "confirmed", cause: null },
  ]);
});

test("a device that had updated before it first said so was offered what policy offered it, and nothing else", async () => {
  const device = await controller.device();
  device.products = [lantern("1.1.0")];
  await device.checkIn({ attempts: [attempt()] });
  assert.deepEqual(offersOf(device.id), [
    { version: "1.1.0", channel: "stable", outcome: "confirmed", cause: null },
  ]);

  const liar = await controller.device();
  liar.products = [lantern("7.7.7")];
  await liar.checkIn({ attempts: [attempt({ to: "7.7.7" }), attempt({ from: "1.1.0", to: "1.0.0" })] });
  assert.deepEqual(
    offersOf(liar.id),
    [],
    "policy offered neither the version that there is not, nor the way down",
  );
});

test("a failure of the release counts against it, one of the machine is excused, and both are grouped by what they say", async () => {
  const device = await controller.device();
  device.products = [
    lantern("1.0.0", { blocked: [{ version: "1.1.0", reason: "failed", until: 4_000_000_000 }] }),
  ];
  await device.checkIn({ attempts: [attempt(FAILED)] });
  assert.deepEqual(offersOf(device.id), [
    { version: "1.1.0", channel: "stable", outcome: "failed", cause: "self-test-failed" },
  ]);
  const other = await controller.device();
  await other.checkIn({
    attempts: [attempt({ ...FAILED, cause: "disk-full", message: "no space on /var/lib/x" })],
  });
  assert.deepEqual(offersOf(other.id), [
    { version: "1.1.0", channel: "stable", outcome: "excused", cause: "disk-full" },
  ]);
  const third = await controller.device();
  await third.checkIn({ attempts: [attempt({ ...FAILED, message: "exit code 4 after 1.5 s" })] });
  const signatures = controller.rows(
    "SELECT DISTINCT signature FROM attempt WHERE cause = 'self-test-failed'",
  );
  assert.deepEqual(
    signatures.map((row) => row.signature),
    ["exit code <n> after <n> s"],
  );
});

test("a signed request is taken once", async () => {
  const device = await controller.device();
  const request = device.prepareCheckIn();
  assert.equal((await device.send(request)).status, 200);
  const again = await device.send(request);
  assert.deepEqual([again.status, codeOf(again)], [401, "signature/replayed"]);
  assert.equal((await device.checkIn()).status, 200, "and the device itself goes on");
});

test("a body that was changed on the way, another path and another manifest's request are refused", async () => {
  const device = await controller.device();
  const request = device.prepareCheckIn();
  const changed = Buffer.from(request.body.toString("utf8").replace('"1.0.0"', '"1.1.0"'));
  assert.equal(codeOf(await device.send({ ...request, body: changed })), "signature/bad-digest");
  assert.equal(
    codeOf(await device.send({ ...request, target: "/api/v1/check-ins?x=1" })),
    "signature/not-verified",
  );
  const other = device.prepare("POST", "/api/v1/check-ins", {}, { repository: "0".repeat(64) });
  assert.equal(codeOf(await device.send(other)), "signature/other-message");
  const old = device.prepare(
    "POST",
    "/api/v1/check-ins",
    {},
    { created: Math.floor(Date.now() / 1000) - 400 },
  );
  assert.equal(codeOf(await device.send(old)), "signature/stale");
  const [row] = controller.rows(
    "SELECT seen_at FROM pulse JOIN device ON number = device WHERE id = ?",
    device.id,
  );
  assert.equal(row?.seen_at, null, "none of them was recorded");
});

test("no device reports as another", async () => {
  const [device, other] = [await controller.device(), await controller.device()];
  const request = device.prepareCheckIn();
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, value.replaceAll(device.id, other.id)]),
  );
  assert.equal(codeOf(await device.send({ ...request, headers })), "signature/not-verified");
});

test("what is no check-in is said to be none, and compressed or huge ones are not read", async () => {
  const device = await controller.device();
  const bad = await device.send(device.prepare("POST", "/api/v1/check-ins", { schemaVersion: 1 }));
  assert.deepEqual([bad.status, codeOf(bad)], [400, "protocol/bad-document"]);
  const request = device.prepareCheckIn();
  const coded = await device.send({
    ...request,
    headers: { ...request.headers, "content-encoding": "gzip" },
  });
  assert.equal(coded.status, 415);
  const typed = await device.send({
    ...request,
    headers: { ...request.headers, "content-type": "text/plain" },
  });
  assert.equal(typed.status, 415);
  const huge = await device.send({ ...request, body: Buffer.alloc(300 * 1024) });
  assert.equal(huge.status, 413);
  const got = await fetch(`${controller.url}/api/v1/agents/${device.id}/key`);
  assert.deepEqual([got.status, got.headers.get("allow")], [405, "POST"]);
});

test("a request is delivered again until the device has said what became of it, each time signed for it alone", async () => {
  const device = await controller.device();
  const id = randomBytes(16).toString("hex");
  const now = Math.floor(Date.now() / 1000);
  await controller.service.store.requests.add(
    { id, device: device.id, kind: "update", product: "lantern", askedAt: now, expiresAt: now + 86_400 },
    { name: "test", from: "cli" },
  );
  const asked = { id, kind: "update", product: "lantern", askedAt: now, expiresAt: now + 86_400 };
  let last: DeviceReply | undefined;
  for (let time = 0; time < 2; time++) {
    const reply = await device.checkIn();
    device.requireSigned(reply, controller.openOnlineKey);
    assert.deepEqual(checkInAnswer(reply).requests, [asked]);
    if (last !== undefined) {
      const { nonce, request } = last;
      assert.throws(() => device.requireSigned({ ...reply, nonce, request }, controller.openOnlineKey));
    }
    last = reply;
  }
  const stranger = await controller.device();
  if (last !== undefined) {
    const theirs = last;
    assert.throws(() => stranger.requireSigned(theirs, controller.openOnlineKey), /for the device/);
    const forged = {
      ...theirs,
      content: Buffer.from(theirs.content.toString().replace("update", "rollback")),
    };
    assert.throws(() => device.requireSigned(forged, controller.openOnlineKey), /content/);
  }
  const handled = [{ id, result: "done", text: "runs 1.1.0" }] as const;
  const done = await device.checkIn({ handled });
  assert.deepEqual(checkInAnswer(done).acknowledged, [id]);
  assert.deepEqual(checkInAnswer(done).requests, []);
  assert.deepEqual(checkInAnswer(await device.checkIn({ handled })).acknowledged, [id], "acknowledged again");
});

test("an answer that asks for nothing needs no signature", async () => {
  const device = await controller.device();
  const reply = await device.checkIn();
  assert.equal(reply.headers.get("signature"), null);
  assert.equal(reply.headers.get("content-type"), "application/json");
  assert.equal(reply.headers.get("cache-control"), "no-store");
  assert.ok((checkInAnswer(reply).manifest ?? 0) > 0);
});

test("a copied key is seen by its sequence number, both are asked for a new one, and the copy becomes a device of its own", async () => {
  const token = await controller.token({ tenant: "acme", labels: { rack: "7" } });
  const device = await controller.device(token);
  await device.checkIn();
  const copied = device.copy();
  await device.checkIn();

  const seen = await copied.checkIn();
  assert.equal(checkInAnswer(seen).newKey, true);
  assert.deepEqual(checkInAnswer(seen).acknowledged, [], "nothing of it was recorded");
  copied.requireSigned(seen, controller.openOnlineKey);
  assert.equal(checkInAnswer(await device.checkIn()).newKey, true);
  assert.equal(
    await controller.metric(/^fairlead_device_requests_total\{kind="check-in",result="copy"\} (\d+)/m),
    "1",
  );

  const before = copied.key;
  const registered = await device.replaceKey();
  assert.equal(registered.status, 200, registered.content.toString());
  assert.equal(checkInAnswer(await device.checkIn()).newKey, undefined);

  const replaced = await copied.checkIn();
  assert.deepEqual([replaced.status, codeOf(replaced)], [409, "fleet/key-replaced"]);
  const late = await copied.replaceKey();
  assert.deepEqual([late.status, codeOf(late)], [409, "fleet/key-replaced"]);

  const own = controller.newDevice();
  const enrolled = await own.enrolAsCopyOf(copied, before);
  assert.equal(enrolled.status, 201, enrolled.content.toString());
  assert.equal((await own.checkIn()).status, 200);
  const rows = controller.rows("SELECT id, tenant, labels, copy_of FROM device WHERE copy_of = ?", device.id);
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [{ id: own.id, tenant: "acme", labels: '{"rack":"7"}', copy_of: device.id }],
  );
});

test("only a key that was replaced makes copies", async () => {
  const device = await controller.device();
  const reply = await controller.newDevice().enrolAsCopyOf(device);
  assert.deepEqual([reply.status, codeOf(reply)], [401, "fleet/bad-proof"]);
  await device.replaceKey();
  const stranger = controller.newDevice();
  const wrong = await controller.newDevice().enrolAsCopyOf(device, stranger.key);
  assert.deepEqual([wrong.status, codeOf(wrong)], [401, "fleet/bad-proof"]);
});

test("a new key whose answer was lost is registered already when it is sent again", async () => {
  const device = await controller.device();
  const twin = device.copy();
  const next = controller.newDevice().key;
  assert.equal((await device.replaceKey(next)).status, 200);
  assert.equal((await twin.replaceKey(next)).status, 200, "the same key, signed by the one before");
  assert.equal((await twin.replaceKey()).status, 200, "and from there on");
});

test("a device registers keys for itself only, and shows that it has them", async () => {
  const [device, other] = [await controller.device(), await controller.device()];
  const body = { schemaVersion: 1, publicKey: other.key.publicKey, signature: "0".repeat(128) };
  const about = await device.send(device.prepare("POST", `/api/v1/agents/${other.id}/key`, body));
  assert.deepEqual([about.status, codeOf(about)], [403, "fleet/other-device"]);
  const unproven = await device.send(device.prepare("POST", `/api/v1/agents/${device.id}/key`, body));
  assert.deepEqual([unproven.status, codeOf(unproven)], [401, "fleet/bad-proof"]);
});

test("a device that an operator has moved is told so until it knows, by a signed answer", async () => {
  const device = await controller.device(await controller.token({ tenant: "acme", site: "berlin" }));
  const tenant = { name: "acme", key: controller.tenantKey("acme") };
  const here = { tenant, site: "berlin", labels: {} };
  const told = async (placed: string) => {
    const reply = await device.checkIn({ placed });
    const { moved } = checkInAnswer(reply);
    if (moved !== undefined) device.requireSigned(reply, controller.openOnlineKey);
    return moved;
  };
  assert.equal(await told(placementDigest(here)), undefined);
  const there = { tenant: null, site: null, labels: { ring: "spare" } };
  await controller.service.store.devices.move(device.id, there, { name: "test", from: "cli" }, 1);
  for (let time = 0; time < 2; time++) {
    const moved = await told(placementDigest(here));
    assert.deepEqual(JSON.parse(JSON.stringify(moved)), { labels: { ring: "spare" } });
  }
  assert.equal(await told(placementDigest({ labels: { ring: "spare" } })), undefined);
});

test("the API description knows what devices send", async () => {
  const { body } = await controller.ask("GET", "/openapi.json");
  const { paths } = JSON.parse(body);
  for (const path of ["/api/v1/enrolments", "/api/v1/check-ins", "/api/v1/agents/{id}/key"]) {
    assert.ok(paths[path].post.requestBody, path);
  }
});

test("an attempt that began before a halt counts, although it is reported after it", async (t) => {
  const own = await FleetController.start(t);
  const [before, after] = [await own.device(), await own.device()];
  const begun = attempt({ startedAt: Math.floor(Date.now() / 1000) });
  await own.state.point("stable", "1.1.0", 'halted: {version: "1.1.0", reason: a test}\n');
  await own.commits("halt 1.1.0");
  before.products = [lantern("1.1.0")];
  await before.checkIn({ attempts: [begun] });
  // It never ran what the attempt says that it came from: no policy led from there.
  await after.checkIn({ attempts: [attempt({ ...FAILED, from: "1.1.0", to: "1.0.0" })] });
  const offers = own.rows(
    "SELECT d.id, o.outcome FROM offer o JOIN device d ON d.number = o.device WHERE o.outcome IS NOT NULL",
  );
  assert.deepEqual(
    offers.map((row) => ({ ...row })),
    [{ id: before.id, outcome: "confirmed" }],
  );
});
