import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CHECK_IN_BACKOFF, LOOK_SPREAD } from "../agent/daemon/check-in-turns.ts";
import { applyDelay, type PollResult, pollDelay, wakeDelay } from "../agent/daemon/poll-delay.ts";
import { backoffDelay } from "../agent/fetch/backoff.ts";
import { LookStream } from "../agent/push/look-stream.ts";
import type { Attempt } from "../protocol/check-in/attempt.ts";
import { MOST_ATTEMPTS } from "../protocol/check-in/check-in.ts";
import type { CheckInAnswer, Placement } from "../protocol/check-in/check-in-answer.ts";
import type { DeviceRequest } from "../protocol/check-in/device-request.ts";
import { placementDigest } from "../protocol/check-in/placement-digest.ts";
import { readCheckInAnswer } from "../protocol/check-in/read-check-in-answer.ts";
import { readEnrolmentAnswer } from "../protocol/check-in/read-enrolment.ts";
import type { Decision } from "../protocol/decision.ts";
import { requireAnswer } from "../protocol/http-signatures/answer-signature.ts";
import { signRequest } from "../protocol/http-signatures/request-signature.ts";
import { own } from "../protocol/scope.ts";
import {
  AskedOfDevice,
  afterInstallation,
  type Outcome,
  wayBack,
  withoutInstallation,
} from "./asked-of-device.ts";
import { type ClientKey, DeviceClient, type PreparedRequest } from "./device-client.ts";
import { Software, type SoftwareMemory } from "./software.ts";
import type { Incoming, Kind } from "./traffic.ts";
import type { Manifest } from "./verified-manifest.ts";
import { type Ending, type Machine, MODEL_INTERVAL, type World } from "./world.ts";

/** Seconds of the fleet's own time that an installation takes, at most. */
const INSTALLATION = 120;
/** Seconds, as agents have them, of the fleet's own time. */
const RECONNECT = { first: 5, base: 60, cap: 1_800 };
/** Of a check-in that was recorded, of a machine below a minimum version. */
const BELOW_MINIMUM = 426;

/** What a machine remembers over a restart. */
export interface DeviceMemory extends SoftwareMemory {
  /** Of the last check-in. */
  readonly sequence: number;
  /** Absent: it is not enrolled. */
  readonly placement?: Placement;
  readonly hasVanished: boolean;
}

/** A machine that nobody has heard of. */
export function newMemory(version: string): DeviceMemory {
  return { version, blocked: [], sequence: 0, hasVanished: false };
}

/**
 * One machine: everything but its disk is real. It polls with a condition, decides by `decide`, checks in with its key's
 * signature, does what operators ask, holds a stream and waits as an agent waits, in a time that goes faster by one
 * factor for the whole fleet. It downloads nothing, and installs by waiting.
 */
export class SimulatedDevice {
  readonly id: string;
  readonly machine: Machine;
  private readonly world: World;
  private readonly client: DeviceClient;
  private readonly software: Software;
  private readonly asked = new AskedOfDevice();
  private placement: Placement | undefined;
  private hasVanished: boolean;
  private etag: string | undefined;
  private manifest: Manifest | undefined;
  private attempts: Attempt[] = [];
  private lookFailures = 0;
  private checkInFailures = 0;
  private checkInDue = false;
  private checkInNotBefore = 0;
  private lookedFor = 0;
  private nextLook = 0;
  private wake: (() => void) | undefined;
  private stream: LookStream | undefined;

  constructor(world: World, key: ClientKey, machine: Machine, memory: DeviceMemory) {
    const { sequence, placement, hasVanished, ...software } = memory;
    this.world = world;
    this.client = new DeviceClient({ url: world.url, repository: world.repository }, key);
    this.client.platform = machine.platform;
    this.client.sequence = sequence;
    this.id = this.client.id;
    this.machine = machine;
    this.software = new Software(software);
    this.hasVanished = hasVanished;
    if (placement !== undefined) this.belong(placement);
  }

  get version(): string {
    return this.software.version;
  }

  get hasStream(): boolean {
    return this.stream?.isOpen === true;
  }

