import { findRelease } from "../../protocol/candidates.ts";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { BlockedVersion, Device } from "../../protocol/device.ts";
import { judgeGate } from "../../protocol/gate/judge-gate.ts";
import { chooseStrata, type StratumKey } from "../../protocol/gate/strata.ts";
import { type TalliedDevice, Tallies } from "../../protocol/gate/tallies.ts";
import type { ChannelPolicy } from "../../protocol/policy.ts";
import type { Release } from "../../protocol/release.ts";
import { own } from "../../protocol/scope.ts";
import { WHOLE_PPM } from "../../protocol/share.ts";
import { compareVersions } from "../../protocol/version.ts";
import { rolloutStart, spreadFor } from "../../protocol/waves.ts";
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

/** How long an update takes until it has proved healthy or failed, seconds. */
const PROOF = { min: 30, max: 330 } as const;
/** How long an agent leaves a version alone that failed on it, seconds. */
const BACKOFF = 86_400;
const SAMPLES = 100;

interface Agent {
  readonly device: Device;
  readonly counted: TalliedDevice;
  readonly failsOnVersion: boolean;
  /** Second of its first poll; the others follow at the interval. */
  readonly firstPoll: number;
  version: string | null;
  blocked: readonly BlockedVersion[];
  wasOffered: boolean;
  isMisfit: boolean;
  hasReported: boolean;
}

type Event =
  | { readonly kind: "poll"; readonly agent: Agent }
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
  private adopted = 0;
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
          help: `it has ${Object.keys(product.channels).join(", ")}`,
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
    this.tallies = new Tallies(this.platforms());
  }

  run(): SimulationResult {
    const { until } = this.request;
    this.countPolls();
    for (const agent of this.agents) {
      if (agent.firstPoll < until) this.events.add(agent.firstPoll, { kind: "poll", agent });
    }
    for (let next = this.events.take(); next !== undefined; next = this.events.take()) {
      if (next.at >= until) continue;
      this.sampleUpTo(next.at);
      if (next.event.kind === "poll") this.poll(next.event.agent, next.at);
      else this.prove(next.event.agent, next.event.version, next.at);
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
      adopted: this.adopted,
      failed: this.tallies.fleet.tally.failed,
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
    const { agents, offline, failureRates, pollInterval, until, seed } = this.request;
    const machines = this.machines();
    const installed = this.installedBefore();
    return Array.from({ length: agents }, (_, i) => {
      const { platform, facts } = machines[i % machines.length] ?? { platform: "" };
      const rate = failureRates.get(platform) ?? failureRates.get("*") ?? 0;
      const isAway = this.random.next() * WHOLE_PPM < offline;
      const returnsAt = isAway ? this.random.between(0, until) : 0;
      return {
        device: { id: `sim-${seed}-${i}`, platform, ...(facts === undefined ? {} : { facts }) },
        counted: { values: { platform } },
        failsOnVersion: this.random.next() * WHOLE_PPM < rate,
        firstPoll: returnsAt + this.random.between(0, pollInterval),
        version: installed,
        blocked: [],
        wasOffered: false,
        isMisfit: false,
        hasReported: false,
      };
    });
  }

  /** Each platform that takes part is tested by itself. */
  private platforms(): StratumKey[] {
    const sizes = new Map<string, number>();
    for (const { device } of this.agents) sizes.set(device.platform, (sizes.get(device.platform) ?? 0) + 1);
    return chooseStrata([...sizes].map(([value, devices]) => ({ dimension: "platform", value, devices })));
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
    const { releases, startsAt, version } = this.request;
    const installed = { version: agent.version };
    const local = { blocked: agent.blocked };
    const decision = decide(this.policy, releases, agent.device, installed, local, startsAt + at);
    if (decision.misfit?.target === version) agent.isMisfit = true;
    if (decision.action === "update" || decision.action === "rollback") {
      const [step] = decision.path;
      if (step === version && !agent.wasOffered) {
        agent.wasOffered = true;
        this.tallies.add(agent.counted, undefined, "underWay");
      }
      this.load.addDownload(at, this.sizeOf(step, agent.device.platform));
      this.events.add(at + this.random.between(PROOF.min, PROOF.max), {
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

  private sizeOf(version: string, platform: string): number {
    const artifacts = findRelease(this.request.releases, version)?.artifacts ?? [];
    return artifacts.find((artifact) => artifact.platform === platform)?.size ?? 0;
  }

  private prove(agent: Agent, version: string, at: number): void {
    const isTarget = version === this.target.version;
    const hasFailed = isTarget && agent.failsOnVersion;
    if (hasFailed) {
      const until = this.request.startsAt + at + BACKOFF;
      agent.blocked = [{ version, reason: "self-test-failed", until }];
    } else {
      agent.version = version;
    }
    if (isTarget && !hasFailed) this.adopted++;
    if (isTarget && !agent.hasReported) this.report(agent, hasFailed, at);
    this.events.add(this.pollAtOrAfter(agent, at + 1), { kind: "poll", agent });
  }

  private report(agent: Agent, hasFailed: boolean, at: number): void {
    agent.hasReported = true;
    this.tallies.add(agent.counted, "underWay", hasFailed ? "failed" : "confirmed");
    const gate = this.channel.rollout?.gate;
    if (gate === undefined || this.halt !== undefined) return;
    const { verdict, reason } = judgeGate(gate, this.tallies);
    if (verdict !== "halt") return;
    this.halt = {
      at,
      reason,
      exposed: this.tallies.fleet.tally.expected,
      failed: this.tallies.fleet.tally.failed,
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
      this.samples.push({ at: second, adopted: this.adopted, failed: this.tallies.fleet.tally.failed });
    }
  }
}
