import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { CHECK_IN_BACKOFF, LOOK_SPREAD } from "../agent/daemon/check-in-turns.ts";
import { applyDelay, type PollResult, pollDelay, wakeDelay } from "../agent/daemon/poll-delay.ts";
import { backoffDelay } from "../agent/fetch/backoff.ts";
import { LookStream } from "../agent/push/look-stream.ts";
import type { Attempt } from "../protocol/check-in/attempt.ts";
import { MOST_ATTEMPTS } from "../protocol/check-in/check-in.ts";
import { readCheckInAnswer } from "../protocol/check-in/read-check-in-answer.ts";
import { readEnrolmentAnswer } from "../protocol/check-in/read-enrolment.ts";
import { decide } from "../protocol/decide.ts";
import type { Decision } from "../protocol/decision.ts";
import type { BlockedVersion } from "../protocol/device.ts";
import { signRequest } from "../protocol/http-signatures/request-signature.ts";
import type { Facts } from "../protocol/requirements.ts";
import { type ClientKey, DeviceClient, type PreparedRequest } from "../test/support/device-client.ts";
import { PRODUCT } from "./fleet-state.ts";
import { MODEL_INTERVAL, type Play } from "./play.ts";
import type { Incoming, Kind } from "./traffic.ts";
import type { Manifest } from "./verified-manifest.ts";

const CHANNEL = "stable";
/** Seconds of the fleet's own time that an installation takes, at most. */
const INSTALLATION = 120;
/** Seconds, as agents have them, of the fleet's own time. */
const RECONNECT = { first: 5, base: 60, cap: 1_800 };
const DAY = 86_400;

export interface DeviceMachine {
  readonly platform: string;
  readonly facts: Facts;
}

/**
 * One machine: everything but its disk is real. It polls with a condition, decides by `decide`, checks in with its key's
 * signature, holds a stream and waits as an agent waits, in a time that goes faster by one factor for the whole fleet.
 */
export class SimulatedDevice {
  readonly id: string;
  readonly machine: DeviceMachine;
  version = "1.0.0";
  private readonly play: Play;
  private readonly client: DeviceClient;
  private placement: { readonly tenant: string; readonly site?: string } | undefined;
  private etag: string | undefined;
  private manifest: Manifest | undefined;
  private lastCheckAt: number | undefined;
  private decision: Decision | undefined;
  private blocked: BlockedVersion[] = [];
  private attempts: Attempt[] = [];
  private lookFailures = 0;
  private checkInFailures = 0;
  private checkInDue = false;
  private checkInNotBefore = 0;
  private lookedFor = 0;
  private nextLook = 0;
  private wake: (() => void) | undefined;
  private stream: LookStream | undefined;

  constructor(play: Play, key: ClientKey, machine: DeviceMachine) {
    this.play = play;
    this.client = new DeviceClient({ url: play.url, repository: play.repository }, key);
    this.client.platform = machine.platform;
    this.id = this.client.id;
    this.machine = machine;
  }

  get hasStream(): boolean {
    return this.stream?.isOpen === true;
  }

  /** Of the manifest that it has verified last; 0: none yet. */
  get manifestVersion(): number {
    return this.manifest?.version ?? 0;
  }

  /** Attempts that wait to be acknowledged. */
  get waiting(): number {
    return this.attempts.length;
  }

  /** @throws Error unless it is enrolled */
  async enrol(token: string): Promise<void> {
    const { status, body } = await this.send(
      "enrolment",
      this.client.prepareEnrolment(token, this.machine.facts),
    );
    if (status !== 201) throw new Error(`${this.id} was not enrolled: ${status} ${body}`);
    const { tenant, site } = readEnrolmentAnswer(body);
    if (tenant === undefined) throw new Error(`${this.id} was enrolled in no tenant`);
    this.play.manifest.addTenant(tenant.name, tenant.key);
    this.placement = { tenant: tenant.name, ...(site === undefined ? {} : { site }) };
  }

  /** Lives until the play ends. @param after seconds before the first poll */
  async live(after: number): Promise<void> {
    const { signal } = this.play;
    await this.pause(after);
    this.openStream();
    while (!signal.aborted) {
      this.nextLook = performance.now() + (await this.look()) * 1_000;
      this.checkInDue = true;
      while (!signal.aborted && performance.now() < this.nextLook) {
        if (this.checkInDue && performance.now() >= this.checkInNotBefore) await this.checkIn();
        const until = this.checkInDue ? Math.min(this.nextLook, this.checkInNotBefore) : this.nextLook;
        await this.pause(Math.max(0, until - performance.now()) / 1_000);
      }
    }
  }

  /** Seconds of this run for so many of the fleet's own time. */
  private scaled(seconds: number): number {
    return (seconds * this.play.settings.interval) / MODEL_INTERVAL;
  }

  /** @returns seconds until the next */
  private async look(): Promise<number> {
    const { interval } = this.play.settings;
    let result: PollResult = { kind: "fine" };
    try {
      await this.poll();
      if (this.decideNow().action === "update") {
        await this.pause(applyDelay(interval, Math.random()), false);
        if (this.play.signal.aborted) return 0;
        await this.poll();
        await this.install(this.decideNow());
      }
      this.lastCheckAt = now();
      this.lookFailures = 0;
    } catch {
      result = { kind: "failed", failures: ++this.lookFailures };
    }
    const delay = this.scaled(pollDelay(MODEL_INTERVAL, result, Math.random()));
    const eligibleAt = this.decision?.action === "wait" ? this.decision.eligibleAt : undefined;
    return result.kind === "failed" ? delay : wakeDelay(delay, interval, eligibleAt, now(), Math.random());
  }