  get isEnrolled(): boolean {
    return this.placement !== undefined;
  }

  /** Of the manifest that it has verified last; 0: none yet. */
  get manifestVersion(): number {
    return this.manifest?.version ?? 0;
  }

  /** Attempts that wait to be acknowledged. */
  get waiting(): number {
    return this.attempts.length;
  }

  get memory(): DeviceMemory {
    const { placement, hasVanished } = this;
    const { sequence } = this.client;
    return {
      ...{ ...this.software.memory, sequence, hasVanished },
      ...(placement === undefined ? {} : { placement }),
    };
  }

  /** A second time it uses up nothing of the token. @throws Error unless it is enrolled */
  async enrol(token: string): Promise<void> {
    const { status, body } = await this.send(
      "enrolment",
      this.client.prepareEnrolment(token, this.machine.facts),
    );
    if (status !== 201 && status !== 200) throw new Error(`${this.id} was not enrolled: ${status} ${body}`);
    this.belong(readEnrolmentAnswer(body));
  }

  private belong({ tenant, site, labels }: Placement): void {
    if (tenant !== undefined) this.world.manifest.addTenant(tenant.name, tenant.key);
    this.placement = {
      labels,
      ...(tenant === undefined ? {} : { tenant }),
      ...(site === undefined ? {} : { site }),
    };
  }

  /** Lives until the world ends, or nothing is heard of it any more. @param after seconds before the first poll */
  async live(after: number): Promise<void> {
    if (this.hasVanished) return;
    const { signal } = this.world;
    const life = new AbortController();
    const end = (): void => life.abort();
    signal.addEventListener("abort", end, { once: true });
    let due = performance.now() + after * 1_000;
    await this.pause(after);
    if (this.isAlive) this.openStream(life.signal);
    while (this.isAlive) {
      this.nextLook = performance.now() + (await this.look(due)) * 1_000;
      this.checkInDue = true;
      due = performance.now();
      while (this.isAlive && performance.now() < this.nextLook) {
        if (this.checkInDue && performance.now() >= this.checkInNotBefore) {
          await this.checkIn(due);
          due = performance.now();
        }
        const until = this.checkInDue ? Math.min(this.nextLook, this.checkInNotBefore) : this.nextLook;
        await this.pause(Math.max(0, until - performance.now()) / 1_000);
        due = Math.min(until, performance.now());
      }
    }
    signal.removeEventListener("abort", end);
    life.abort();
  }

  private get isAlive(): boolean {
    return !this.hasVanished && !this.world.signal.aborted;
  }

  /** Seconds of this run for so many of the fleet's own time. */
  private scaled(seconds: number): number {
    return (seconds * this.world.interval) / MODEL_INTERVAL;
  }

  /** @param due when it was time for it. @returns seconds until the next */
  private async look(due: number): Promise<number> {
    const { interval } = this.world;
    let result: PollResult = { kind: "fine" };
    try {
      await this.poll(due);
      if (this.decide().action === "update") {
        await this.pause(applyDelay(interval, Math.random()), false);
        if (!this.isAlive) return 0;
        await this.poll();
      }
      await this.follow(this.decide());
      this.software.looked(now());
      this.lookFailures = 0;
    } catch {
      result = { kind: "failed", failures: ++this.lookFailures };
    }
    const delay = this.scaled(pollDelay(MODEL_INTERVAL, result, Math.random()));
    if (result.kind === "failed") return delay;
    return wakeDelay(delay, interval, this.software.eligibleAt, now(), Math.random());
  }

  private async poll(due?: number): Promise<void> {
    const asked = {
      method: "GET",
      target: "/tuf/timestamp.json",
      headers: this.etag === undefined ? {} : { "if-none-match": this.etag },
    } as const;
    const { status, headers, body } = await this.world.traffic.send("poll", asked, due);
    if (status === 304) return;
    if (status !== 200) throw new Error(`the timestamp was answered ${status}`);
    this.manifest = await this.world.manifest.atLeast(versionOf(body));
    this.etag = headers.etag;
  }

