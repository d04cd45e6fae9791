import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { NO_BROWSER, startBrowser } from "../support/browser.ts";
import { type MomentPlaces, startMoment } from "./moment/moment-process.ts";
import { Tab } from "./tab.ts";
import { THEMES, viewsOf, WIDTHS } from "./views.ts";

/** Enough for a gate to halt what fails on one platform. */
const MACHINES = 420;

const cleanups: (() => unknown)[] = [];
let moment: MomentPlaces;
let browser: Browser;

before(async () => {
  if (NO_BROWSER !== false) return;
  const t = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) };
  moment = await startMoment(t, MACHINES);
  browser = await startBrowser(t);
});

after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

for (const theme of THEMES) {
  test(`axe-core finds nothing in any view, ${theme}; no view complains or asks another host`, {
    skip: NO_BROWSER,
  }, async () => {
    const tab = await Tab.open(browser, moment.url, { token: moment.token, theme, now: moment.now });
    const found: unknown[] = [];
    for (const view of viewsOf(moment)) {
      const { name } = view;
      await tab.show(view);
      found.push(...(await tab.violations()).map((violation) => ({ view: name, ...violation })));
    }
    assert.deepEqual(found, []);
    assert.deepEqual(tab.complaints, []);
    await tab.close();
  });
}

for (const width of WIDTHS) {
  test(`no view is wider than a window of ${width} pixels, and axe-core finds nothing there`, {
    skip: NO_BROWSER,
  }, async () => {
    const tab = await Tab.open(browser, moment.url, { token: moment.token, width, now: moment.now });
    const wide: string[] = [];
    const found: unknown[] = [];
    for (const view of viewsOf(moment)) {
      const { name } = view;
      await tab.show(view);
      if (await tab.isTooWide()) wide.push(name);
      if (width !== 1600) found.push(...(await tab.violations()).map((each) => ({ view: name, ...each })));
    }
    assert.deepEqual(wide, []);
    assert.deepEqual(found, []);
    await tab.close();
  });
}

test("a page that was told a wrong address says so, and leads back", { skip: NO_BROWSER }, async () => {
  const tab = await Tab.open(browser, moment.url, { token: moment.token, now: moment.now });
  await tab.visit("/devices/d-nobody");
  assert.match(await tab.page.locator("main").innerText(), /d-nobody/);
  await tab.page.getByRole("link", { name: "Overview" }).first().click();
  await tab.page.getByRole("heading", { level: 1, name: /need/ }).waitFor();
  await tab.close();
});
