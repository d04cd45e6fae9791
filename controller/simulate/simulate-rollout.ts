import { findRelease } from "../../protocol/candidates.ts";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import type { BlockedVersion, Device } from "../../protocol/device.ts";
import { formatDuration } from "../../protocol/duration.ts";
import { judgeGate } from "../../protocol/gate/judge-gate.ts";
import { nextStandingAt, type Standing, standingOf } from "../../protocol/gate/standing.ts";
import { chooseStrata, type Strata, testedValues } from "../../protocol/gate/strata.ts";
import { type TalliedDevice, Tallies } from "../../protocol/gate/tallies.ts";
import type { ChannelPolicy, Gate } from "../../protocol/policy.ts";
import type { Release, Releases } from "../../protocol/release.ts";
import { releasesForFormat } from "../../protocol/releases-for-format.ts";
import { own } from "../../protocol/scope.ts";
import { WHOLE_PPM } from "../../protocol/share.ts";
import { compareVersions } from "../../protocol/version.ts";
import { rolloutStart, spreadFor, turnOf } from "../../protocol/waves.ts";
import { nearestOrListed } from "../diagnostics/nearest-match.ts";
import { EventQueue } from "./event-queue.ts";
import { LoadMeter } from "./origin-load.ts";
import { policyEnds } from "./policy-ends.ts";
import { Sampler } from "./sampler.ts";
import { SeededRandom } from "./seeded-random.ts";
import { SimulateError } from "./simulate-error.ts";
import {
  type PassingHold,
  promoted,
  type Sample,
  type SimulatedHalt,
  type SimulatedMachine,
  type SimulatedWave,
  type SimulationRequest,
  type SimulationResult,
} from "./simulation.ts";
import { isPassing, isWait, type Reason, reasonOf, tallyWithheld, type WithheldAgent } from "./withheld.ts";

const SIMULATION_LIMITS = { agents: 1_000_000, until: 90 * 86_400 } as const;

/** How long an update takes until it has proved healthy, seconds. */
const CONFIRMS_AFTER = { min: 60, max: 360 } as const;
/** How long until it is seen to fail: sooner. */
const FAILS_AFTER = { min: 5, max: 60 } as const;
/** How long an agent leaves a version alone that failed on it, seconds. */
const BACKOFF = 86_400;
/** By which devices are counted where a channel has no gate; nothing is judged then. */
const NO_GATE: Gate = { maxFailure: WHOLE_PPM, minReports: 1 };

const NEXT_POLL: Reason = { cause: "next-poll", text: "nothing holds them: they ask next after the end" };
const UNDER_WAY: Reason = { cause: "under-way", text: "they are installing it at the end" };

interface Agent {
  readonly device: Device;
  /** As it sees them. */
  readonly releases: Releases;
  readonly counted: TalliedDevice;
  /** `silently`: it fails and nobody is told. */
  readonly failsOnVersion: false | "reported" | "silently";
  /** Second of its first poll; the others follow at the interval. */
  readonly firstPoll: number;
  version: string | null;
  blocked: readonly BlockedVersion[];
  /** Second at which the version was first offered to it. */
  offeredAt: number | undefined;
  outcome: "confirmed" | "failed" | undefined;
  standing: Standing | undefined;
  /** Why it did not take the version when it asked last. */
  holding: WithheldAgent | undefined;
}

type Standings = Omit<Sample, "at" | "allowed">;

type Event =
  | { readonly kind: "poll"; readonly agent: Agent }
  | { readonly kind: "silence"; readonly agent: Agent }
  | { readonly kind: "proof"; readonly agent: Agent; readonly version: string };

/**
 * Runs a promotion through a fleet of agents, event by event: each asks the real `decide` when it polls, and the real
 * gate judges each report. Only polls at which something can happen are events; the others only count as load.
 * Deterministic: time is simulated and every random number comes from the seed.
 *
 * @throws SimulateError
 */
export function simulateRollout(request: SimulationRequest): SimulationResult {
  return new Simulation(request).run();
}