  private decide(updateNow = false): Decision {
    const { placement } = this;
    if (placement === undefined) throw new Error("it is not enrolled");
    const taker = { id: this.id, ...this.machine };
    return this.software.decide(this.verified, placement, taker, now(), updateNow);
  }

  private get verified(): Manifest {
    if (this.manifest === undefined) throw new Error("nothing was verified yet");
    return this.manifest;
  }

  /** @returns how it went, where the decision asks for an installation */
  private async follow(
    decision: Decision,
    request?: string,
  ): Promise<{ readonly to: string; readonly ending: Ending } | undefined> {
    if (decision.action !== "update" && decision.action !== "rollback") return undefined;
    const [to] = decision.path;
    const { channel } = decision;
    return { to, ending: await this.install(decision.action, to, { channel, request }) };
  }

  private async install(
    kind: Attempt["kind"],
    to: string,
    { channel, request }: { readonly channel: string | undefined; readonly request: string | undefined },
  ): Promise<Ending> {
    const { watch, endingOf } = this.world;
    const manifest = this.verified;
    const { channels } = manifest.policy;
    watch.begins(this.id, to, channel === undefined ? undefined : own(channels, channel));
    const startedAt = now();
    await this.pause(this.scaled(INSTALLATION * Math.random()), false);
    const ending = endingOf(to, { id: this.id, ...this.machine });
    if (ending.kind === "vanished") {
      this.hasVanished = true;
      return ending;
    }
    const attempt = this.software.install(kind, to, ending, manifest, { startedAt, now: now() });
    this.attempts.push(request === undefined ? attempt : { ...attempt, request });
    if (ending.kind === "confirmed") watch.confirms(this.id, to);
    return ending;
  }

  private async checkIn(due: number): Promise<void> {
    const { watch, product, interval } = this.world;
    const sent = this.attempts.slice(0, MOST_ATTEMPTS);
    const prepared = this.client.prepareCheckIn({
      facts: this.machine.facts,
      attempts: sent,
      handled: this.asked.outcomes,
      products: [this.software.report(product, this.manifest?.version)],
      ...(this.placement === undefined ? {} : { placed: placementDigest(this.placement) }),
    });
    try {
      const reply = await this.send("check-in", prepared, due);
      if (reply.status !== 200 && reply.status !== BELOW_MINIMUM) {
        watch.refuses(this.id, reply.status, codeOf(reply.body));
        this.failCheckIn(Number(reply.headers["retry-after"]));
        return;
      }
      const answer = readCheckInAnswer(reply.body);
      const known = new Set(answer.acknowledged);
      this.attempts = this.attempts.filter(({ id }) => !known.has(id));
      this.asked.acknowledge(known);
      const taken = sent.filter(({ id }) => known.has(id));
      watch.takes(
        this.id,
        taken.map(({ id, to, outcome }) => ({ id, to, ok: outcome === "confirmed" })),
      );
      this.checkInFailures = 0;
      this.checkInNotBefore = 0;
      await this.obey(answer, prepared, reply);
      this.checkInDue = this.attempts.length > 0 || this.asked.outcomes.length > 0;
      this.lookFor(answer.manifest, Math.min(this.scaled(LOOK_SPREAD), interval));
    } catch {
      this.failCheckIn(Number.NaN);
    }
  }

  /** Does what the controller asks for, where the online key has signed that for this very check-in. */
  private async obey(
    { requests, moved }: CheckInAnswer,
    { message, nonce }: PreparedRequest,
    { status, headers, body }: Incoming,
  ): Promise<void> {
    const fresh = this.asked.takeOn(requests);
    if (fresh.length === 0 && moved === undefined) return;
    const openKey = (keyid: string) => this.world.manifest.onlineKey(keyid);
    requireAnswer({ status, fields: headers }, body, { request: message, nonce, device: this.id, openKey });
    if (moved !== undefined) this.belong(moved);
    for (const request of fresh) this.asked.settle(request.id, await this.carryOut(request));
  }

