import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Halt } from "../protocol/policy.ts";
import type { SimulatedDevice } from "../simulated-fleet/simulated-device.ts";
import { percentile } from "../simulated-fleet/traffic.ts";
import { MODEL_INTERVAL } from "../simulated-fleet/world.ts";
import { enrolFleet } from "./fleet.ts";
import { FleetState } from "./fleet-state.ts";
import { askRollout, type Foretold, type RolloutAnswer, readForetold } from "./halted-rollout.ts";
import { openPlay, type Play } from "./play.ts";
import type { Narrator } from "./promises.ts";
import { recount } from "./recount.ts";
import { ServedController } from "./served-controller.ts";
import { BAD, FAILING_PLATFORM, type Settings } from "./settings.ts";

const MENDED = "1.2.1";
const SIMULATED_RUNS = 40;
/** Seconds of an interval beside which the seconds of a halt are few. */
const LONG_INTERVAL = 10;
/** Connections beside the streams, of which a listener keeps a quarter free. */
const OTHER_CONNECTIONS = 1_000;

/** What was measured, for the end of the run. */
export interface Figures {
  readonly agents: number;
  readonly seconds: number;
  readonly checkIns: number;
  readonly checkInsPerSecond: number;
  /** Milliseconds. */
  readonly checkIn: { readonly p50: number; readonly p99: number };
  readonly poll: { readonly p50: number; readonly p99: number };
  readonly streams: number;
  readonly controller: { readonly rssBytes: number; readonly cpuSeconds: number };
  readonly bytes: { readonly sent: number; readonly received: number };
  readonly steadyPerSecond: number;
  readonly peakAfterOutage: number;
  /** `null`: no version was halted. */
  readonly reachedBeforeHalt: number | null;
  readonly foretold: Foretold | null;
}

/** Plays all chapters, one after the other; a promise that is broken does not end the story. */
export async function playStory(
  settings: Settings,
  folder: string,
  narrator: Narrator,
  stop: AbortSignal,
): Promise<Figures> {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, stop]);
  const state = new FleetState(join(folder, "state"), settings);
  await state.create();
  const foretold = settings.outageOnly ? undefined : foretell(settings, join(folder, "foretold"));
  // It is asked for later; a failure is told then.
  foretold?.catch(() => undefined);
  const connections = Math.ceil(settings.agents * 1.5) + OTHER_CONNECTIONS;
  const controller = await ServedController.start(state.directory, join(folder, "controller"), connections);
  try {
    const story = await Story.open(settings, folder, state, controller, narrator, signal);
    return await story.play(foretold);
  } finally {
    ended.abort();
    await controller.kill();
  }
}

/** What `fairlead simulate` says of the same rollout, in the fleet's own time. */
async function foretell(settings: Settings, folder: string): Promise<Foretold> {
  const { agents, failing } = settings;
  const wave = Math.ceil((settings.wave * MODEL_INTERVAL) / settings.interval);
  const state = new FleetState(folder, { ...settings, interval: MODEL_INTERVAL, wave });
  await state.create();
  const rate = `${FAILING_PLATFORM}=${failing}%`;
  return readForetold(
    await state.fairlead(
      ...["simulate", "--json", "--channel", "stable", "--version", BAD, "--agents", String(agents)],
      ...["--failure-rate", rate, "--runs", String(SIMULATED_RUNS), "--until", `${8 * wave}s`],
    ),
  );
}

class Story {
  private readonly settings: Settings;
  private readonly state: FleetState;
  private readonly controller: ServedController;
  private readonly narrator: Narrator;
  private readonly play_: Play;
  private devices: readonly SimulatedDevice[] = [];
  private lives: Promise<unknown> = Promise.resolve();

  private constructor(state: FleetState, controller: ServedController, narrator: Narrator, play: Play) {
    this.settings = play.settings;
    this.state = state;
    this.controller = controller;
    this.narrator = narrator;
    this.play_ = play;
  }

  static async open(
    settings: Settings,
    folder: string,
    state: FleetState,
    controller: ServedController,
    narrator: Narrator,
    signal: AbortSignal,
  ): Promise<Story> {
    const play = await openPlay(settings, controller.url, join(folder, "agent"), signal);
    return new Story(state, controller, narrator, play);
  }

