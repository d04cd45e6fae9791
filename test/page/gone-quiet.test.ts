import assert from "node:assert/strict";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../serve/serve-process.ts";
import { NO_BROWSER, startBrowser } from "../support/browser.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { DeviceClient, lantern } from "../support/device-client.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { Tab } from "./tab.ts";

/** `PAGE_MACHINES=10000` plays it in a fleet of that size. */
const MACHINES = Number(process.env.PAGE_MACHINES ?? 10);
/** Those at the site that falls silent: the page says how many. */
const LEAVING = 6;
const AT_A_TIME = 50;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LAST_WORDS = "the self-test ended with 139: no space left on /var";

test("with the keyboard alone a site that falls silent leads from the overview to the last words of its machine", {
  skip: NO_BROWSER,
  timeout: 600_000,
}, async (t) => {
  // One clock for the test, its machines, the controller and the browser: what a day brings is told in a second.
  const clock = join(await temporaryFolder(t), "clock");
  const real = Date.now.bind(Date);
  let ahead = 0;
  t.mock.method(Date, "now", () => real() + ahead);
  const passes = async (milliseconds: number): Promise<void> => {
    ahead += milliseconds;
    // As a whole, or its reader might find it empty.
    await writeFile(`${clock}.new`, String(Date.now()));
    await rename(`${clock}.new`, clock);
  };
  await passes(0);
  const state = await StateRepository.create(t);
  for (const version of ["1.0.0", "1.1.0"]) await state.addVersion(version);
  await state.point("stable", "1.0.0");
  await state.write("tenants/acme.yaml", "channel: stable\nsites:\n  berlin: {}\n  lagos: {}\n");
  await state.commit("lantern");
  const controller = await ControllerProcess.start(t, state.directory, ["--dev-keys"], {
    FAIRLEAD_TOLD_CLOCK: clock,
    NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, "moment", "told-clock.ts")).href}`,
  });
  const token = (await readFile(join(controller.stateDirectory, "operator-token"), "utf8")).trim();
  const server = { url: controller.url, repository: await controller.rootFingerprint() };
  const enrol = async (site: string, count: number): Promise<DeviceClient[]> => {
    const made = await fetch(`${controller.url}/api/v1/tokens`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ tenant: "acme", site, uses: count }),
    });
    const { token: enrolment } = (await made.json()) as { token: string };
    const devices = Array.from({ length: count }, () => new DeviceClient(server));
    await each(devices, async (device) => assert.equal((await device.enrol(enrolment)).status, 201));
    return devices;
  };
  const report = (devices: readonly DeviceClient[]): Promise<void> =>
    each(devices, async (device) => assert.equal((await device.checkIn()).status, 200));
  const staying = await enrol("berlin", MACHINES - LEAVING);
  const leaving = await enrol("lagos", LEAVING);
  await report([...staying, ...leaving]);
  const [lost] = leaving;
  assert.ok(lost !== undefined);
  const at = Math.floor(Date.now() / 1_000);
  const { status } = await lost.checkIn({
    attempts: [
      {
        ...{ id: "a".repeat(32), product: "lantern", kind: "update", from: "1.0.0", to: "1.1.0" },
        ...{ toDigest: "d".repeat(64), startedAt: at, endedAt: at, step: "staged", outcome: "failed" },
        ...{ cause: "self-test-failed", code: "install/self-test-failed", message: LAST_WORDS },
      },
    ],
    products: [lantern("1.0.0")],
  });
  assert.equal(status, 200);

  const tab = await Tab.open(await startBrowser(t), controller.url, { token });
  const { page } = tab;
  const main = page.locator("main");
  const shows = (text: string): Promise<boolean> =>
    waitUntil(`the page to say: ${text}`, async () => {
      if ((await main.innerText()).replaceAll(/\s+/g, " ").includes(text)) return true;
      await page.clock.fastForward(MINUTE);
      return undefined;
    });
  await tab.settled();
  await page.clock.install({ time: Date.now() });
  await tab.visit("/");
  assert.equal(await main.getByText("stopped reporting").count(), 0);

  // Half an hour later the others have reported.
  await passes(30 * MINUTE);
  await report(staying);
  await page.clock.fastForward(30 * MINUTE);
  await shows("6 machines at acme / lagos stopped reporting");
  await tab.openRow(/stopped reporting/);
  await page.waitForURL("**/fleet?tenant=acme&site=lagos");
  await main.getByRole("heading", { level: 1, name: /^6 / }).waitFor();

  // A day later, told at once as to a machine that slept, they are silent.
  await passes(26 * HOUR);
  await report(staying);
  await tab.press("g", "o");
  await page.clock.fastForward(26 * HOUR);
  await shows("6 machines gone silent");
  await tab.openRow(/gone silent/);
  await page.waitForURL("**/fleet?state=silent");
  const rows = main.locator("tr[data-id]");
  await rows.filter({ hasText: lost.id.slice(0, 14) }).waitFor();
  assert.equal(await rows.count(), leaving.length);
  assert.equal(await rows.filter({ hasText: "berlin" }).count(), 0);
  assert.equal(await rows.filter({ hasText: "Silent" }).count(), leaving.length);
  await tab.openRow(new RegExp(lost.id.slice(0, 14)));
  await page.waitForURL(`**/devices/${lost.id}`);
  await shows(LAST_WORDS);
  await shows("Silent, runs 1.0.0");
  assert.deepEqual(tab.complaints, []);
});

async function each(
  devices: readonly DeviceClient[],
  does: (device: DeviceClient) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < devices.length; at += AT_A_TIME) {
    await Promise.all(devices.slice(at, at + AT_A_TIME).map(does));
  }
}
