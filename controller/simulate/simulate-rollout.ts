import { findRelease } from "../../protocol/candidates.ts";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { BlockedVersion, Device } from "../../protocol/device.ts";
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
import { rolloutStart, spreadFor } from "../../protocol/waves.ts";
import { nearestOrListed } from "../diagnostics/nearest-match.ts";
import { EventQueue } from "./event-queue.ts";
import { LoadMeter } from "./origin-load.ts";
import { SeededRandom } from "./seeded-random.ts";
import { SimulateError } from "./simulate-error.ts";
import {
  promoted,
  type Sample,
  type SimulatedHalt,
  type SimulatedMachine,
  type SimulationRequest,
  type SimulationResult,
} from "./simulation.ts";

const SIMULATION_LIMITS = { agents: 1_000_000, until: 90 * 86_400 } as const;

/** How long an update takes until it has proved healthy, seconds. */
const CONFIRMS_AFTER = { min: 60, max: 360 } as const;
/** How long until it is seen to fail: sooner. */
const FAILS_AFTER = { min: 5, max: 60 } as const;
/** How long an agent leaves a version alone that failed on it, seconds. */
const BACKOFF = 86_400;
const SAMPLES = 100;
/** By which devices are counted where a channel has no gate; nothing is judged then. */
const NO_GATE: Gate = { maxFailure: WHOLE_PPM, minReports: 1 };

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
  isMisfit: boolean;
}

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
  private offered = 0;
  private adopted = 0;
  private failed = 0;
  private readonly staying = new Map<string, number>();
  private readonly samples: Sample[] = [];

  constructor(request: SimulationRequest) {
    const { product, channel, version, agents, until } = request;
    if (agents < 1 || agents > SIMULATION_LIMITS.agents || until < 1 || until > SIMULATION_LIMITS.until) {
      throw new SimulateError(
        "simulate/too-large",
        "the simulation has no agents or no time, or too much of them",
        {
          help: `at most ${SIMULATION_LIMITS.agents} agents for ${SIMULATION_LIMITS.until / 86_400} days`,
        },
      );
    }
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
          help: `it has ${request.releases.map((release) => release.version).join(", ")}`,
        },
      );
    }
    this.request = request;
    this.target = target;
    this.random = new SeededRandom(request.seed);
    this.load = new LoadMeter(until);
    this.channel = promoted(before, version, request.startsAt);
    this.policy = this.policyWith(this.channel);
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
      this.sampleUpTo(next.at);
      const { event } = next;
      if (event.kind === "poll") this.poll(event.agent, next.at);
      else if (event.kind === "silence") this.count(event.agent, next.at);
      else this.prove(event.agent, event.version, next.at);
      if (this.halt !== undefined && endsAtHalt) break;
    }
    this.sampleUpTo(until);
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
      beginsAfter: rolloutStart(this.channel, this.channel.current).at - startsAt,
      ...(advance === undefined ? {} : { advance }),
      samples: this.samples,
      ...(this.halt === undefined ? {} : { halt: this.halt }),
      ...(gate === undefined ? {} : { gate: judgeGate(gate, this.tallies) }),
      offered: this.offered,
      adopted: this.adopted,
      failed: this.failed,
      staying: [...this.staying]
        .map(([reason, count]) => ({ reason, agents: count }))
        .sort((a, b) => b.agents - a.agents || (a.reason < b.reason ? -1 : 1)),
      misfits: this.agents.filter(({ isMisfit }) => isMisfit).length,
      origin: this.load.summary(),
    };
  }

  /** What opens the waves of the version in the real fleet, where that is not time. */
  private advance(): SimulationResult["advance"] {
    const { product, channel } = this.request;
    const rollout = own(product.channels, channel)?.rollout;
    if (rollout === undefined || spreadFor(rollout, this.target.severity) !== rollout) return undefined;
    return rollout.advance;
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
        isMisfit: false,
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
    const installed = { version: agent.version };
    const local = { blocked: agent.blocked };
    const decision = decide(this.policy, agent.releases, agent.device, installed, local, startsAt + at);
    if (decision.misfit?.target === version) agent.isMisfit = true;
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
    } else if (decision.action === "wait" && decision.eligibleAt !== undefined) {
      this.events.add(this.pollAtOrAfter(agent, decision.eligibleAt - startsAt), { kind: "poll", agent });
    } else if (decision.action !== "wait" && agent.version !== version) {
      const rule = decision.action === "stay" ? "target" : decision.trail.at(-1)?.rule;
      const reason = decision.trail.findLast((spoke) => spoke.rule === rule)?.text ?? decision.action;
      this.staying.set(reason, (this.staying.get(reason) ?? 0) + 1);
    }
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

  private sampleUpTo(at: number): void {
    const step = this.request.until / SAMPLES;
    while (this.samples.length <= SAMPLES && this.samples.length * step <= at) {
      const second = Math.round(this.samples.length * step);
      this.samples.push({ at: second, adopted: this.adopted, failed: this.failed });
    }
  }
}

function sizeOf({ releases, device }: Agent, version: string): number {
  const artifacts = findRelease(releases, version)?.artifacts ?? [];
  return artifacts.find(({ platform }) => platform === device.platform)?.size ?? 0;
}
