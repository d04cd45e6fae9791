import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ClientKey } from "../device-client.ts";
import { newMemory, SimulatedDevice } from "../simulated-device.ts";
import { Traffic } from "../traffic.ts";
import { type Manifest, VerifiedManifest } from "../verified-manifest.ts";
import type { Taker, Watch, World } from "../world.ts";
import { endingOf, firstVersionOf, machineOf, platformsOf, seedOf } from "./demo-machines.ts";
import { keepMachines, readMachines } from "./kept-machines.ts";
import type { DemoFleetInput } from "./messages.ts";

/** Seconds between two polls of a machine: short, so that what a person does shows while that person looks. */
const INTERVAL = 30;
/** Seconds over which machines come one after the other when the fleet begins. */
const ARRIVAL = 10;
/** Milliseconds between two looks at whether what machines remember is to be written. */
const KEEP_MS = 2_000;
/** Enrolments under way at a time. */
const AT_ONCE = 4;

/** Makes tokens: one for each seat, for as many machines of it. */
export type MakeTokens = (uses: readonly number[]) => Promise<readonly string[]>;

interface Settled {
  readonly index: number;
  readonly device: SimulatedDevice;
}

/**
 * Simulated machines beside a controller on which somebody tries things out: the same ones each time. They enrol once, and
 * remember what runs on them.
 */
export class DemoFleet implements Watch {
  private readonly input: DemoFleetInput;
  private readonly makeTokens: MakeTokens;
  private readonly onTrouble: (message: string) => void;
  private readonly ended = new AbortController();
  private readonly traffic: Traffic;
  private machines: readonly Settled[] = [];
  private readonly places = new Map<string, number>();
  private readonly enrolling = new Set<string>();
  private kept = "";

  constructor(input: DemoFleetInput, makeTokens: MakeTokens, onTrouble: (message: string) => void) {
    this.input = input;
    this.makeTokens = makeTokens;
    this.onTrouble = onTrouble;
    this.traffic = new Traffic(input.url);
  }

  /** Resolves when all machines are enrolled and live. @throws Error, FetchError, TrustError */
  async begin(): Promise<void> {
    const { url, product, folder } = this.input;
    const root = await this.firstRoot();
    const manifest = new VerifiedManifest(url, product, join(folder, "trusted"), root);
    const world: World = {
      ...{ product, url, manifest, interval: INTERVAL, traffic: this.traffic, signal: this.ended.signal },
      repository: createHash("sha256").update(root).digest("hex"),
      endingOf: (version, taker) => this.ending(version, taker),
      watch: this,
    };
    this.machines = this.settle(world, await manifest.atLeast(0));
    for (const { index, device } of this.machines) this.places.set(device.id, index);
    await this.enrol(this.machines.filter(({ device }) => !device.isEnrolled));
    this.keep();
    void this.keepAgain();
    for (const { device } of this.machines) void device.live(Math.random() * ARRIVAL);
  }

  /** What machines remember is on disk afterwards. */
  end(): void {
    this.ended.abort();
    this.traffic.close();
    if (this.machines.length > 0) this.keep();
  }

  begins(): void {}

  confirms(): void {}

  takes(): void {}

  /** The controller has lost its fleet: the machine enrols once more. */
  refuses(id: string, status: number, code: string | undefined): void {
    const index = this.places.get(id);
    if (status !== 401 || code !== "signature/unknown-key" || index === undefined) return;
    if (this.enrolling.has(id)) return;
    this.enrolling.add(id);
    const again = this.machines.filter(({ device }) => device.id === id);
    this.enrol(again)
      .catch((error: unknown) => this.onTrouble(error instanceof Error ? error.message : String(error)))
      .finally(() => this.enrolling.delete(id));
  }

  private async firstRoot(): Promise<Buffer> {
    const { status, body } = await this.traffic.send("other", {
      ...{ method: "GET", target: "/tuf/1.root.json", headers: {} },
    });
    if (status !== 200) throw new Error(`the first root was answered ${status}`);
    return body;
  }

  private settle(world: World, manifest: Manifest): Settled[] {
    const { folder, product, machines } = this.input;
    const remembered = readMachines(folder, product);
    const platforms = platformsOf(manifest);
    // Higher than each number of the run before: no machine checks in more than once a second.
    const sequence = Math.floor(Date.now() / 1000);
    const settled: Settled[] = [];
    for (let index = 0; index < machines; index++) {
      const machine = machineOf(index, platforms);
      const first = firstVersionOf(index, manifest, machine.platform);
      const memory = remembered[index] ?? (first === undefined ? undefined : newMemory(first));
      if (memory === undefined) continue;
      const lasting = { ...memory, sequence: Math.max(memory.sequence, sequence) };
      const key = ClientKey.fromSeed(seedOf(index));
      settled.push({ index, device: new SimulatedDevice(world, key, machine, lasting) });
    }
    return settled;
  }

  private async enrol(machines: readonly Settled[]): Promise<void> {
    if (machines.length === 0) return;
    const { seats } = this.input;
    const seatOf = (index: number): number => index % seats.length;
    const uses = seats.map((_, seat) => machines.filter(({ index }) => seatOf(index) === seat).length);
    const tokens = await this.makeTokens(uses);
    const next = machines.values();
    const enrolSome = async (): Promise<void> => {
      for (const { index, device } of next) {
        const token = tokens[seatOf(index)];
        if (token === undefined) throw new Error("the controller made no token");
        await device.enrol(token);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, enrolSome));
  }

  private ending(version: string, taker: Taker): ReturnType<typeof endingOf> {
    return endingOf(this.places.get(taker.id) ?? 0, version, taker);
  }

  private async keepAgain(): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      await sleep(KEEP_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) this.keep();
    }
  }

  /** Writes what has changed. Sequence numbers alone are no change: they come from the clock at the next start. */
  private keep(): void {
    const memories = this.machines.map(({ device }) => device.memory);
    const essence = JSON.stringify(memories.map(({ sequence: _, ...rest }) => rest));
    if (essence === this.kept) return;
    this.kept = essence;
    try {
      keepMachines(this.input.folder, this.input.product, memories);
    } catch (error) {
      this.onTrouble(`simulated machines are not remembered: ${String(error)}`);
    }
  }
}