class Simulation {
  private readonly request: SimulationRequest;
  private readonly target: Release;
  private readonly agents: readonly Agent[];
  private readonly events = new EventQueue<Event>();
  private readonly load: LoadMeter;
  private readonly random: SeededRandom;
  private readonly tallies: Tallies;
  private channel: ChannelPolicy;
  private policy: Policy;
  private halt: SimulatedHalt | undefined;
  /** Why the version stands halted in the real fleet. */
  private readonly ignoredHalt: string | undefined;
  private offered = 0;
  private adopted = 0;
  private failed = 0;
  /** One object for each reason, whichever number of agents has it. */
  private readonly reasons = new Map<string, Reason>();
  private readonly held = new Map<PassingHold, number>();
  /** Seconds after the promotion at which pauses and pins end by themselves. */
  private readonly ends: readonly number[];
  private readonly sampler = new Sampler<Standings>({ adopted: 0, failed: 0, held: {} });
  /** Whether the standings are others than the sampler knows. */
  private hasMoved = false;

  constructor(request: SimulationRequest) {
    const { product, channel, version, agents, until } = request;
    requireWithin(agents, SIMULATION_LIMITS.agents, `have ${agents} agents`, "from 1 to 1,000,000 agents");
    requireWithin(until, SIMULATION_LIMITS.until, `last ${formatDuration(until)}`, "from 1s to 90d");
    const before = own(product.channels, channel);
    if (before === undefined) {
      throw new SimulateError(
        "simulate/unknown-channel",
        `product \`${product.product}\` has no channel \`${channel}\``,
        {
          help: nearestOrListed(channel, Object.keys(product.channels)),
        },
      );
    }
    const target = findRelease(request.releases, version);
    if (target === undefined) {
      throw new SimulateError(
        "simulate/unknown-version",
        `product \`${product.product}\` has no version \`${version}\``,
        {
          help: nearestOrListed(
            version,
            request.releases.map((release) => release.version),
          ),
        },
      );
    }
    this.request = request;
    this.target = target;
    this.random = new SeededRandom(request.seed);
    this.load = new LoadMeter(until);
    this.channel = promoted(before, version, request.startsAt);
    this.ignoredHalt = before.current.version === version ? before.halted?.reason : undefined;
    this.policy = this.policyWith(this.channel);
    this.ends = policyEnds(this.policy.product, request.startsAt).map((end) => end - request.startsAt);
    this.requirePlatforms();
    this.agents = this.makeAgents();
    this.tallies = new Tallies(this.strata());
  }

  run(): SimulationResult {
    const { until, endsAtHalt = false } = this.request;
    this.countPolls();
    for (const agent of this.agents) {
      if (agent.firstPoll < until) this.events.add(agent.firstPoll, { kind: "poll", agent });
    }
    for (let next = this.events.take(); next !== undefined; next = this.events.take()) {
      if (next.at >= until) continue;
      const { event } = next;
      if (event.kind === "poll") this.poll(event.agent, next.at);
      else if (event.kind === "silence") this.count(event.agent, next.at);
      else this.prove(event.agent, event.version, next.at);
      if (this.halt !== undefined && endsAtHalt) break;
      if (this.hasMoved && !endsAtHalt) this.sampler.change(next.at, this.standings());
      this.hasMoved = false;
    }
    const turns = endsAtHalt ? [] : this.agents.map((agent) => this.turnOf(agent));
    const samples = endsAtHalt ? [] : this.samples(turns);
    const { product, channel, version, agents, seed, startsAt } = this.request;
    const gate = this.channel.rollout?.gate;
    const advance = this.advance();
    return {
      product: product.product,
      channel,
      version,
      agents,
      seed,
      until,
      startsAt,
      beginsAfter: this.beginsAfter(),
      waves: this.waves(),
      ...(advance === undefined ? {} : { advance }),
      ...(this.ignoredHalt === undefined ? {} : { ignoredHalt: this.ignoredHalt }),
      samples,
      ...(this.halt === undefined ? {} : { halt: this.halt }),
      ...(gate === undefined ? {} : { gate: judgeGate(gate, this.tallies) }),
      offered: this.offered,
      adopted: this.adopted,
      failed: this.failed,
      allowed: samples.at(-1)?.allowed ?? this.offered,
      passedWaves: turns.filter((turn, index) => (this.agents[index]?.offeredAt ?? turn) < turn).length,
      withheld: endsAtHalt ? [] : tallyWithheld(this.withheldAgents()),
      origin: this.load.summary(),
    };
  }

