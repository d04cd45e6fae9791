import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readSettings } from "../../load/settings.ts";
import { NO_BROWSER, startBrowser } from "../support/browser.ts";
import { playArrowStory } from "./rollout-story.ts";

test("with the keyboard alone one machine is found, asked by its arrow, and takes what is offered", {
  skip: NO_BROWSER,
  timeout: 600_000,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-page-"));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const settings = readSettings(["--agents", "40", "--interval", "2"]);
  assert.ok(settings !== undefined);
  assert.deepEqual(await playArrowStory(t, await startBrowser(t), settings, folder), []);
});