  /** @param foretelling absent: only the outage is played */
  async play(foretelling: Promise<Foretold> | undefined): Promise<Figures> {
    const began = performance.now();
    await this.enrol();
    const halted = foretelling === undefined ? undefined : await this.versionsComeAndGo(foretelling);
    const { steady, peak, streams } = await this.outlivesAnOutage();
    await this.countsEachOnce();
    const { watch: log, traffic, settings } = this.play_;
    const seconds = (performance.now() - began) / 1000;
    const { rss, cpu } = this.controller.figures();
    this.narrator.promise(
      log.broken.length === 0,
      `no device took a version before its turn${first(log.broken)}`,
    );
    const latency = (kind: "poll" | "check-in") => ({
      p50: percentile(traffic.latencies[kind], 0.5),
      p99: percentile(traffic.latencies[kind], 0.99),
    });
    return {
      ...{ agents: settings.agents, seconds, checkIns: log.checkIns },
      ...{ checkInsPerSecond: log.checkIns / seconds, checkIn: latency("check-in"), poll: latency("poll") },
      ...{ streams, controller: { rssBytes: rss, cpuSeconds: cpu } },
      bytes: { sent: traffic.sent, received: traffic.received },
      ...{ steadyPerSecond: steady, peakAfterOutage: peak },
      ...{ reachedBeforeHalt: halted?.reached ?? null, foretold: halted?.foretold ?? null },
    };
  }

  private async versionsComeAndGo(
    foretelling: Promise<Foretold>,
  ): Promise<{ readonly reached: number; readonly foretold: Foretold }> {
    await this.spreadsInWaves();
    const foretold = await foretelling;
    const reached = await this.isHalted(foretold);
    await this.goesOn();
    return { reached, foretold };
  }

  private async enrol(): Promise<void> {
    const { agents, interval } = this.settings;
    this.devices = await enrolFleet(this.play_, this.controller, (count) =>
      this.narrator.show(`enrolling ${count} of ${agents}`),
    );
    this.lives = Promise.all(this.devices.map((device) => device.live(Math.random() * interval)));
    this.lives.catch(() => undefined);
    await this.until("every device to check in", () => this.play_.watch.checkIns >= agents);
    this.narrator.say(`${agents} devices are enrolled and run 1.0.0`);
  }

  private async spreadsInWaves(): Promise<void> {
    await this.promote("1.1.0");
    await this.until("1.1.0 to be everywhere", () => this.runs("1.1.0") === this.settings.agents, "1.1.0");
    this.narrator.promise(true, `1.1.0 went to all ${this.settings.agents} devices in waves`);
  }

  /** @returns devices that it reached */
  private async isHalted(foretold: Foretold): Promise<number> {
    const { watch: log, settings } = this.play_;
    await this.promote(BAD);
    await this.until(`the gate to halt ${BAD}`, async () => (await this.servedHalt())?.by === "gate", BAD);
    const halt = await this.servedHalt();
    // Those that had begun when they heard of it.
    await sleep(2 * settings.interval * 1_000);
    const reached = log.reached.get(BAD)?.size ?? 0;
    this.narrator.say(`the signed policy says: ${halt?.reason ?? "?"}`);
    const rollout = await this.rollout();
    this.narrator.promise(rollout?.state === "halted", `the controller calls ${BAD} halted`);
    const line = rollout?.signatures[0];
    this.narrator.promise(
      rollout?.signatures.length === 1 && line !== undefined && line.devices > 1,
      `its failures are one line: ${line === undefined ? "none" : `${line.devices} times "${line.signature}"`}`,
    );
    this.narrator.promise(
      reached <= mostReached(settings, foretold),
      `${reached} devices were reached; ${foretold.median} (95 of 100: ${foretold.p95}) in simulated rollouts`,
    );
    return reached;
  }

  private async goesOn(): Promise<void> {
    const { watch: log } = this.play_;
    const before = log.reached.get(BAD)?.size ?? 0;
    let shared: string | undefined;
    await this.commit("resume", "--halt", "--channel", "stable", "--reason", "the load program has looked");
    await this.until(
      "more devices to take it after the resume",
      () => (log.reached.get(BAD)?.size ?? 0) > before,
      BAD,
    );
    this.narrator.promise(true, `${BAD} went on when somebody had resumed it by a commit`);
    // Few failures are no evidence of what they have in common: more come until the gate halts it again, or all have it.
    await this.until("the failures to tell what they share", async () => {
      shared = (await this.rollout())?.shared[0]?.text;
      return shared !== undefined || (await this.servedHalt()) !== undefined;
    });
    if (shared === undefined) {
      // Those that had begun when it was halted again report, too.
      await sleep(2 * this.settings.interval * 1_000);
      shared = (await this.rollout())?.shared[0]?.text;
    }
    this.narrator.promise(
      shared?.includes(FAILING_PLATFORM) === true,
      `what they share is told: ${shared ?? "nothing"}`,
    );
    await this.commit("yank", BAD, "--reason", `fails on ${FAILING_PLATFORM}`);
    await this.promote(MENDED);
    await this.until(`${MENDED} to be everywhere`, () => this.runs(MENDED) === this.settings.agents, MENDED);
    this.narrator.promise(true, `${MENDED} came after ${BAD} was yanked, and all have it`);
  }

