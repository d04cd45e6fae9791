import type { FleetStore } from "../../controller/fleet/store/fleet-store.ts";
import { decide } from "../../protocol/decide.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import type { FailureCause } from "../../protocol/gate/failure-causes.ts";
import type { ProductPolicy } from "../../protocol/policy.ts";
import type { Releases } from "../../protocol/release.ts";
import type { Facts } from "../../protocol/requirements.ts";

/** What agents get of each product. */
export type ServedReleases = ReadonlyMap<
  string,
  { readonly policy: ProductPolicy; readonly releases: Releases }
>;

/** How an update goes on a device; `silent`: it takes the offer and is not heard of again. */
export type Outcome = "confirmed" | FailureCause | "silent";

interface SimulatedDevice {
  readonly id: string;
  readonly platform: string;
  readonly tenant: string;
  readonly facts: Facts | null;
  version: string;
  sequence: number;
  /** What it was offered and has not tried. */
  offered: string | undefined;
  readonly failed: Set<string>;
  isSilent: boolean;
}

const CLI = { name: "test", from: "cli" };

/** Devices as the store knows them: enrolled, and heard of in check-ins that `decide` has judged. */
export class SimulatedFleet {
  readonly devices: SimulatedDevice[] = [];
  private readonly open: () => FleetStore;
  private readonly product: string;
  private attempts = 0;

  /** @param open the store as it is open now: it may be opened again under it */
  constructor(open: () => FleetStore, product = "agent") {
    this.open = open;
    this.product = product;
  }

  private get store(): FleetStore {
    return this.open();
  }

  async enrol(
    count: number,
    platform: string,
    tenant: string,
    version: string,
    now: number,
    facts: Facts | null = null,
  ): Promise<void> {
    const digest = sha256Hex(`token ${this.devices.length}`);
    const token = { id: digest.slice(0, 8), tenant, site: null, labels: {} };
    await this.store.tokens.create(
      { ...token, createdAt: now, expiresAt: now + 3600, usesLeft: count },
      digest,
      CLI,
    );
    for (let number = 0; number < count; number++) {
      const id = `d-${this.devices.length}`;
      await this.store.devices.enrol({
        id,
        publicKey: sha256Hex(id),
        by: { kind: "token", tokenDigest: digest },
        platform,
        agentVersion: "1.0.0",
        facts,
        address: null,
        now,
      });
      this.devices.push({
        ...{ id, platform, tenant, version, facts, sequence: 0, offered: undefined },
        failed: new Set(),
        isSilent: false,
      });
    }
  }

  /** Each device checks in once: says how its last offer went, and is offered what `decide` lets it have now. */
  async checkIn(
    served: ServedReleases,
    now: number,
    outcomeOf: (device: SimulatedDevice) => Outcome,
  ): Promise<void> {
    const writes = this.devices
      .filter(({ isSilent }) => !isSilent)
      .map((device) => this.checkInOne(device, served, now, outcomeOf));
    await Promise.all(writes);
  }

  private async checkInOne(
    device: SimulatedDevice,
    served: ServedReleases,
    now: number,
    outcomeOf: (device: SimulatedDevice) => Outcome,
  ): Promise<void> {
    const { product } = this;
    const offered = device.offered;
    device.offered = undefined;
    const outcome = offered === undefined ? undefined : outcomeOf(device);
    if (outcome === "silent") {
      device.isSilent = true;
      return;
    }
    const from = device.version;
    if (offered !== undefined && outcome === "confirmed") device.version = offered;
    if (offered !== undefined && outcome !== "confirmed") device.failed.add(offered);
    const offer = this.offerTo(device, served, now);
    device.offered = offer?.version;
    const attempts =
      offered === undefined || outcome === undefined
        ? []
        : [
            {
              id: sha256Hex(`attempt ${this.attempts++}`).slice(0, 32),
              product,
              kind: "update" as const,
              from,
              to: offered,
              toDigest: sha256Hex(offered),
              startedAt: now - 20,
              endedAt: now - 10,
              ...(outcome === "confirmed"
                ? { step: "confirmed" as const, outcome: "confirmed" as const }
                : { step: "confirming" as const, outcome: "rolled-back" as const, cause: outcome }),
            },
          ];
    await this.store.checkIns.record({
      device: device.id,
      keyGeneration: 1,
      address: null,
      now,
      checkIn: {
        schemaVersion: 1,
        sequence: ++device.sequence,
        clock: now,
        agentVersion: "1.0.0",
        platform: device.platform,
        products: [
          {
            product,
            format: "binary",
            installed: { version: device.version, digest: sha256Hex(device.version) },
            journal: "idle",
            blocked: [],
          },
        ],
        attempts,
        handled: [],
      },
      decisions: [{ product, channel: "stable", belowMinimum: null, offer: offer ?? null }],
      judged: attempts.map(({ outcome: said }) => ({
        outcome: said === "confirmed" ? ("confirmed" as const) : ("failed" as const),
        signature: null,
      })),
    });
  }

  private offerTo(
    { id, platform, tenant, version, failed }: SimulatedDevice,
    served: ServedReleases,
    now: number,
  ) {
    const { policy, releases } = served.get(this.product) ?? {};
    if (policy === undefined || releases === undefined) return undefined;
    const device = { id, platform, labels: {}, tenant };
    const decision = decide({ product: policy }, releases, device, { version }, { blocked: [] }, now);
    if (decision.action !== "update" || failed.has(decision.target)) return undefined;
    const { current } = policy.channels[decision.channel ?? ""] ?? {};
    if (current?.version !== decision.target) return undefined;
    return { product: policy.product, channel: "stable", version: current.version, commit: current.commit };
  }

  running(version: string): number {
    return this.devices.filter((device) => device.version === version).length;
  }
}