  private async carryOut({ id, kind }: DeviceRequest): Promise<Outcome> {
    const { product } = this.world;
    try {
      await this.poll();
      const decision = this.decide(kind === "update");
      if (kind === "rollback") return await this.goBack(decision, id);
      const done = kind === "update" ? await this.follow(decision, id) : undefined;
      if (done !== undefined) return afterInstallation(done.to, done.ending);
      const said = withoutInstallation(product, this.version, decision);
      return kind === "look" ? { ...said, result: "done" } : said;
    } catch (error) {
      return { result: "failed", text: error instanceof Error ? error.message : String(error) };
    }
  }

  private async goBack(decision: Decision, request: string): Promise<Outcome> {
    if (decision.action === "paused") return withoutInstallation(this.world.product, this.version, decision);
    const way = wayBack(this.verified, this.software.memory);
    if ("refused" in way) return { result: "refused", text: way.refused };
    const ending = await this.install("rollback", way.to, { channel: undefined, request });
    return afterInstallation(way.to, ending);
  }

  private failCheckIn(retryAfter: number): void {
    this.checkInFailures++;
    const asked = Number.isFinite(retryAfter) ? retryAfter : undefined;
    const delay = backoffDelay(CHECK_IN_BACKOFF, this.checkInFailures, Math.random(), asked);
    this.checkInNotBefore = performance.now() + this.scaled(Math.max(1, delay)) * 1_000;
  }

  /** There is another manifest than the one that it has: it looks within so many seconds, once for each. */
  private lookFor(manifest: number | undefined, within: number): void {
    if (manifest === undefined || manifest <= Math.max(this.manifest?.version ?? 0, this.lookedFor)) return;
    this.lookedFor = manifest;
    this.nextLook = Math.min(this.nextLook, performance.now() + Math.random() * within * 1_000);
  }

  private openStream(signal: AbortSignal): void {
    const reconnect = {
      first: this.scaled(RECONNECT.first),
      base: this.scaled(RECONNECT.base),
      cap: this.scaled(RECONNECT.cap),
    };
    this.stream = new LookStream({
      server: `${this.world.url}/`,
      sign: (url) => this.signStream(url),
      known: () => this.manifest?.version,
      onLook: ({ manifest, within }) => {
        if (manifest === undefined) {
          this.checkInDue = true;
          this.checkInNotBefore = 0;
        } else this.lookFor(manifest, within);
        this.wake?.();
      },
      ...{ now, random: Math.random, signal, reconnect },
    });
  }

  private signStream(url: URL): Readonly<Record<string, string>> {
    this.world.traffic.count();
    return signRequest(
      { method: "GET", target: `${url.pathname}${url.search}`, repository: this.world.repository },
      { created: now(), keyid: this.id, nonce: randomBytes(18).toString("base64url") },
      (bytes) => this.client.key.sign(bytes),
    ).fields;
  }

  private send(
    kind: Kind,
    { method, target, headers, body }: PreparedRequest,
    due?: number,
  ): Promise<Incoming> {
    if (method !== "POST") throw new TypeError("devices post what they sign");
    const length = { "content-length": String(body.length) };
    return this.world.traffic.send(kind, { method, target, headers: { ...headers, ...length }, body }, due);
  }

  /** @param endsEarly for what the controller calls for */
  private async pause(seconds: number, endsEarly = true): Promise<void> {
    const { signal } = this.world;
    const woken = new AbortController();
    const end = (): void => woken.abort();
    if (endsEarly) this.wake = end;
    signal.addEventListener("abort", end);
    try {
      await sleep(seconds * 1_000, undefined, { signal: woken.signal });
    } catch {
      // Woken, or the world ends.
    } finally {
      signal.removeEventListener("abort", end);
      this.wake = undefined;
    }
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** Unverified: only whether it is worth verifying. */
function versionOf(timestamp: Buffer): number {
  const parsed: unknown = JSON.parse(timestamp.toString("utf8"));
  const version = member(member(parsed, "signed"), "version");
  if (typeof version !== "number") throw new Error("the timestamp has no version");
  return version;
}

/** Of a problem (RFC 9457). */
function codeOf(body: Buffer): string | undefined {
  try {
    const code = member(JSON.parse(body.toString("utf8")), "code");
    return typeof code === "string" ? code : undefined;
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
