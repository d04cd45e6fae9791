import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { PRODUCT } from "../../load/fleet-state.ts";
import type { Narrator } from "../../load/promises.ts";
import type { Settings } from "../../load/settings.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { PlayedFleet } from "./played-fleet.ts";
import { type Held, Tab } from "./tab.ts";

/** What a page held and did at the end of one round. */
export interface Sample extends Held {
  /** Milliseconds from what the controller knew until the page showed it. */
  readonly lag: number;
  /** How often it has asked since the sample before. */
  readonly asked: number;
}

const MINUTE = 60_000;
/** Milliseconds from one promotion to the next. */
const ROUND = 2 * MINUTE;
const MEBIBYTE = 2 ** 20;
/** Rounds before a page has shown all that it keeps, such as the answers of views that it was at. */
const WARM_UP = 2;
/** Milliseconds by which a page may be slower at the end than at the beginning, on a machine that has more to do. */
const SLOWER = 5_000;

/** A view that is left open. */
class OpenView {
  readonly name: string;
  readonly samples: Sample[] = [];
  readonly tab: Tab;
  /** Where it shows the newest. */
  private readonly place: string;
  private asked = 0;

  private constructor(name: string, place: string, tab: Tab) {
    this.name = name;
    this.place = place;
    this.tab = tab;
    tab.page.on("request", () => this.asked++);
  }

  static async open(
    browser: Browser,
    fleet: PlayedFleet,
    [name, path, place]: readonly [name: string, path: string, place: string],
  ): Promise<OpenView> {
    const tab = await Tab.open(browser, fleet.url, { token: fleet.token });
    await tab.settled();
    await tab.visit(path);
    await tab.remember();
    return new OpenView(name, place, tab);
  }

  /** @param known when the controller knows it @returns milliseconds after that until the page shows it */
  async shows(text: string, known: Promise<number>, timeout: number): Promise<number> {
    const shown = this.tab.page
      .locator(`main ${this.place}`)
      .filter({ hasText: text })
      .first()
      .waitFor({ timeout });
    const [from, to] = await Promise.all([known, shown.then(() => performance.now())]);
    return Math.max(0, to - from);
  }

  async take(lag: number): Promise<void> {
    const { asked } = this;
    this.asked = 0;
    this.samples.push({ ...(await this.tab.held()), lag, asked });
  }
}

/** Leaves the overview, a rollout and the fleet open while one version after the other goes out, and says whether they kept up. */
export async function leavePagesOpen(
  t: Cleanups,
  browser: Browser,
  settings: Settings,
  folder: string,
  narrator: Narrator,
): Promise<void> {
  const fleet = await PlayedFleet.start(t, settings, folder);
  const views = [
    await OpenView.open(browser, fleet, ["overview", "/", ".matrix"]),
    await OpenView.open(browser, fleet, ["rollout", `/rollouts/${PRODUCT}/stable`, "h1"]),
    await OpenView.open(browser, fleet, ["fleet", "/fleet", "tbody b"]),
  ];
  narrator.say(
    `${settings.agents} machines live, and ${views.length} pages are open for ${settings.open} min`,
  );
  const end = performance.now() + settings.open * MINUTE;
  for (let round = 1; performance.now() < end; round++) {
    const began = performance.now();
    const lags = await promote(fleet, views, `1.3.${round}`);
    await sleep(Math.max(0, Math.min(began + ROUND, end) - performance.now()));
    for (const [index, view] of views.entries()) {
      await view.take(lags[index] ?? Number.NaN);
      narrator.say(`${view.name}: ${describe(view.samples.at(-1))}`);
    }
  }
  for (const view of views) await judge(view, narrator);
}

/** @returns milliseconds after which each view showed it */
async function promote(fleet: PlayedFleet, views: readonly OpenView[], version: string): Promise<number[]> {
  const { patience } = fleet;
  await fleet.state.publish(version);
  const served = fleet.commit("promote", version, "--to", "stable").then(() => performance.now());
  const arrived = served
    .then(() => fleet.until(`a machine to run ${version}`, () => fleet.isAnywhere(version)))
    .then(() => performance.now());
  const lags = await Promise.all(
    // Of machines is shown what they run, and not what is promoted.
    views.map((view) => view.shows(version, view.name === "fleet" ? arrived : served, patience)),
  );
  await fleet.until(`${version} to be everywhere`, () => fleet.isEverywhere(version));
  return lags;
}

async function judge({ name, samples, tab }: OpenView, narrator: Narrator): Promise<void> {
  const kept = samples.slice(Math.min(WARM_UP, Math.floor(samples.length / 4)));
  const part = Math.max(1, Math.floor(kept.length / 4));
  const [before, after] = [kept.slice(0, part), kept.slice(-part)];
  const grew = (of: (sample: Sample) => number): readonly [from: number, to: number] => [
    median(before.map(of)),
    median(after.map(of)),
  ];
  const [heap, heapAfter] = grew((sample) => sample.heap);
  narrator.promise(
    heapAfter < heap * 1.2 + MEBIBYTE,
    `${name}: ${mebibytes(heap)} of heap at first, ${mebibytes(heapAfter)} at last`,
  );
  const [nodes, nodesAfter] = grew((sample) => sample.nodes);
  const [listeners, listenersAfter] = grew((sample) => sample.listeners);
  narrator.promise(
    nodesAfter < nodes * 1.2 + 200 && listenersAfter < listeners * 1.2 + 50,
    `${name}: ${nodes} nodes and ${listeners} listeners at first, ${nodesAfter} and ${listenersAfter} at last`,
  );
  const [lag, lagAfter] = grew((sample) => sample.lag);
  const longest = Math.max(...samples.map((sample) => sample.lag));
  narrator.promise(
    lagAfter < lag * 2 + SLOWER,
    `${name}: the newest was shown ${seconds(lag)} after the controller knew it at first, ${seconds(lagAfter)} at last, ${seconds(longest)} at most`,
  );
  narrator.promise(
    (await tab.remembers()) && tab.complaints.length === 0,
    `${name}: it was one document all the time, and complained of nothing ${tab.complaints.join("; ")}`.trim(),
  );
}

function describe(sample: Sample | undefined): string {
  if (sample === undefined) return "nothing";
  const { heap, nodes, listeners, lag, asked } = sample;
  return `${mebibytes(heap)}, ${nodes} nodes, ${listeners} listeners, ${seconds(lag)} behind, asked ${asked} times`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(2)} MiB`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
