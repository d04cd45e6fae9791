import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { enrolFleet } from "../../load/fleet.ts";
import { FleetState, PLACES, PRODUCT } from "../../load/fleet-state.ts";
import { openPlay, type Play } from "../../load/play.ts";
import { ServedController } from "../../load/served-controller.ts";
import type { Settings } from "../../load/settings.ts";
import type { SimulatedDevice } from "../../simulated-fleet/simulated-device.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { DeviceClient } from "../support/device-client.ts";
import { runOk } from "../support/run-command.ts";

/** Connections beside the streams of machines. */
const OTHER_CONNECTIONS = 500;
/** Where machines install only on request: what the arrow is for. */
const ASKED = { tenant: "initech", site: "oslo" } as const;

/** A controller with simulated machines that live until the story is over. */
export class PlayedFleet {
  readonly url: string;
  /** Milliseconds after which what was waited for does not come: no measure of how long anything takes. */
  readonly patience: number;
  readonly state: FleetState;
  private readonly controller: ServedController;
  private readonly play: Play;
  private devices: readonly SimulatedDevice[] = [];

  private constructor(state: FleetState, controller: ServedController, play: Play) {
    this.state = state;
    this.controller = controller;
    this.play = play;
    this.url = controller.url;
    this.patience = 120_000 + 8_000 * play.settings.wave;
  }

  /** @param serve more options of `fairlead serve` */
  static async start(
    t: Cleanups,
    settings: Settings,
    folder: string,
    serve: readonly string[] = [],
  ): Promise<PlayedFleet> {
    const state = new FleetState(join(folder, "state"), settings);
    await state.create();
    await askFirst(state.directory);
    const connections = Math.ceil(settings.agents * 1.5) + OTHER_CONNECTIONS;
    const stateFolder = join(folder, "controller");
    const controller = await ServedController.start(state.directory, stateFolder, connections, serve);
    t.after(() => controller.kill());
    const ended = new AbortController();
    t.after(() => ended.abort());
    const play = await openPlay(settings, controller.url, join(folder, "trusted"), ended.signal);
    const fleet = new PlayedFleet(state, controller, play);
    await fleet.live();
    return fleet;
  }

  private async live(): Promise<void> {
    const { interval, agents } = this.play.settings;
    this.devices = await enrolFleet(this.play, this.controller, () => undefined);
    for (const device of this.devices) void device.live(Math.random() * interval);
    await this.until("every machine to check in", () => this.play.watch.checkIns >= agents);
  }

  /** The first operator's. */
  get token(): string {
    return this.controller.token;
  }

  /** Lets somebody sign in as an admin. @returns the token */
  async addAdmin(name: string): Promise<string> {
    return tokenIn(await this.controller.ask("POST", "/api/v1/people", { name, role: "admin" }));
  }

  /** A machine of the site that installs on request: it does what the test says, when it says so. */
  async addMachineByHand(): Promise<DeviceClient> {
    const made = await this.controller.ask("POST", "/api/v1/tokens", { ...ASKED, uses: 1 });
    const machine = new DeviceClient({ url: this.url, repository: this.play.repository });
    await machine.enrol(tokenIn(made));
    await machine.checkIn();
    return machine;
  }

  /** One that lives by itself where machines install on request. */
  get askedFirst(): SimulatedDevice {
    const device = this.devices.find((_, index) => isAsked(index));
    if (device === undefined) throw new Error("no machine is asked first");
    return device;
  }

  /** Whether each machine runs it that need not be asked. @param where of which platforms; absent: of all */
  isEverywhere(wanted: string, where: (platform: string) => boolean = () => true): boolean {
    return this.devices.every(
      ({ version, machine }, index) => version === wanted || isAsked(index) || !where(machine.platform),
    );
  }

  /** Runs a command that commits, and waits until its commit is served. */
  async commit(...command: readonly string[]): Promise<void> {
    await this.state.fairlead(...command);
    await this.controller.serves(await this.state.head());
  }

  /** Whether the controller lists a machine that runs it. */
  async isAnywhere(version: string): Promise<boolean> {
    const list = await this.controller.ask(
      "GET",
      `/api/v1/agents?product=${PRODUCT}&version=${version}&limit=1`,
    );
    const agents: unknown =
      typeof list === "object" && list !== null ? Reflect.get(list, "agents") : undefined;
    return Array.isArray(agents) && agents.length > 0;
  }

  async rolloutState(): Promise<unknown> {
    const rollout = await this.controller.ask("GET", `/api/v1/rollouts/${PRODUCT}/stable`);
    return typeof rollout === "object" && rollout !== null ? Reflect.get(rollout, "state") : undefined;
  }

  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + this.patience;
    while (!(await isSo())) {
      if (performance.now() > end) throw new Error(`waited too long for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Devices get a token of one place after the other. */
function isAsked(index: number): boolean {
  return PLACES[index % PLACES.length]?.site === ASKED.site;
}

async function askFirst(directory: string): Promise<void> {
  const { tenant, site } = ASKED;
  await writeFile(
    join(directory, "tenants", `${tenant}.yaml`),
    `channel: stable\nsites:\n  ${site}: {autoUpdate: false}\n`,
  );
  await runOk("git", ["commit", "-qam", `${site} installs on request`], { cwd: directory });
}

function tokenIn(made: unknown): string {
  if (typeof made === "object" && made !== null && "token" in made && typeof made.token === "string")
    return made.token;
  throw new Error(`no token was made: ${JSON.stringify(made)}`);
}