  private async poll(): Promise<void> {
    const { status, headers, body } = await this.play.traffic.send("poll", {
      method: "GET",
      target: "/tuf/timestamp.json",
      headers: this.etag === undefined ? {} : { "if-none-match": this.etag },
    });
    if (status === 304) return;
    if (status !== 200) throw new Error(`the timestamp was answered ${status}`);
    this.manifest = await this.play.manifest.atLeast(versionOf(body));
    this.etag = headers.etag;
  }

  private decideNow(): Decision {
    const { manifest, placement } = this;
    if (manifest === undefined || placement === undefined) throw new Error("nothing was verified yet");
    const tenant = manifest.tenants.get(placement.tenant);
    const { platform, facts } = this.machine;
    this.decision = decide(
      tenant === undefined ? { product: manifest.policy } : { product: manifest.policy, tenant },
      manifest.releases,
      { id: this.id, platform, facts, ...placement },
      { version: this.version },
      {
        blocked: this.blocked,
        ...(this.lastCheckAt === undefined ? {} : { lastCheckAt: this.lastCheckAt }),
      },
      now(),
    );
    return this.decision;
  }

  private async install(decision: Decision): Promise<void> {
    const { play, manifest, version: from } = this;
    if (decision.action !== "update" || manifest === undefined) return;
    const [to] = decision.path;
    const channel = manifest.policy.channels[CHANNEL];
    if (channel !== undefined) play.log.begins(this.id, to, channel, play.settings.wave);
    const startedAt = now();
    await this.pause(this.scaled(INSTALLATION * Math.random()), false);
    const isBad = play.fails(to, this.id, this.machine.platform);
    this.attempts.push({
      ...{ id: randomBytes(16).toString("hex"), product: PRODUCT, kind: "update", from, to },
      ...{ toDigest: digestOf(to), startedAt, endedAt: now() },
      ...(isBad
        ? {
            ...{ step: "staged", outcome: "failed", cause: "self-test-failed" },
            ...{ code: "install/self-test-failed", message: `the self-test of ${this.id} ended with 139` },
          }
        : { step: "confirmed", outcome: "confirmed" }),
    });
    if (isBad) this.blocked.push({ version: to, reason: "its self-test failed", until: now() + DAY });
    else {
      this.version = to;
      play.log.confirms(this.id, to);
    }
  }

  private async checkIn(): Promise<void> {
    const { log, settings } = this.play;
    const sent = this.attempts.slice(0, MOST_ATTEMPTS);
    try {
      const { status, headers, body } = await this.send(
        "check-in",
        this.client.prepareCheckIn({
          facts: this.machine.facts,
          attempts: sent,
          products: [
            {
              ...{ product: PRODUCT, format: "binary", journal: "idle", blocked: this.blocked },
              installed: { version: this.version, digest: digestOf(this.version) },
              ...(this.manifest === undefined ? {} : { manifest: this.manifest.version }),
            },
          ],
        }),
      );
      if (status !== 200) {
        log.refusedCheckIns++;
        this.failCheckIn(Number(headers["retry-after"]));
        return;
      }
      const { acknowledged, manifest } = readCheckInAnswer(body);
      const known = new Set(acknowledged);
      for (const { id, to, outcome } of sent.filter((attempt) => known.has(attempt.id))) {
        log.acknowledged.set(id, { device: this.id, to, ok: outcome === "confirmed" });
      }
      this.attempts = this.attempts.filter(({ id }) => !known.has(id));
      log.checkIns++;
      this.checkInFailures = 0;
      this.checkInNotBefore = 0;
      this.checkInDue = this.attempts.length > 0;
      this.lookFor(manifest, Math.min(this.scaled(LOOK_SPREAD), settings.interval));
    } catch {
      this.failCheckIn(Number.NaN);
    }
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

  private openStream(): void {
    const { play } = this;
    const reconnect = {
      first: this.scaled(RECONNECT.first),
      base: this.scaled(RECONNECT.base),
      cap: this.scaled(RECONNECT.cap),
    };
    this.stream = new LookStream({
      server: `${play.url}/`,
      sign: (url) => this.signStream(url),
      known: () => this.manifest?.version,
      onLook: ({ manifest, within }) => {
        if (manifest === undefined) {
          this.checkInDue = true;
          this.checkInNotBefore = 0;
        } else this.lookFor(manifest, within);
        this.wake?.();
      },
      ...{ now, random: Math.random, signal: play.signal, reconnect },
    });
  }

  private signStream(url: URL): Readonly<Record<string, string>> {
    this.play.traffic.count();
    return signRequest(
      { method: "GET", target: `${url.pathname}${url.search}`, repository: this.play.repository },
      { created: now(), keyid: this.id, nonce: randomBytes(18).toString("base64url") },
      (bytes) => this.client.key.sign(bytes),
    ).fields;
  }

  private send(kind: Kind, { method, target, headers, body }: PreparedRequest): Promise<Incoming> {
    if (method !== "POST") throw new TypeError("devices post what they sign");
    const length = { "content-length": String(body.length) };
    return this.play.traffic.send(kind, { method, target, headers: { ...headers, ...length }, body });
  }

  /** @param endsEarly for what the controller calls for */
  private async pause(seconds: number, endsEarly = true): Promise<void> {
    const { signal } = this.play;
    const woken = new AbortController();
    const end = (): void => woken.abort();
    if (endsEarly) this.wake = end;
    signal.addEventListener("abort", end);
    try {
      await sleep(seconds * 1_000, undefined, { signal: woken.signal });
    } catch {
      // Woken, or the play ends.
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

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function digestOf(version: string): string {
  return Buffer.from(version.padEnd(32)).toString("hex");
}
