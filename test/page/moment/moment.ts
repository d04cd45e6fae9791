/**
 * One moment of one fleet, for pictures and for checks of every view: agent / stable 1.4.2 halted itself twelve minutes ago.
 * Started with a clock that is told (`told-clock.ts`), it plays a month in half a minute against a real controller, says
 * where that listens, and keeps it until its standard input ends.
 */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Ended } from "../../../simulated-fleet/software.ts";
import { type Manifest, VerifiedManifest } from "../../../simulated-fleet/verified-manifest.ts";
import { ControllerProcess } from "../../support/controller-process.ts";
import { fraction, MomentMachine, PLACES, placeOf } from "./moment-fleet.ts";
import type { MomentPlaces } from "./moment-process.ts";
import { acme, MomentState, PRODUCT } from "./moment-state.ts";

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
/** What the clock says at the end: 2026-11-20T14:31:00Z. */
const END = Date.UTC(2026, 10, 20, 14, 31) / 1_000;
/** Machines that have no glibc but an old one fail on it. */
const BAD = "1.4.2";
/** What somebody wants to do next. */
const BRANCH = "lyon-to-beta";
/** Milliseconds of the real clock that anything may take. */
const PATIENCE = 120_000;
/** Milliseconds of the real clock after which a controller has looked at reports: it lets them settle for two seconds. */
const LOOK_MS = 2_300;

const clock = process.env.FAIRLEAD_TOLD_CLOCK ?? "";
const machines = Number(process.argv[2] ?? 420);

class Moment {
  private readonly state: MomentState;
  private readonly controller: ControllerProcess;
  private readonly manifest: VerifiedManifest;
  private readonly repository: string;
  private fleet: readonly MomentMachine[] = [];
  /** The last one that is served. */
  private lastCommit = "";

  private constructor(
    state: MomentState,
    controller: ControllerProcess,
    manifest: VerifiedManifest,
    repository: string,
  ) {
    this.state = state;
    this.controller = controller;
    this.manifest = manifest;
    this.repository = repository;
  }