  private beginsAfter(): number {
    return rolloutStart(this.channel, this.channel.current).at - this.request.startsAt;
  }

  private waves(): SimulatedWave[] {
    const { rollout } = this.channel;
    if (rollout === undefined) return [];
    const begins = this.beginsAfter();
    return spreadFor(rollout, this.target.severity).waves.map(({ ppm, after }) => ({
      share: ppm,
      at: begins + after,
    }));
  }

  /** Second of its turn in the waves, without end where none reaches it. */
  private turnOf({ device }: Agent): number {
    const { version, severity } = this.target;
    const start = rolloutStart(this.channel, this.channel.current);
    const { at } = turnOf(
      this.channel.rollout,
      { release: { version, severity }, start },
      this.request.product.product,
      { id: device.id, groups: [] },
    );
    return at === undefined ? Number.POSITIVE_INFINITY : at - this.request.startsAt;
  }

  /** What opens the waves of the version in the real fleet, where that is not time. */
  private advance(): SimulationResult["advance"] {
    const { product, channel } = this.request;
    const rollout = own(product.channels, channel)?.rollout;
    if (rollout === undefined || spreadFor(rollout, this.target.severity) !== rollout) return undefined;
    return rollout.advance;
  }

  /** A misspelt platform would fail nowhere, and look like a good version. */
  private requirePlatforms(): void {
    const platforms = new Set(this.machines().map(({ platform }) => platform));
    for (const platform of this.request.failureRates.keys()) {
      if (platform === "*" || platforms.has(platform)) continue;
      throw new SimulateError("simulate/unknown-platform", `no device is a \`${platform}\``, {
        help: nearestOrListed(platform, [...platforms]),
      });
    }
  }

  private makeAgents(): Agent[] {
    const { agents, releases, offline, failureRates, silent = 0, pollInterval, until, seed } = this.request;
    const machines = this.machines();
    const installed = this.installedBefore();
    return Array.from({ length: agents }, (_, i) => {
      const { platform, format, facts } = machines[i % machines.length] ?? { platform: "" };
      const rate = failureRates.get(platform) ?? failureRates.get("*") ?? 0;
      const isAway = this.random.next() * WHOLE_PPM < offline;
      const returnsAt = isAway ? this.random.between(0, until) : 0;
      return {
        device: { id: `sim-${seed}-${i}`, platform, ...(facts === undefined ? {} : { facts }) },
        releases: releasesForFormat(releases, format),
        counted: { values: testedValues({ platform, ...(facts === undefined ? {} : { facts }) }) },
        failsOnVersion:
          this.random.next() * WHOLE_PPM >= rate
            ? false
            : this.random.next() * WHOLE_PPM < silent
              ? "silently"
              : "reported",
        firstPoll: returnsAt + this.random.between(0, pollInterval),
        version: installed,
        blocked: [],
        offeredAt: undefined,
        outcome: undefined,
        standing: undefined,
        holding: undefined,
      };
    });
  }

  /** Each platform, C library and operating system that takes part is tested by itself. */
  private strata(): Strata {
    const sizes = new Map<string, Map<string, number>>();
    for (const { counted } of this.agents) {
      for (const [dimension, value] of Object.entries(counted.values ?? {})) {
        const values = sizes.get(dimension) ?? new Map<string, number>();
        sizes.set(dimension, values.set(value, (values.get(value) ?? 0) + 1));
      }
    }
    return chooseStrata(
      [...sizes].flatMap(([dimension, values]) =>
        [...values].map(([value, devices]) => ({ dimension, value, devices })),
      ),
    );
  }

  private machines(): readonly SimulatedMachine[] {
    const { machines } = this.request;
    if (machines !== undefined) return machines;
    return [...new Set(this.target.artifacts.map(({ platform }) => platform))]
      .sort()
      .map((platform) => ({ platform }));
  }

  /** The newest older version that the channel had; the fleet runs it when the promotion comes. */
  private installedBefore(): string | null {
    const scheme = this.request.product.versionScheme;
    const older = this.channel.previous.find(
      ({ version }) => compareVersions(scheme, version, this.target.version) < 0,
    );
    return older?.version ?? null;
  }

