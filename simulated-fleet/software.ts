import { randomBytes } from "node:crypto";
import type { Attempt } from "../protocol/check-in/attempt.ts";
import type { ProductReport } from "../protocol/check-in/check-in.ts";
import type { Placement } from "../protocol/check-in/check-in-answer.ts";
import { decide } from "../protocol/decide.ts";
import type { Decision } from "../protocol/decision.ts";
import type { BlockedVersion } from "../protocol/device.ts";
import { newestAfter } from "../protocol/newest-confirmed.ts";
import { releasesForFormat } from "../protocol/releases-for-format.ts";
import type { Manifest } from "./verified-manifest.ts";
import type { Ending, Taker } from "./world.ts";

/** Seconds for which a version that failed is not tried again. */
const BLOCKED_FOR = 86_400;

/** How they say that their product is installed. */
const FORMAT = "binary";

/** What a machine remembers of its product over a restart. */
export interface SoftwareMemory {
  readonly version: string;
  /** The one before, which it keeps. */
  readonly previous?: string;
  readonly newestConfirmed?: string;
  readonly blocked: readonly BlockedVersion[];
}

/** An installation that has ended other than by the end of its machine. */
export type Ended = Exclude<Ending, { readonly kind: "vanished" }>;

/** The product as it is installed on one machine, without a disk: versions are words, and installing is waiting. */
export class Software {
  private remembered: SoftwareMemory;
  private lastCheckAt: number | undefined;
  private decision: Decision | undefined;

  constructor(memory: SoftwareMemory) {
    this.remembered = memory;
  }

  get memory(): SoftwareMemory {
    return this.remembered;
  }

  get version(): string {
    return this.remembered.version;
  }

  /** When what waits may be installed, seconds since 1970; `undefined`: nothing waits for a time. */
  get eligibleAt(): number | undefined {
    return this.decision?.action === "wait" ? this.decision.eligibleAt : undefined;
  }

  /**
   * Asks `decide`, as the agent does.
   *
   * @param updateNow as an operator asks: what failed here may be tried again
   * @throws Error where the policy of its tenant has not come yet
   */
  decide(
    { policy, releases, tenants }: Manifest,
    { tenant, site, labels }: Placement,
    { id, platform, facts }: Taker,
    now: number,
    updateNow = false,
  ): Decision {
    const ofTenant = tenant === undefined ? undefined : tenants.get(tenant.name);
    if (tenant !== undefined && ofTenant === undefined) throw new Error("the tenant's policy has not come");
    const { version, blocked, newestConfirmed } = this.remembered;
    this.decision = decide(
      ofTenant === undefined ? { product: policy } : { product: policy, tenant: ofTenant },
      releasesForFormat(releases, FORMAT),
      {
        ...{ id, platform, facts, labels },
        ...(tenant === undefined ? {} : { tenant: tenant.name }),
        ...(site === undefined ? {} : { site }),
      },
      { version },
      {
        ...(updateNow ? { updateNow } : { blocked }),
        ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
        ...(this.lastCheckAt === undefined ? {} : { lastCheckAt: this.lastCheckAt }),
      },
      now,
    );
    return this.decision;
  }

  /** The manifest was looked at, and what it asked for is done. */
  looked(now: number): void {
    this.lastCheckAt = now;
  }

  /** @returns the report of an installation that began at `startedAt` and ends `now` */
  install(
    kind: Attempt["kind"],
    to: string,
    ended: Ended,
    { policy }: Manifest,
    { startedAt, now }: { readonly startedAt: number; readonly now: number },
  ): Omit<Attempt, "request"> {
    const { version: from, blocked, ...kept } = this.remembered;
    const others = blocked.filter(({ version }) => version !== to);
    const attempt = {
      ...{ id: randomBytes(16).toString("hex"), product: policy.product, kind, from, to },
      ...{ toDigest: digestOf(to), startedAt, endedAt: now },
    };
    if (ended.kind === "failed") {
      const { kind: _, ...told } = ended;
      const block = { version: to, reason: ended.message, until: now + BLOCKED_FOR };
      this.remembered = { ...this.remembered, blocked: [...others, block] };
      return { ...attempt, ...told };
    }
    const newestConfirmed = newestAfter(policy.versionScheme, kept.newestConfirmed ?? from, to);
    this.remembered = { version: to, previous: from, newestConfirmed, blocked: others };
    return { ...attempt, step: "confirmed", outcome: "confirmed" };
  }

  /** As it stands in a check-in. */
  report(product: string, manifest: number | undefined): ProductReport {
    const { version, blocked, newestConfirmed } = this.remembered;
    return {
      ...{ product, format: FORMAT, journal: "idle", blocked },
      installed: { version, digest: digestOf(version) },
      ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
      ...(this.lastCheckAt === undefined ? {} : { lastCheckAt: this.lastCheckAt }),
      ...(manifest === undefined ? {} : { manifest }),
    };
  }
}

function digestOf(version: string): string {
  return Buffer.from(version.padEnd(32)).toString("hex").slice(0, 64);
}