  static async begin(folder: string, cleanups: Cleanup[]): Promise<Moment> {
    const state = new MomentState(join(folder, "state"));
    await tell(END - 31 * DAY);
    await state.create(END - 32 * DAY);
    const controller = await ControllerProcess.start(
      { after: (cleanup) => void cleanups.push(cleanup) },
      state.directory,
      ["--dev-keys"],
      {
        FAIRLEAD_TOLD_CLOCK: clock,
        NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, "told-clock.ts")).href}`,
      },
    );
    const { url } = controller;
    const root = Buffer.from(await (await fetch(`${url}/tuf/1.root.json`)).arrayBuffer());
    const manifest = new VerifiedManifest(url, PRODUCT, join(folder, "trusted"), root);
    return new Moment(state, controller, manifest, createHash("sha256").update(root).digest("hex"));
  }

  get url(): string {
    return this.controller.url;
  }

  /** What there is to look at. */
  get places(): MomentPlaces {
    const failed = this.fleet.find((machine) =>
      machine.software.memory.blocked.some(({ version }) => version === BAD),
    );
    const waits = this.fleet.find(
      (machine) => machine.software.version === "1.4.1" && machine.tenant?.name === "globex",
    );
    return {
      ...{ url: this.url, now: END, token: this.operatorToken, commit: this.lastCommit, branch: BRANCH },
      ...{
        failedDevice: failed?.id ?? "",
        waitingDevice: waits?.id ?? "",
        silentDevice: this.fleet[42]?.id ?? "",
      },
    };
  }

  async play(): Promise<void> {
    await this.enrol();
    await this.oldRelease();
    await this.newRelease();
    await this.haltsItself();
    await this.whatElse();
    await tell(END);
    await this.whoeverIsLeft();
  }

  private async enrol(): Promise<void> {
    const uses = PLACES.map((_, place) => this.seats.filter((each) => each === place).length);
    const tokens = await Promise.all(
      PLACES.map(({ tenant, site }, place) => this.token(tenant, site, uses[place] ?? 0)),
    );
    const canaries = await this.token("acme", "berlin", machines, { ring: "canary" });
    const server = { url: this.url, repository: this.repository };
    this.fleet = this.seats.map(
      (_, index) => new MomentMachine(index, server, index === 7 ? "1.2.9" : "1.4.0"),
    );
    await each(this.fleet, async (machine) => {
      const place = this.seats[machine.index] ?? 0;
      const isCanary = place === 0 && fraction(machine.index, "canary") < 0.07;
      await machine.enrol(isCanary ? canaries : (tokens[place] ?? ""));
      if (machine.tenant !== undefined) this.manifest.addTenant(machine.tenant.name, machine.tenant.key);
    });
    await this.checkIn(this.fleet);
  }

  private get seats(): readonly number[] {
    return Array.from({ length: machines }, (_, index) => placeOf(index));
  }

  /** 1.4.1 went everywhere, in two days. */
  private async oldRelease(): Promise<void> {
    const at = END - 11 * DAY - 5 * HOUR;
    await tell(at - HOUR);
    await this.state.version(PRODUCT, "1.4.1", "Retries what a proxy has cut off.");
    await this.state.channel(PRODUCT, "beta", "1.4.1");
    await this.commit("Release agent 1.4.1 to beta", at - HOUR, "Ada Lindgren");
    await tell(at);
    await this.state.channel(PRODUCT, "stable", "1.4.1");
    await this.commit("Promote agent 1.4.1 to stable", at, "Mira Sol");
    for (const after of [
      1 * MINUTE,
      4 * HOUR + MINUTE,
      6 * HOUR,
      DAY + MINUTE,
      DAY + 2 * HOUR,
      2 * DAY + MINUTE,
    ]) {
      await tell(at + after);
      await this.round(this.fleet);
    }
    // The window of one tenant is on Saturdays.
    await tell(END - 6 * DAY - 12 * HOUR);
    await this.round(this.fleet);
  }

  private async newRelease(): Promise<void> {
    const at = END - 3 * DAY + HOUR;
    await tell(at);
    await this.state.version(PRODUCT, BAD, "Starts in half the time.");
    await this.state.version(PRODUCT, "1.5.0", "A new way to print.");
    await this.state.channel(PRODUCT, "beta", BAD);
    await this.state.channel(PRODUCT, "nightly", "1.5.0");
    await this.commit(`Release agent ${BAD} to beta`, at, "Ada Lindgren");
    for (const after of [MINUTE, 2 * HOUR + MINUTE, 2 * DAY + MINUTE]) {
      await tell(at + after);
      await this.round(this.present);
      await this.look();
    }
  }

  /** The promotion of the morning, whose second wave opened half an hour ago. */
  private async haltsItself(): Promise<void> {
    const at = END - 4 * HOUR - 31 * MINUTE;
    await tell(at);
    await this.state.channel(PRODUCT, "stable", BAD);
    await this.commit(`Promote agent ${BAD} to stable`, at, "Mira Sol");
    for (const after of [MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR]) {
      await tell(at + after);
      await this.round(this.present);
      await this.look();
    }
    for (let minute = 1; minute <= 19; minute++) {
      await tell(at + 4 * HOUR + minute * MINUTE);
      await this.round(
        this.present.filter(({ index }) => Math.floor(fraction(index, "turn") * 19) + 1 === minute),
      );
      if (minute === 1) await this.look();
      if (minute > 12) await sleep(300);
    }
    await this.until("the gate to halt it", async () => (await this.rolloutState()) === "halted");
  }

  private async whatElse(): Promise<void> {
    const branch = await this.state.branch(BRANCH, this.lastCommit);
    await branch.channel(PRODUCT, "beta", "1.5.0");
    await branch.write("tenants/acme.yaml", acme("{channel: beta}"));
    await branch.commit(
      "Try agent 1.5.0 on beta, and have lyon follow it",
      END - 20 * MINUTE,
      "Ada Lindgren",
    );
    await tell(END - 7 * MINUTE);
    await this.state.write(`products/${PRODUCT}/channels/nightly.yaml`, "version: 1.6.0\n");
    await this.state.commit("Try agent 1.6.0 on nightly", END - 7 * MINUTE, "Jonas Weber");
    await this.until("the commit to be refused", async () => {
      const status: unknown = await (await fetch(`${this.url}/api/v1/status`)).json();
      return JSON.stringify(status).includes("refused");
    });
  }

  private async whoeverIsLeft(): Promise<void> {
    await this.checkIn(this.present.filter(({ index }) => fraction(index, "last") < 0.6));
  }

  /** Four machines have not been heard of for days. */
  private get present(): readonly MomentMachine[] {
    return this.fleet.filter(({ index }) => index % 100 !== 42);
  }

  /** The controller has looked at what was reported, and noted it with the time that is told now. */
  private async look(): Promise<void> {
    await sleep(LOOK_MS);
  }

  /** All look at the manifest and check in; who has something to install does, and says so. */
  private async round(some: readonly MomentMachine[]): Promise<void> {
    await this.checkIn(some);
    const now = Math.floor(Date.now() / 1_000);
    const manifest = await this.verified();
    const taken = some.filter((machine) => machine.takes(manifest, now, endingOf));
    await this.checkIn(taken);
  }

  private async checkIn(some: readonly MomentMachine[]): Promise<void> {
    const manifest = await this.verified();
    await each(some, (machine) => machine.checkIn(manifest));
  }

  private async verified(): Promise<Manifest> {
    const timestamp: unknown = await (await fetch(`${this.url}/tuf/timestamp.json`)).json();
    const signed =
      typeof timestamp === "object" && timestamp !== null ? Reflect.get(timestamp, "signed") : undefined;
    const version =
      typeof signed === "object" && signed !== null ? Reflect.get(signed, "version") : undefined;
    return this.manifest.atLeast(Number(version));
  }

  private async commit(message: string, at: number, by: string): Promise<void> {
    const commit = await this.state.commit(message, at, by);
    await this.until(
      "the commit to be served",
      async () => (await this.controller.servedCommit()) === commit,
    );
    this.lastCommit = commit;
  }

  private async token(tenant: string, site: string, uses: number, labels: object = {}): Promise<string> {
    if (uses === 0) return "";
    const response = await fetch(`${this.url}/api/v1/tokens`, {
      ...{
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${this.operatorToken}` },
      },
      body: JSON.stringify({ tenant, site, uses, labels }),
    });
    const made: unknown = await response.json();
    if (typeof made === "object" && made !== null && "token" in made) return String(made.token);
    throw new Error(`no token was made: ${JSON.stringify(made)}`);
  }

  private get operatorToken(): string {
    return readFileSync(join(this.controller.stateDirectory, "operator-token"), "utf8").trim();
  }

  private async rolloutState(): Promise<string> {
    const response = await fetch(`${this.url}/api/v1/rollouts/${PRODUCT}/stable`);
    const rollout: unknown = await response.json();
    return typeof rollout === "object" && rollout !== null && "state" in rollout ? String(rollout.state) : "";
  }

  private async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + PATIENCE;
    while (!(await isSo())) {
      if (performance.now() > end)
        throw new Error(`waited too long for ${what}\n${this.controller.output.slice(-5_000)}`);
      await sleep(100);
    }
  }
}

