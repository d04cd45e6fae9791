import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { NO_BROWSER, openTab, startBrowser } from "../support/browser.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { StateRepository } from "../support/state-repository.ts";

const options = { skip: NO_BROWSER };
const ACME = "channel: stable\n";
const PAUSED = `${ACME}paused: {reason: stocktaking}\n`;
const SLIP = "channel: stable\nwindow: {days: [sat], duration: 4 hours}\n";

const rows = (page: Page) => page.locator(".needs > li");
const focusedRow = (page: Page) => page.locator(".needs > li:focus-within");

test(
  "no row moves under whoever is in the list: what is new waits, and what is over stays",
  options,
  async (t) => {
    const state = await StateRepository.create(t);
    await state.addVersion("1.0.0");
    await state.point("stable", "1.0.0");
    await state.write("tenants/acme.yaml", PAUSED);
    await state.commit("pause acme");
    const controller = await ControllerProcess.start(t, state.directory);
    const { page, complaints } = await openTab(await startBrowser(t));
    await page.goto(controller.url);
    await page.getByRole("heading", { name: "One thing needs a person" }).waitFor();
    assert.equal(await page.title(), "1 needs a person · Fairlead");

    await page.keyboard.press("j");
    assert.match((await focusedRow(page).textContent()) ?? "", /^Paused.*Tenant acme is paused/);
    await page.getByRole("button", { name: "The same on the command line" }).click();
    await page.getByText("fairlead resume --tenant acme").waitFor();

    await state.write("tenants/globex.yaml", SLIP);
    await state.commit("a slip");
    const fresh = page.getByRole("button", { name: "1 new" });
    await fresh.waitFor();
    assert.equal(await rows(page).count(), 1);
    assert.match((await focusedRow(page).textContent()) ?? "", /^Paused/, "the focus is where it was");
    assert.equal(await page.title(), "2 need a person · Fairlead", "the heading is not in the list");
    await fresh.click();
    await page.getByText("is not served").waitFor();
    assert.match((await focusedRow(page).textContent()) ?? "", /^Refused/, "the first row has it");
    await page.keyboard.press("j");
    assert.match((await focusedRow(page).textContent()) ?? "", /^Paused/);

    await state.write("tenants/globex.yaml", ACME);
    await state.commit("mend it");
    await page.getByText("Refused: over").waitFor();
    assert.equal(await rows(page).count(), 2);
    await page.keyboard.press("j");
    await page.getByText("Refused: over").waitFor({ state: "detached" });
    assert.equal(await rows(page).count(), 1);
    assert.match(
      (await page.locator("[data-row]:focus-within").textContent()) ?? "",
      /^stable/,
      "behind the needs come the channels",
    );
    await page.keyboard.press("Enter");
    await page.waitForURL(`${controller.url}/rollouts/lantern/stable`);
    assert.deepEqual(complaints, []);
  },
);

test(
  "where nothing needs a person no list is there, and what to do first stands in its place",
  options,
  async (t) => {
    const state = await StateRepository.create(t);
    await state.addVersion("1.0.0");
    await state.point("stable", "1.0.0");
    await state.commit("lantern");
    const controller = await ControllerProcess.start(t, state.directory);
    const { page } = await openTab(await startBrowser(t), { viewport: { width: 390, height: 844 } });
    await page.goto(controller.url);
    await page.getByRole("heading", { name: "Nothing needs a person" }).waitFor();
    await page.getByRole("heading", { name: "No machine has enrolled yet" }).waitFor();
    await page.getByText("lantern", { exact: true }).first().waitFor();
    assert.equal(await rows(page).count(), 0);
    const over = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    assert.equal(over, 0, "nothing scrolls sideways");
  },
);
