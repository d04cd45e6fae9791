import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readSettings } from "../../load/settings.ts";
import { NO_BROWSER, startBrowser } from "../support/browser.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { DeviceClient, lantern } from "../support/device-client.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { Tab } from "./tab.ts";

const MACHINES = 40;
/**
 * Check-ins of each machine in each half. Together they are 4,840, each with an attempt: what a fleet of 400 brings in an
 * hour of five-minute looks, if every look installed something.
 */
const TURNS = 60;
const MEBIBYTE = 2 ** 20;
/** Times that one answer may be asked for after the last event: one that was under way, one for it, one for what came with it. */
const MOST_LOOKS = 3;

interface Fleet {
  readonly url: string;
  readonly operator: string;
  readonly devices: readonly DeviceClient[];
}

async function enrolled(t: TestContext): Promise<Fleet> {
  const state = await StateRepository.create(t);
  for (const version of ["1.0.0", "1.1.0"]) await state.addVersion(version);
  await state.point("stable", "1.1.0");
  await state.commit("lantern");
  const controller = await ControllerProcess.start(t, state.directory);
  const operator = (await readFile(join(controller.stateDirectory, "operator-token"), "utf8")).trim();
  const made = await fetch(`${controller.url}/api/v1/tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${operator}`, "content-type": "application/json" },
    body: JSON.stringify({ tenant: "acme", site: "berlin", uses: MACHINES }),
  });
  const { token } = (await made.json()) as { token: string };
  const server = { url: controller.url, repository: await controller.rootFingerprint() };
  const devices = Array.from({ length: MACHINES }, () => new DeviceClient(server));
  for (const device of devices) assert.equal((await device.enrol(token)).status, 201);
  return { url: controller.url, operator, devices };
}

/** Each update is confirmed, one way and back, so that every check-in is news of a machine and of an attempt. */
async function report(devices: readonly DeviceClient[], turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    const [from, to] = turn % 2 === 0 ? ["1.0.0", "1.1.0"] : ["1.1.0", "1.0.0"];
    await Promise.all(devices.map((device) => updated(device, from ?? "", to ?? "")));
  }
}

async function updated(device: DeviceClient, from: string, to: string): Promise<void> {
  const now = Math.floor(Date.now() / 1_000);
  const { status } = await device.checkIn({
    products: [lantern(to)],
    attempts: [
      {
        ...{ id: randomBytes(16).toString("hex"), product: "lantern", kind: "update", from, to },
        ...{ toDigest: "d".repeat(64), startedAt: now, endedAt: now },
        ...{ step: "confirmed", outcome: "confirmed" },
      },
    ],
  });
  assert.equal(status, 200);
}

for (const [view, path, showsTheLast] of [
  ["overview", "/", (main: string) => /1\.1\.0\s+40\s+100 %/.test(main)],
  ["rollout", "/rollouts/lantern/stable", (main: string) => /on 1\.1\.0\s+40\s/.test(main)],
  ["fleet", "/fleet", (main: string) => main.split("\t1.1.0").length === MACHINES + 1],
] as const) {
  test(`the ${view} that is left open for thousands of changes neither grows nor falls behind`, {
    skip: NO_BROWSER,
    timeout: 300_000,
  }, async (t) => {
    const { url, operator, devices } = await enrolled(t);
    const tab = await Tab.open(await startBrowser(t), url, { token: operator });
    await tab.settled();
    await tab.visit(path);
    await report(devices, TURNS);
    const before = await tab.held();

    await report(devices, TURNS);
    // An odd turn more: all of them end on the other version than in the middle.
    await report(devices, 1);
    const asked: string[] = [];
    tab.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await waitUntil("the page to show the last of them", async () => {
      const main = await tab.page.locator("main").innerText();
      return showsTheLast(main) ? true : undefined;
    });
    const after = await tab.held();

    t.diagnostic(`held ${JSON.stringify(before)}, then ${JSON.stringify(after)}`);
    assert.ok(after.heap < before.heap * 1.2 + MEBIBYTE, `${before.heap} bytes, then ${after.heap}`);
    assert.ok(after.nodes < before.nodes * 1.2 + 200, `${before.nodes} nodes, then ${after.nodes}`);
    assert.ok(after.listeners < before.listeners * 1.2 + 50, `${before.listeners}, then ${after.listeners}`);
    // What falls behind would still be asking for what it was told of before.
    for (const answer of new Set(asked)) {
      const times = asked.filter((each) => each === answer).length;
      assert.ok(times <= MOST_LOOKS, `${answer} was asked for ${times} times after the last event`);
    }
    assert.deepEqual(tab.complaints, []);
  });
}

test("an hour of open pages is asked for together with the page, in minutes", () => {
  assert.equal(readSettings(["--page", "--open", "60"])?.open, 60);
  assert.equal(readSettings(["--page"])?.open, 0, "else the story is played");
  assert.throws(() => readSettings(["--open", "60"]), /say --page as well/);
  assert.throws(() => readSettings(["--page", "--open", "0"]), /--open expects a whole number from 1/);
});
