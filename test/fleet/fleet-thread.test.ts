import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Attempt } from "../../protocol/check-in/attempt.ts";
import { AgentMachine } from "../support/agent-machine.ts";
import { checkInAnswer, lantern } from "../support/device-client.ts";
import { killAndWait } from "../support/run-command.ts";
import { waitForWords, waitUntil } from "../support/wait-until.ts";
import { FleetController } from "./fleet-controller.ts";

const TROUBLED = { fleetEntry: new URL("troubled-fleet-worker.ts", import.meta.url) };

function confirmed(): Attempt {
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
  };
}

test("a thread that dies is started anew: check-ins get 503 meanwhile, and the manifest is served all the time", async (t) => {
  const controller = await FleetController.start(t, TROUBLED);
  const device = await controller.device();
  await device.checkIn();
  await writeFile(join(controller.options.stateFolder, "fleet-trouble"), "throw");
  const refused = await waitUntil("a check-in to be refused", async () => {
    assert.equal((await fetch(`${controller.url}/tuf/timestamp.json`)).status, 200);
    const reply = await device.checkIn();
    return reply.status === 200 ? undefined : reply;
  });
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "30");
  assert.equal(JSON.parse(refused.content.toString()).code, "fleet/unavailable");
  assert.equal((await controller.ask("GET", "/api/v1/tokens")).status, 503);
  assert.equal((await controller.ask("GET", "/metrics")).status, 200);

  const again = await waitUntil("a check-in to be taken", async () => {
    const reply = await device.checkIn();
    return reply.status === 200 ? reply : undefined;
  });
  assert.equal(checkInAnswer(again).newKey, undefined, "the device goes on where it was");
  assert.ok(controller.log.some((line) => /"fleet\.died","code":"serve\/fleet-died"/.test(line)));
  assert.ok(controller.log.some((line) => line.includes('"event":"fleet.recovered"')));

  // It has the whole manifest again, and gets the next one.
  await controller.state.point("stable", "1.1.0", "minVersion: 1.1.0\n");
  await controller.commits("demand 1.1.0");
  await waitUntil("the thread to know of it", async () =>
    (await device.checkIn()).status === 426 ? true : undefined,
  );
});

test("a report that was on the disk when the controller was killed is acknowledged later and counted once", async (t) => {
  const controller = await FleetController.start(t, TROUBLED);
  const device = await controller.device();
  await controller.stop();
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "controller-child.ts"), JSON.stringify(controller.options)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  t.after(() => killAndWait(child, "SIGKILL"));
  const url = await waitForWords(child, /listens on (\S+)/);
  const report = confirmed();
  await writeFile(join(controller.options.stateFolder, "fleet-trouble"), "kill before the answer");
  const there = device.at({ url, repository: controller.repository });
  await assert.rejects(there.checkIn({ attempts: [report], products: [lantern("1.1.0")] }));
  await waitUntil("it to be dead", () => (child.signalCode === "SIGKILL" ? true : undefined));

  await controller.restart();
  const ids = (): unknown[] => controller.rows("SELECT id FROM attempt").map(({ id }) => id);
  assert.deepEqual(ids(), [report.id], "nobody was answered, and it is there");
  const back = there.at(controller);
  const reply = await back.checkIn({ attempts: [report], products: [lantern("1.1.0")] });
  assert.deepEqual(checkInAnswer(reply).acknowledged, [report.id]);
  assert.deepEqual(ids(), [report.id]);
  const tallies = controller.rows("SELECT offered, confirmed, failed FROM tally");
  assert.deepEqual(
    tallies.map((row) => ({ ...row })),
    [{ offered: 1, confirmed: 1, failed: 0 }],
  );
});

test("an orderly stop loses nothing that was acknowledged, and rows stay what they were", async (t) => {
  const controller = await FleetController.start(t);
  const device = await controller.device(await controller.token({ tenant: "acme" }));
  await device.checkIn();
  const reports = Array.from({ length: 5 }, confirmed);
  const replies = await Promise.all(
    reports.map(async (report) => (await controller.device()).checkIn({ attempts: [report] })),
  );
  await controller.restart();
  assert.ok(replies.every(({ status }) => status === 200));
  assert.equal(controller.rows("SELECT id FROM attempt").length, 5);
  const reply = await device.at(controller).checkIn();
  assert.equal(reply.status, 200);
  assert.equal(checkInAnswer(reply).newKey, undefined);
});

test("below the minimum a check-in is answered 426 with what to do, recorded all the same, until the device is updated", async (t) => {
  const controller = await FleetController.start(t, {}, async (state) => {
    await state.addVersion("1.0.0");
    await state.addVersion("1.1.0");
    await state.point("stable", "1.1.0", "minVersion: 1.1.0\n");
  });
  const device = await controller.device();
  const report = { ...confirmed(), outcome: "failed", step: "downloading", cause: "network" } as const;
  const now = Math.floor(Date.now() / 1000);
  const request = {
    id: randomBytes(16).toString("hex"),
    kind: "look",
    askedAt: now,
    expiresAt: now + 60,
  } as const;
  await controller.service.store.requests.add(
    { ...request, device: device.id },
    { name: "test", from: "cli" },
  );

  const refused = await device.checkIn({ attempts: [report] });
  assert.equal(refused.status, 426);
  assert.equal(refused.headers.get("content-type"), "application/problem+json");
  const problem = JSON.parse(refused.content.toString());
  assert.equal(problem.code, "fleet/below-minimum");
  assert.match(problem.detail, /below the minimum version 1\.1\.0/);
  assert.equal(problem.help, "update to 1.1.0");
  assert.deepEqual(checkInAnswer(refused).acknowledged, [report.id]);
  assert.deepEqual(checkInAnswer(refused).requests, [request]);
  device.requireSigned(refused, controller.openOnlineKey);
  assert.equal(await controller.metric(/^fairlead_devices\{state="refused"\} (\d+)/m), "1");
  assert.equal(
    await controller.metric(
      /^fairlead_device_requests_total\{kind="check-in",result="below-minimum"\} (\d+)/m,
    ),
    "1",
  );

  device.products = [lantern("1.1.0")];
  assert.equal((await device.checkIn()).status, 200);
});

test("a machine without check-in updates as ever, with the fleet on, off, and while its thread is dead", async (t) => {
  const controller = await FleetController.start(t, TROUBLED);
  const machine = await AgentMachine.create(t);
  await machine.enroll(controller.url, controller.repository);
  await writeFile(join(controller.options.stateFolder, "fleet-trouble"), "throw");
  const updated = await machine.agent("update");
  assert.equal(updated.code, 0, updated.stderr);
  assert.equal(await machine.installedVersion(), "1.1.0");

  const off = await FleetController.start(t, { fleet: false });
  assert.equal((await off.ask("POST", "/api/v1/check-ins", {})).status, 404);
  assert.equal((await off.ask("GET", "/api/v1/tokens")).status, 404);
  const other = await AgentMachine.create(t);
  await other.enroll(off.url, off.repository);
  assert.equal((await other.agent("update")).code, 0);
  assert.deepEqual(
    off.files(),
    off.files().filter((name) => !name.startsWith("fleet.db")),
  );
});
