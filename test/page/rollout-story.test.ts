import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readSettings } from "../../load/settings.ts";
import { NO_BROWSER, startBrowser } from "../support/browser.ts";
import { playRolloutStory } from "./rollout-story.ts";

test("a page that is left open shows a promotion, the halt with its cause, and what came of it, without a reload", {
  skip: NO_BROWSER,
  timeout: 600_000,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-page-"));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const settings = readSettings(["--agents", "200", "--interval", "2", "--failing", "80"]);
  assert.ok(settings !== undefined);
  const seen = await playRolloutStory(t, await startBrowser(t), settings, folder);
  assert.equal(seen.wasNeverReloaded, true);
  assert.deepEqual(seen.complaints, []);
  assert.equal(seen.said.length, 7, seen.said.join("\n"));
});