type Cleanup = () => unknown;

function endingOf(to: string, { index, platform, facts }: MomentMachine): Ended {
  if (to === BAD && platform === "linux-arm64" && facts.glibc === "2.31") return WITHOUT_GLIBC;
  return to === "1.4.1" && index % 211 === 5 ? DISK_FULL : { kind: "confirmed" };
}

const WITHOUT_GLIBC: Ended = {
  ...{ kind: "failed", outcome: "failed", step: "staged", cause: "self-test-failed" },
  code: "install/self-test-failed",
  message: "the self-test ended with 127: /opt/acme/agent: version `GLIBC_2.34' not found",
  log: "/opt/acme/agent: /lib/aarch64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /opt/acme/agent)",
};
const DISK_FULL: Ended = {
  ...{ kind: "failed", outcome: "failed", step: "downloading", cause: "disk-full" },
  ...{ code: "install/disk-full", message: "48 MB are needed to stage 1.4.1, and 12 MB are free" },
};

/** Sets the clock of both processes; afterwards neither remembers another time. */
async function tell(seconds: number): Promise<void> {
  writeFileSync(`${clock}.new`, String(seconds * 1_000));
  renameSync(`${clock}.new`, clock);
  await sleep(20);
}

/** Eight at a time. */
async function each<Item>(items: readonly Item[], does: (item: Item) => Promise<void>): Promise<void> {
  const next = items.values();
  const some = async (): Promise<void> => {
    for (const item of next) await does(item);
  };
  await Promise.all(Array.from({ length: 8 }, some));
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-moment-"));
  const cleanups: Cleanup[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  ];
  try {
    const moment = await Moment.begin(folder, cleanups);
    await moment.play();
    process.stdout.write(`${JSON.stringify(moment.places)}\n`);
    process.stdin.resume();
    await new Promise((resolve) => process.stdin.once("end", resolve));
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}

await main();
