import { applyOverlaysTo } from "../../controller/desired/apply-overlays.ts";
import type { Overlay } from "../../controller/desired/overlay.ts";
import { decideProducts } from "../../controller/fleet/decide-products.ts";
import { judgeAttempts } from "../../controller/fleet/judge-attempts.ts";
import type { ServedPolicy } from "../../controller/fleet/served-policy.ts";
import type { FleetStore } from "../../controller/fleet/store/fleet-store.ts";
import type { RolloutRecord } from "../../controller/fleet/store/records.ts";
import { RolloutLoop } from "../../controller/rollout/rollout-loop.ts";
import { findRelease } from "../../protocol/candidates.ts";
import type { Attempt } from "../../protocol/check-in/attempt.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import type { FailureCause } from "../../protocol/gate/failure-causes.ts";
import type { ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import type { Release, Releases } from "../../protocol/release.ts";
import type { Facts } from "../../protocol/requirements.ts";

/** One machine of a fleet that is played. */
export interface StagedMachine {
  readonly id: string;
  readonly tenant: string;
  readonly site: string;
  readonly platform: string;
  readonly facts: Facts;
  readonly labels?: Readonly<Record<string, string>>;
  version: string;
}

export interface StagedFailure {
  readonly cause: FailureCause;
  readonly message: string;
}

interface StagedParts {
  readonly store: FleetStore;
  /** As git says it. */
  policy: ProductPolicy;
  readonly releases: Releases;
  readonly tenants: ReadonlyMap<string, TenantPolicy>;
  /** Why a version fails on a machine; `undefined`: it does not. */
  readonly fails: (machine: StagedMachine, version: string) => StagedFailure | undefined;
  /** Seconds since 1970 at which it begins. */
  readonly start: number;
}

/**
 * A fleet in minutes instead of days: the real store, `decide`, and the gate's loop, over a clock that the test moves.
 * Machines take what they are offered at their next check-in, and say how it went at the one after.
 */
export class StagedFleet {
  now: number;
  private readonly parts: StagedParts;
  private readonly machines: StagedMachine[] = [];
  private readonly pending = new Map<string, Attempt>();
  private readonly tried = new Set<string>();
  private readonly loop: RolloutLoop;
  private overlays: readonly Overlay[] = [];
  private sequence = 0;
  private looked = Promise.withResolvers<readonly RolloutRecord[]>();

  constructor(parts: StagedParts) {
    this.parts = parts;
    this.now = parts.start;
    this.loop = new RolloutLoop({
      store: parts.store,
      publishOverlays: (overlays) => {
        this.overlays = overlays;
      },
      ask: async () => ({ kind: "pass", text: "fine" }),
      report: {
        changed: () => undefined,
        added: () => undefined,
        ended: () => undefined,
        recovered: () => undefined,
        standing: (records) => this.looked.resolve(records),
        failed: (error) => this.looked.reject(error),
      },
      now: () => this.now,
    });
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** What agents get: git's policy with what the gate added. */
  get served(): ProductPolicy {
    return applyOverlaysTo(this.parts.policy, this.overlays, undefined);
  }

  /** A commit. */
  commit(change: (policy: ProductPolicy) => ProductPolicy): void {
    this.parts.policy = change(this.parts.policy);
  }

  async enrol(machines: readonly StagedMachine[]): Promise<void> {
    const { store } = this.parts;
    for (const machine of machines) {
      const token = sha256Hex(`${machine.id} token`);
      const labels = machine.labels ?? {};
      await store.tokens.create(
        {
          id: token.slice(0, 12),
          tenant: machine.tenant,
          site: machine.site,
          labels,
          createdAt: this.now,
          expiresAt: this.now + 100,
          usesLeft: 1,
        },
        token,
        { name: "setup", from: "test" },
      );
      const { id, platform, facts } = machine;
      await store.devices.enrol({
        ...{ id, platform, facts, publicKey: sha256Hex(id), agentVersion: "1.0.0", address: null },
        by: { kind: "token", tokenDigest: token },
        now: this.now,
      });
      this.machines.push(machine);
    }
  }

  /** Time goes on; then so many machines check in, one after the other over all of them, and the gate looks. */
  async pass(seconds: number, checkIns = this.machines.length): Promise<RolloutRecord[]> {
    this.now += seconds;
    const from = this.sequence;
    const { length } = this.machines;
    const some = Array.from({ length: checkIns }, (_, index) => this.machines[(from + index) % length]);
    const policy = this.policy();
    for (let first = 0; first < some.length; first += 256) {
      await Promise.all(
        some.slice(first, first + 256).map((machine) => machine && this.checkIn(machine, policy)),
      );
    }
    return this.look();
  }

  private async look(): Promise<RolloutRecord[]> {
    this.looked = Promise.withResolvers();
    const policy = this.served;
    const { releases } = this.parts;
    const product = { policy, findRelease: (version: string) => findRelease(releases, version) };
    this.loop.takeManifest(new Map([[policy.product, product]]));
    return [...(await this.looked.promise)];
  }

  private policy(): ServedPolicy {
    const policy = this.served;
    return {
      repository: "",
      version: 1,
      products: new Map([[policy.product, { policy, releases: this.parts.releases }]]),
      tenants: this.parts.tenants,
      earlier: [],
    };
  }

  private async checkIn(machine: StagedMachine, policy: ServedPolicy): Promise<void> {
    const { store } = this.parts;
    const { product } = this.parts.policy;
    const { id, platform, facts, tenant, site, labels = {} } = machine;
    const { now } = this;
    const waiting = this.pending.get(id);
    this.pending.delete(id);
    if (waiting?.outcome === "confirmed") machine.version = waiting.to;
    this.sequence++;
    const checkIn = {
      schemaVersion: 1,
      sequence: this.sequence,
      clock: now,
      agentVersion: "1.0.0",
      ...{ platform, facts },
      products: [
        {
          product,
          format: "binary",
          installed: { version: machine.version, digest: sha256Hex(machine.version) },
          journal: "idle",
          blocked: [],
        },
      ],
      attempts: waiting === undefined ? [] : [waiting],
      handled: [],
    } as const;
    const verdicts = decideProducts(policy, { id, tenant, site, labels }, checkIn, now);
    await store.checkIns.record({
      device: id,
      keyGeneration: 1,
      checkIn,
      address: null,
      now,
      decisions: verdicts.map(({ recorded }) => recorded),
      judged: judgeAttempts(policy, checkIn.attempts, () => verdicts[0]?.recorded.channel ?? null),
    });
    const decision = verdicts[0]?.decision;
    if (decision?.action !== "update" && decision?.action !== "rollback") return;
    this.install(machine, decision.path[0] ?? decision.target);
  }

  private install(machine: StagedMachine, to: string): void {
    const { id, version: from } = machine;
    const { now, parts } = this;
    const failure = parts.fails(machine, to);
    const key = `${id} ${to}`;
    // A version that failed is not tried again here.
    if (failure !== undefined && this.tried.has(key)) return;
    this.tried.add(key);
    this.pending.set(id, {
      id: sha256Hex(`${key} at ${now}`).slice(0, 32),
      product: parts.policy.product,
      kind: "update",
      ...{ from, to, toDigest: sha256Hex(to), startedAt: now, endedAt: now + 1 },
      ...(failure === undefined
        ? { step: "confirmed", outcome: "confirmed" }
        : { step: "staged", outcome: "failed", ...failure }),
    });
  }
}

/** A release for these platforms. */
export function stagedRelease(
  version: string,
  platforms: readonly string[],
  more: Partial<Release> = {},
): Release {
  return {
    version,
    active: true,
    severity: "normal",
    artifacts: platforms.map((platform) => ({
      platform,
      format: "binary",
      target: `releases/lantern/${version}/${platform}/agent`,
      size: 10,
      sha256: sha256Hex(`${version} ${platform}`),
    })),
    ...more,
  };
}
