import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Chromium, WITHOUT_CHROMIUM } from "./browser.ts";
import { type MomentPlaces, startMoment } from "./moment/moment-process.ts";
import { THEMES, viewsOf, WIDTHS } from "./views.ts";

/** Enough for a gate to halt what fails on one platform. */
const MACHINES = 420;

const cleanups: (() => unknown)[] = [];
let moment: MomentPlaces;
let chromium: Chromium;

before(async () => {
  if (WITHOUT_CHROMIUM !== false) return;
  moment = await startMoment({ after: (cleanup) => void cleanups.push(cleanup) }, MACHINES);
  chromium = await Chromium.start();
  cleanups.push(() => chromium.close());
});

after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

for (const theme of THEMES) {
  test(`axe-core finds nothing in any view, ${theme}; no view complains or asks another host`, {
    skip: WITHOUT_CHROMIUM,
  }, async () => {
    const tab = await chromium.open(moment.url, { theme, now: moment.now });
    const found: unknown[] = [];
    for (const { name, path } of viewsOf(moment)) {
      await tab.visit(path);
      await tab.settled();
      found.push(...(await tab.violations()).map((violation) => ({ view: name, ...violation })));
    }
    assert.deepEqual(found, []);
    assert.deepEqual(tab.complaints, []);
    await tab.close();
  });
}

for (const width of WIDTHS) {
  test(`no view is wider than a window of ${width} pixels, and axe-core finds nothing there`, {
    skip: WITHOUT_CHROMIUM,
  }, async () => {
    const tab = await chromium.open(moment.url, { width, now: moment.now });
    const wide: string[] = [];
    const found: unknown[] = [];
    for (const { name, path } of viewsOf(moment)) {
      await tab.visit(path);
      await tab.settled();
      if (await tab.isTooWide()) wide.push(name);
      if (width !== 1600) found.push(...(await tab.violations()).map((each) => ({ view: name, ...each })));
    }
    assert.deepEqual(wide, []);
    assert.deepEqual(found, []);
    await tab.close();
  });
}

test("a page that was told a wrong address says so, and leads back", { skip: WITHOUT_CHROMIUM }, async () => {
  const tab = await chromium.open(moment.url, { now: moment.now });
  await tab.visit("/devices/d-nobody");
  await tab.settled();
  assert.match(await tab.page.locator("main").innerText(), /d-nobody/);
  await tab.page.getByRole("link", { name: "Overview" }).first().click();
  await tab.page.getByRole("heading", { level: 1, name: /need/ }).waitFor();
  await tab.close();
});
