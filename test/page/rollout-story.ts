import type { Browser } from "playwright-core";
import { PRODUCT } from "../../load/fleet-state.ts";
import { BAD, FAILING_PLATFORM, type Settings } from "../../load/settings.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { PlayedFleet } from "./played-fleet.ts";
import { Tab } from "./tab.ts";

/** What the page showed, in the order in which it did; who plays it says what it makes of that. */
export interface Seen {
  /** Sentence by sentence what the rollout's view said. */
  readonly said: readonly string[];
  /** Milliseconds from the halt at the controller until the page showed it. */
  readonly haltShownAfter: number;
  readonly complaints: readonly string[];
  /** Whether it was one document from the beginning to the end. */
  readonly wasNeverReloaded: boolean;
}

/**
 * A promotion goes out, the next one fails on one platform, the gate halts it, a person resumes it by what the page says,
 * and all of it is seen on one page that nobody reloads.
 */
export async function playRolloutStory(
  t: Cleanups,
  browser: Browser,
  settings: Settings,
  folder: string,
): Promise<Seen> {
  const fleet = await PlayedFleet.start(t, settings, folder);
  const tab = await Tab.open(browser, fleet.url, { token: fleet.token });
  await tab.settled();
  const said: string[] = [];
  const shows = async (what: string | RegExp): Promise<void> => {
    const found = tab.page.locator("main").getByText(what).first();
    await found.waitFor({ timeout: fleet.patience });
    // What a chart says is no HTML.
    said.push(((await found.textContent()) ?? "").trim());
  };
  await tab.visit(`/rollouts/${PRODUCT}/stable`);
  await tab.remember();

  await fleet.commit("promote", "1.1.0", "--to", "stable");
  await shows("1.0.0 to 1.1.0");
  await fleet.until("1.1.0 to be everywhere", () => fleet.isEverywhere("1.1.0"));

  await fleet.commit("promote", BAD, "--to", "stable");
  await shows(`1.1.0 to ${BAD}`);
  const atController = fleet.until(
    "the gate to halt it",
    async () => (await fleet.rolloutState()) === "halted",
  );
  const [halted = Number.NaN, shown = Number.NaN] = await Promise.all(
    [atController, shows(/^Halted itself/)].map((moment) => moment.then(() => performance.now())),
  );
  await shows(/the self-test of .* ended with/);
  await shows(new RegExp(FAILING_PLATFORM));

  await fleet.commit("resume", "--halt", "--channel", "stable", "--reason", "somebody has looked");
  await shows(/resumed/i);
  await fleet.commit("yank", BAD, "--reason", `fails on ${FAILING_PLATFORM}`);
  await fleet.commit("promote", "1.2.1", "--to", "stable");
  await shows("to 1.2.1");
  await fleet.until("1.2.1 to be everywhere", () => fleet.isEverywhere("1.2.1"));
  const wasNeverReloaded = await tab.remembers();
  return { said, wasNeverReloaded, complaints: tab.complaints, haltShownAfter: shown - halted };
}
