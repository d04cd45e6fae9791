import assert from "node:assert/strict";
import { test } from "node:test";
import { PRODUCT } from "../../load/fleet-state.ts";
import { BAD, FAILING_PLATFORM, readSettings } from "../../load/settings.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import { NO_BROWSER, startBrowser } from "../support/browser.ts";
import { runOk } from "../support/run-command.ts";
import { PlayedFleet } from "./played-fleet.ts";
import { Tab } from "./tab.ts";

const PERSON = "mira@acme.example";

test("with the keyboard alone a halt is found, resumed from its row without the platform that fails, by commits in the person's name, and looked at", {
  skip: NO_BROWSER,
  timeout: 600_000,
}, async (t) => {
  const settings = readSettings(["--agents", "200", "--interval", "2", "--failing", "80"]);
  assert.ok(settings !== undefined);
  const fleet = await PlayedFleet.start(t, settings, await temporaryFolder(t), ["--page-changes", "direct"]);
  const timeout = fleet.patience;
  const tab = await Tab.open(await startBrowser(t), fleet.url, { token: await fleet.addAdmin(PERSON) });
  const { page } = tab;
  const main = page.locator("main");
  await tab.settled();
  await tab.remember();

  await fleet.commit("promote", BAD, "--to", "stable");
  const halted = page.getByRole("listitem").filter({ hasText: "Halted" }).filter({ hasText: BAD });
  await halted.waitFor({ timeout });
  await tab.press("j");
  assert.equal(await halted.locator(":focus").count(), 1, "the halt comes first, and j goes to it");
  await tab.press("Enter");
  await proposes(tab, /^Yank it on /, `Yank ${BAD} on ${FAILING_PLATFORM}`, timeout);
  // The row stays while somebody looks at the commit that it proposes, also where what it says is over by then.
  await proposes(tab, /^Resume it/, `Resume ${BAD} on stable`, timeout);
  // Behind the needs come the channels.
  await tab.openRow(/^stable/);
  await page.getByRole("heading", { level: 1, name: `${PRODUCT} / stable: 1.0.0 to ${BAD}` }).waitFor();
  await main
    .getByText(/resumed/i)
    .first()
    .waitFor({ timeout });
  await fleet.until("it to go on where it does not fail", () =>
    fleet.isEverywhere(BAD, (platform) => platform !== FAILING_PLATFORM),
  );

  await tab.press("g", "h");
  await main.getByRole("heading", { level: 1 }).waitFor();
  await main.getByText(PERSON).first().waitFor({ timeout });
  assert.equal(await tab.remembers(), true);
  assert.deepEqual(tab.complaints, []);
  const log = await runOk("git", ["log", "-2", "--format=%an: %s", "main"], { cwd: fleet.state.directory });
  assert.deepEqual(log.trim().split("\n"), [
    `${PERSON}: resume ${PRODUCT} ${BAD} on stable`,
    `${PERSON}: yank ${PRODUCT} ${BAD} for ${FAILING_PLATFORM}`,
  ]);
});

/** Goes to a button of the view, looks at the commit that it proposes, makes it, and closes what said so. */
async function proposes(tab: Tab, button: RegExp, title: string, timeout: number): Promise<void> {
  const { page } = tab;
  const opens = page.getByRole("button", { name: button });
  await opens.waitFor({ timeout });
  await tab.focusByTab(opens);
  await tab.press("Enter");
  const dialog = page.getByRole("dialog", { name: title });
  const commits = dialog.getByRole("button", { name: /^Commit to main/ });
  await commits.waitFor({ timeout });
  const why = dialog.getByLabel("Why");
  if ((await why.count()) === 1 && (await why.inputValue()) === "") {
    await tab.focusByTab(why);
    await page.keyboard.type("mira has looked");
  }
  await tab.focusByTab(commits);
  await tab.press("Enter");
  await dialog.getByText("Done").waitFor({ timeout });
  await tab.press("Escape");
  await dialog.waitFor({ state: "detached" });
}