  /** The devices follow the channel as those of no tenant do. */
  private policyWith(channel: ChannelPolicy): Policy {
    const { product, channel: name } = this.request;
    return {
      product: {
        ...product,
        fleet: { ...product.fleet, defaultChannel: name },
        channels: { ...product.channels, [name]: channel },
      },
    };
  }

  private countPolls(): void {
    const { until, pollInterval } = this.request;
    for (const { firstPoll } of this.agents) if (firstPoll < until) this.load.addChange(firstPoll);
    this.load.addPolls(
      this.agents.map(({ firstPoll }) => firstPoll),
      pollInterval,
    );
  }

  private poll(agent: Agent, at: number): void {
    const { startsAt, version } = this.request;
    const decision = this.decide(agent, startsAt + at);
    this.hold(agent, at, agent.outcome === undefined ? decision : undefined);
    if (decision.action === "update" || decision.action === "rollback") {
      const [step] = decision.path;
      if (step === version && agent.offeredAt === undefined) {
        agent.offeredAt = at;
        this.offered++;
        this.count(agent, at);
      }
      this.load.addDownload(at, sizeOf(agent, step));
      const fails = step === version && agent.failsOnVersion !== false;
      const { min, max } = fails ? FAILS_AFTER : CONFIRMS_AFTER;
      this.events.add(at + this.random.between(min, max), {
        kind: "proof",
        agent,
        version: step,
      });
    } else if (agent.version !== version) {
      const next = this.nextAsk(decision, at);
      if (next !== undefined) this.events.add(this.pollAtOrAfter(agent, next), { kind: "poll", agent });
    }
  }

  /** Notes why an agent does not take the version; `undefined`: nothing keeps it from it any more. */
  private hold(agent: Agent, at: number, decision: Decision | undefined): void {
    const before = agent.holding?.reason.cause;
    agent.holding = decision && this.holdingOf(decision, at);
    const now = agent.holding?.reason.cause;
    if (before === now) return;
    if (isPassing(before)) this.held.set(before, (this.held.get(before) ?? 0) - 1);
    if (isPassing(now)) this.held.set(now, (this.held.get(now) ?? 0) + 1);
    this.hasMoved ||= isPassing(before) || isPassing(now);
  }

  private holdingOf(decision: Decision, at: number): WithheldAgent | undefined {
    const { channel, version } = this.request;
    const said = reasonOf(decision, channel, version);
    if (said === undefined) return undefined;
    const key = `${said.cause} ${said.text}`;
    const reason = this.reasons.get(key) ?? said;
    this.reasons.set(key, reason);
    const next = this.nextAsk(decision, at);
    return next === undefined ? { reason } : { reason, next };
  }

  /** Second from which a decision may be another one; `undefined`: never, as far as is known. */
  private nextAsk(decision: Decision, at: number): number | undefined {
    return decision.action === "wait" && decision.eligibleAt !== undefined
      ? decision.eligibleAt - this.request.startsAt
      : this.ends.find((end) => end > at);
  }

  /** Why everybody else neither adopted the version nor failed on it. */
  private *withheldAgents(): Generator<WithheldAgent> {
    for (const agent of this.agents) {
      if (agent.outcome === undefined) yield this.whyWithheld(agent);
    }
  }

  private whyWithheld(agent: Agent): WithheldAgent {
    const { until, startsAt } = this.request;
    if (agent.firstPoll >= until) return { reason: NEXT_POLL };
    if (agent.holding === undefined) return { reason: UNDER_WAY };
    const { reason, next } = agent.holding;
    if (this.halt !== undefined && isWait(reason.cause)) {
      return { reason: { cause: "halt", text: `${this.target.version} is halted: ${this.halt.reason}` } };
    }
    if (next === undefined || next >= until) return agent.holding;
    // It asks again after the end only; by then something else may hold it.
    return this.holdingOf(this.decide(agent, startsAt + until - 1), until - 1) ?? { reason: NEXT_POLL };
  }

  private decide({ version, blocked, releases, device }: Agent, now: number): Decision {
    return decide(this.policy, releases, device, { version }, { blocked }, now);
  }