  private async outlivesAnOutage(): Promise<{
    readonly steady: number;
    readonly peak: number;
    readonly streams: number;
  }> {
    const { interval, outage, agents } = this.settings;
    const { traffic } = this.play_;
    await this.until("every report to be acknowledged", () =>
      this.devices.every(({ waiting }) => waiting === 0),
    );
    const quiet = performance.now();
    await this.pass(Math.max(5, 2 * interval), "a quiet fleet");
    const steadySeconds = traffic.perSecond(quiet, performance.now());
    const steady = mean(steadySeconds);
    const streams = this.connected;
    await this.controller.kill();
    this.narrator.say(`the controller is killed; ${steady.toFixed(0)} requests per second before`);
    await this.pass(outage * interval, "the controller is away");
    await this.controller.launch();
    const back = performance.now();
    const checkIns = this.play_.watch.checkIns;
    const stalls = monitorEventLoopDelay();
    stalls.enable();
    await this.pass(outage * interval, "the controller is back");
    stalls.disable();
    const after = traffic.perSecond(back, performance.now());
    const peak = Math.max(...after);
    this.narrator.promise(
      peak < 2 * steady,
      `${peak} requests in the busiest second after the return, ${steady.toFixed(0)} in a quiet one`,
    );
    // On a busy machine one process that plays thousands sends late, and what it sends says less of them.
    this.narrator.say(`this program stood still for up to ${(stalls.max / 1e6).toFixed(0)} ms meanwhile`);
    await this.until("every device to come back", () => this.play_.watch.checkIns - checkIns >= agents);
    return { steady, peak, streams };
  }

  private async countsEachOnce(): Promise<void> {
    await this.until("every report to be acknowledged", () =>
      this.devices.every(({ waiting }) => waiting === 0),
    );
    const database = join(this.controller.stateFolder, "fleet.db");
    const versions = ["1.1.0", BAD, MENDED];
    const { watch: log } = this.play_;
    const wrong = recount(database, versions, this.settings.agents, log);
    this.narrator.promise(
      wrong.length === 0,
      `${log.acknowledged.size} acknowledged reports are counted, each once${first(wrong)}`,
    );
  }

  private async promote(version: string): Promise<void> {
    await this.commit("promote", version, "--to", "stable");
    this.narrator.say(`${version} is promoted`);
  }

  private async commit(...command: readonly string[]): Promise<void> {
    await this.state.fairlead(...command);
    await this.controller.serves(await this.state.head());
  }

  /** In the policy that a device has just verified. */
  private async servedHalt(): Promise<Halt | undefined> {
    const version = Math.max(...this.devices.map((device) => device.manifestVersion));
    const { policy } = await this.play_.manifest.atLeast(version);
    return policy.channels.stable?.halted;
  }

  private async rollout(): Promise<RolloutAnswer | undefined> {
    return askRollout(this.controller);
  }

  private get connected(): number {
    return this.devices.reduce((count, { hasStream }) => count + (hasStream ? 1 : 0), 0);
  }

  private runs(version: string): number {
    return this.devices.reduce((count, device) => (device.version === version ? count + 1 : count), 0);
  }

  private async pass(seconds: number, what: string): Promise<void> {
    const end = performance.now() + seconds * 1_000;
    await this.until(what, () => performance.now() >= end);
  }

  /** @throws Error after what is surely too long */
  private async until(what: string, isSo: () => boolean | Promise<boolean>, version?: string): Promise<void> {
    const { wave, interval, outage, agents } = this.settings;
    const giveUp = performance.now() + (60 + 20 * wave + 3 * outage * interval) * 1_000;
    const { watch: log, signal } = this.play_;
    while (!(await isSo())) {
      if (signal.aborted) throw new Error("interrupted");
      if (performance.now() > giveUp) throw new Error(`waited too long for ${what}`);
      const taken = version === undefined ? "" : `, ${this.runs(version)} of ${agents} on ${version}`;
      this.narrator.show(`${what}${taken}, ${log.checkIns} check-ins, ${this.connected} streams`);
      await sleep(250);
    }
  }
}

/**
 * Devices that a halt in time may find reached. It takes some seconds itself, to count reports and to sign: where an
 * interval of the fleet is not much longer than those, no more can be asked than that most are spared.
 */
function mostReached({ agents, interval }: Settings, { p95 }: Foretold): number {
  return interval < LONG_INTERVAL ? agents / 2 : Math.min(agents / 2, 1.5 * p95);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function first(broken: readonly string[]): string {
  const [one, ...more] = broken;
  if (one === undefined) return "";
  return `: ${one}${more.length === 0 ? "" : `, and ${more.length} more`}`;
}
