import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { enrolFleet } from "../../load/fleet.ts";
import { FleetState, PLACES, PRODUCT } from "../../load/fleet-state.ts";
import { openPlay, type Play } from "../../load/play.ts";
import { ServedController } from "../../load/served-controller.ts";
import { BAD, FAILING_PLATFORM, type Settings } from "../../load/settings.ts";
import type { SimulatedDevice } from "../../simulated-fleet/simulated-device.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { runOk } from "../support/run-command.ts";
import { Tab } from "./tab.ts";

/** Connections beside the streams of machines. */
const OTHER_CONNECTIONS = 500;
const ASKED = { tenant: "initech", site: "oslo" } as const;
const ROLLOUT = `/rollouts/${PRODUCT}/stable`;

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
  const { story, tab } = await openStory(t, browser, settings, folder);
  return story.watch(tab);
}

/** One machine that installs only on request is found and asked with the keyboard alone, and takes what is offered. */
export async function playArrowStory(
  t: Cleanups,
  browser: Browser,
  settings: Settings,
  folder: string,
): Promise<readonly string[]> {
  const { story, tab } = await openStory(t, browser, settings, folder);
  await story.updatesOne(tab);
  return tab.complaints;
}

async function openStory(
  t: Cleanups,
  browser: Browser,
  settings: Settings,
  folder: string,
): Promise<{ readonly story: RolloutStory; readonly tab: Tab }> {
  const state = new FleetState(join(folder, "state"), settings);
  await state.create();
  await askFirst(state.directory);
  const connections = Math.ceil(settings.agents * 1.5) + OTHER_CONNECTIONS;
  const controller = await ServedController.start(state.directory, join(folder, "controller"), connections);
  t.after(() => controller.kill());
  const ended = new AbortController();
  t.after(() => ended.abort());
  const play = await openPlay(settings, controller.url, join(folder, "trusted"), ended.signal);
  const story = new RolloutStory(state, controller, play);
  await story.enrol();
  const tab = await Tab.open(browser, controller.url, { token: controller.token });
  await tab.settled();
  return { story, tab };
}

class RolloutStory {
  private readonly state: FleetState;
  private readonly controller: ServedController;
  private readonly play: Play;
  /** Milliseconds after which what was waited for does not come: no measure of how long anything takes. */
  private readonly patience: number;
  private devices: readonly SimulatedDevice[] = [];

  constructor(state: FleetState, controller: ServedController, play: Play) {
    this.state = state;
    this.controller = controller;
    this.play = play;
    this.patience = 120_000 + 8_000 * play.settings.wave;
  }

  async enrol(): Promise<void> {
    const { interval, agents } = this.play.settings;
    this.devices = await enrolFleet(this.play, this.controller, () => undefined);
    for (const device of this.devices) void device.live(Math.random() * interval);
    await this.until("every machine to check in", () => this.play.watch.checkIns >= agents);
  }

  async watch(tab: Tab): Promise<Seen> {
    const { page } = tab;
    const said: string[] = [];
    const shows = async (what: string | RegExp): Promise<void> => {
      const found = page.locator("main").getByText(what).first();
      await found.waitFor({ timeout: this.patience });
      said.push((await found.innerText()).trim());
    };
    await tab.visit(ROLLOUT);
    await page.evaluate("globalThis.isTheFirst = true");

    await this.commit("promote", "1.1.0", "--to", "stable");
    await shows("1.0.0 to 1.1.0");
    await this.until("1.1.0 to be everywhere", () => this.isEverywhere("1.1.0"));

    await this.commit("promote", BAD, "--to", "stable");
    await shows(`1.1.0 to ${BAD}`);
    const atController = this.until("the gate to halt it", async () => (await this.rolloutState()) === "halted");
    const [halted, shown] = await Promise.all(
      [atController, shows(/^Halted itself/)].map((moment) => moment.then(() => performance.now())),
    );
    await shows(/the self-test of .* ended with/);
    await shows(new RegExp(FAILING_PLATFORM));

    await this.commit("resume", "--halt", "--channel", "stable", "--reason", "somebody has looked");
    await shows(/resumed/i);
    await this.commit("yank", BAD, "--reason", `fails on ${FAILING_PLATFORM}`);
    await this.commit("promote", "1.2.1", "--to", "stable");
    await shows("to 1.2.1");
    await this.until("1.2.1 to be everywhere", () => this.isEverywhere("1.2.1"));
    const wasNeverReloaded = await page.evaluate<boolean>("globalThis.isTheFirst === true");
    return {
      ...{ said, wasNeverReloaded, complaints: tab.complaints },
      haltShownAfter: (shown ?? Number.NaN) - (halted ?? Number.NaN),
    };
  }

  /** Where nobody has to be asked. */
  private isEverywhere(wanted: string): boolean {
    return this.devices.every(({ version }, index) => version === wanted || isAsked(index));
  }

  /** With the keyboard alone: Find leads to the machine, Tab to its arrow, and it takes what is offered. */
  async updatesOne(tab: Tab): Promise<void> {
    await this.commit("promote", "1.1.0", "--to", "stable");
    const device = this.devices.find((_, index) => isAsked(index));
    if (device === undefined) throw new Error("no machine is asked first");
    const { page } = tab;
    await tab.press("/");
    await page.keyboard.type(device.id);
    await page.getByRole("dialog").getByText(device.id).first().waitFor({ timeout: this.patience });
    await tab.press("Enter");
    const arrow = page.getByRole("button", { name: /^Update to v/ });
    await arrow.waitFor({ timeout: this.patience });
    await tab.focusByTab(arrow);
    await tab.press("Enter");
    await this.until("the machine to take it", () => device.version !== "1.0.0");
    await page.locator("main").getByText("Runs what it should").waitFor({ timeout: this.patience });
  }

  private async commit(...command: readonly string[]): Promise<void> {
    await this.state.fairlead(...command);
    await this.controller.serves(await this.state.head());
  }

  private async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + this.patience;
    while (!(await isSo())) {
      if (performance.now() > end) throw new Error(`waited too long for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async rolloutState(): Promise<unknown> {
    const rollout = await this.controller.ask("GET", `/api/v1/rollouts/${PRODUCT}/stable`);
    return typeof rollout === "object" && rollout !== null ? Reflect.get(rollout, "state") : undefined;
  }
}

/** Devices get a token of one place after the other. */
function isAsked(index: number): boolean {
  return PLACES[index % PLACES.length]?.site === ASKED.site;
}

/** Machines of one site install only on request: what the arrow is for. */
async function askFirst(directory: string): Promise<void> {
  const { tenant, site } = ASKED;
  await writeFile(
    join(directory, "tenants", `${tenant}.yaml`),
    `channel: stable\nsites:\n  ${site}: {autoUpdate: false}\n`,
  );
  await runOk("git", ["commit", "-qam", `${site} installs on request`], { cwd: directory });
}