  private pollAtOrAfter({ firstPoll }: Agent, at: number): number {
    const { pollInterval } = this.request;
    return firstPoll + Math.max(0, Math.ceil((at - firstPoll) / pollInterval)) * pollInterval;
  }

  private prove(agent: Agent, version: string, at: number): void {
    const isTarget = version === this.target.version;
    const hasFailed = isTarget && agent.failsOnVersion !== false;
    if (hasFailed) {
      const until = this.request.startsAt + at + BACKOFF;
      agent.blocked = [{ version, reason: "self-test-failed", until }];
    } else {
      agent.version = version;
    }
    if (isTarget && agent.outcome === undefined) {
      agent.outcome = hasFailed ? "failed" : "confirmed";
      if (hasFailed) this.failed++;
      else this.adopted++;
      this.hasMoved = true;
      if (agent.failsOnVersion !== "silently") this.count(agent, at);
    }
    this.events.add(this.pollAtOrAfter(agent, at + 1), { kind: "poll", agent });
  }

  /** Counts a device as it stands now, and has the gate judge. */
  private count(agent: Agent, at: number): void {
    const gate = this.channel.rollout?.gate ?? NO_GATE;
    const { device, offeredAt = at, outcome } = agent;
    const isSaid = outcome !== undefined && agent.failsOnVersion !== "silently";
    const report = isSaid ? { device: device.id, outcome, cause: "self-test-failed", at } : undefined;
    const standing = standingOf(gate, report, offeredAt, at);
    this.tallies.add(agent.counted, agent.standing, standing);
    agent.standing = standing;
    const silence = isSaid ? undefined : nextStandingAt(gate, offeredAt, at);
    // A device that will speak does so within minutes; only of the others it matters how long they are silent.
    if (silence !== undefined && agent.failsOnVersion === "silently") {
      this.events.add(silence, { kind: "silence", agent });
    }
    // An offer or a confirmation only takes evidence away.
    if (standing !== "underWay" && standing !== "confirmed") this.judge(at);
  }

  private judge(at: number): void {
    const gate = this.channel.rollout?.gate;
    if (gate === undefined || this.halt !== undefined) return;
    const { verdict, reason, stratum } = judgeGate(gate, this.tallies);
    if (verdict !== "halt") return;
    this.halt = {
      at,
      reason,
      ...(stratum === undefined ? {} : { stratum }),
      exposed: this.offered,
      failed: this.failed,
    };
    this.channel = { ...this.channel, halted: { reason, at: this.request.startsAt + at } };
    this.policy = this.policyWith(this.channel);
    this.countHalt(at);
  }

  /** Counts the load of a halt: every agent fetches the changed manifest at its next poll. */
  private countHalt(at: number): void {
    for (const agent of this.agents) {
      const next = this.pollAtOrAfter(agent, at + 1);
      if (next < this.request.until && next > agent.firstPoll) this.load.addChange(next);
    }
  }

  private standings(): Standings {
    const held = Object.fromEntries([...this.held].filter(([, agents]) => agents > 0));
    return { adopted: this.adopted, failed: this.failed, held };
  }

  /** @param turns of all agents, in their order */
  private samples(turns: readonly number[]): Sample[] {
    const { until } = this.request;
    const opens = Float64Array.from(turns, (turn, index) =>
      Math.min(turn, this.agents[index]?.offeredAt ?? Number.POSITIVE_INFINITY),
    ).sort();
    const last = this.halt?.at ?? opens.findLast((second) => second < until) ?? 0;
    let open = 0;
    return this.sampler.end(last, until).map(({ at, value }) => {
      while ((opens[open] ?? Number.POSITIVE_INFINITY) <= at) open++;
      const isHalted = this.halt !== undefined && this.halt.at <= at;
      return { at, allowed: isHalted ? this.offered : open, ...value };
    });
  }
}

function requireWithin(value: number, most: number, asked: string, limits: string): void {
  if (value >= 1 && value <= most) return;
  throw new SimulateError("simulate/too-large", `a simulation cannot ${asked}`, {
    help: `choose ${limits}`,
  });
}

function sizeOf({ releases, device }: Agent, version: string): number {
  const artifacts = findRelease(releases, version)?.artifacts ?? [];
  return artifacts.find(({ platform }) => platform === device.platform)?.size ?? 0;
}
