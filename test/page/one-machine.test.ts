import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../load/settings.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import { NO_BROWSER, startBrowser } from "../support/browser.ts";
import { type DeviceClient, lantern } from "../support/device-client.ts";
import { PlayedFleet } from "./played-fleet.ts";
import { Tab } from "./tab.ts";

/** `PAGE_MACHINES=10000` plays it in a fleet of that size. */
const MACHINES = Number(process.env.PAGE_MACHINES ?? 40);

test("with the keyboard alone one machine is found, asked by its arrow, and seen to do it, without a reload", {
  skip: NO_BROWSER,
  timeout: 1_200_000,
}, async (t) => {
  const settings = readSettings(["--agents", String(MACHINES), "--interval", MACHINES > 1_000 ? "60" : "2"]);
  assert.ok(settings !== undefined);
  const fleet = await PlayedFleet.start(t, settings, await temporaryFolder(t));
  await fleet.commit("promote", "1.1.0", "--to", "stable");
  const byHand = await fleet.addMachineByHand();
  const tab = await Tab.open(await startBrowser(t), fleet.url, { token: fleet.token });
  await tab.settled();
  await tab.remember();
  const shows = (text: string): Promise<void> =>
    tab.page.locator("main").getByText(text).first().waitFor({ timeout: fleet.patience });

  // Step by step, as slowly as the test wants.
  await asksByArrow(tab, byHand.id, fleet.patience);
  await shows("Update to v1.1.0 is asked");
  await shows("at its next poll");
  const request = await requestOf(byHand);
  await shows("waits for its answer");
  await byHand.checkIn({ products: [lantern("1.0.0", { journal: "downloading" })] });
  await shows("downloading");
  await byHand.checkIn({ products: [lantern("1.0.0", { journal: "self-tested" })] });
  await shows("self-tested");
  const now = Math.floor(Date.now() / 1_000);
  await byHand.checkIn({
    products: [lantern("1.1.0")],
    handled: [{ id: request, result: "done", text: "1.1.0 is installed and confirmed" }],
    attempts: [
      {
        ...{ id: "a".repeat(32), product: "lantern", kind: "update", from: "1.0.0", to: "1.1.0", request },
        ...{ toDigest: "d".repeat(64), startedAt: now, endedAt: now },
        ...{ step: "confirmed", outcome: "confirmed" },
      },
    ],
  });
  await shows("Runs what it should");
  await shows("1.0.0 to 1.1.0");

  // And one that lives by itself.
  const device = fleet.askedFirst;
  assert.equal(device.version, "1.0.0");
  await asksByArrow(tab, device.id, fleet.patience);
  await fleet.until("the machine to take it", () => device.version === "1.1.0");
  await shows("Runs what it should");
  assert.equal(await tab.remembers(), true);
  assert.deepEqual(tab.complaints, []);
});

/** Find leads to the machine, Tab to its arrow, and Enter presses it. */
async function asksByArrow(tab: Tab, id: string, timeout: number): Promise<void> {
  const { page } = tab;
  await tab.press("/");
  await page.keyboard.type(id);
  await page.getByRole("dialog").getByText(id).first().waitFor({ timeout });
  await tab.press("Enter");
  await page.getByRole("heading", { level: 1, name: id }).waitFor({ timeout });
  const arrow = page.getByRole("button", { name: "Update to v1.1.0" });
  await arrow.waitFor({ timeout });
  await tab.focusByTab(arrow);
  await tab.press("Enter");
}

/** What it is asked at its check-in. @returns the id of the one request */
async function requestOf(machine: DeviceClient): Promise<string> {
  const reply = await machine.checkIn();
  const { requests } = JSON.parse(reply.content.toString("utf8"));
  assert.deepEqual(
    requests.map(({ kind }: { readonly kind: string }) => kind),
    ["update"],
  );
  return requests[0].id;
}
