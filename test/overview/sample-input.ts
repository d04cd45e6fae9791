import { NO_STANDING_LINES } from "../../controller/desired/standing-lines.ts";
import type { FleetSummary } from "../../controller/fleet/store/fleet-store.ts";
import type { RolloutRecord } from "../../controller/fleet/store/records.ts";
import type {
  ControllerPicture,
  OverviewInput,
  ServedPicture,
} from "../../controller/overview/overview-input.ts";
import { findRelease } from "../../protocol/candidates.ts";
import type { GateResult } from "../../protocol/gate/judge-gate.ts";
import type { ChannelPolicy, ProductPolicy } from "../../protocol/policy.ts";
import { channel, NOW, release } from "../http/sample-manifest.ts";

export { NOW };
export const HOUR = 3_600;
export const DAY = 86_400;

export interface SampleInput {
  readonly tenants?: readonly string[] | null;
  readonly product?: Partial<ProductPolicy>;
  readonly channels?: Readonly<Record<string, ChannelPolicy>>;
  readonly serving?: Partial<ServedPicture>;
  readonly controller?: Partial<ControllerPicture>;
  readonly fleet?: Partial<FleetSummary>;
  readonly stranded?: OverviewInput["stranded"];
  readonly causes?: OverviewInput["causes"];
  readonly heldSecurity?: OverviewInput["heldSecurity"];
}

const RELEASES = ["1.0.0", "1.1.0", "1.2.0"].map((version) => release(version));

/** A fleet of which nothing needs a person, and what a test says beside that. */
export function sampleInput(more: SampleInput = {}): OverviewInput {
  const channels = more.channels ?? { stable: channel("1.1.0", ["1.0.0"]) };
  const policy: ProductPolicy = {
    ...{ kind: "product", schemaVersion: 1, commit: "c".repeat(40), product: "lantern" },
    ...{ versionScheme: "semver", fleet: { defaultChannel: "stable" }, yanked: [] },
    ...more.product,
    channels,
  };
  const offers = Object.fromEntries(
    Object.entries(channels).map(([name, { current }]) => [name, current.version]),
  );
  return {
    now: NOW,
    tenants: more.tenants ?? null,
    serving: {
      commit: "c4d1e07".padEnd(40, "0"),
      signedAt: NOW - 8,
      expiries: new Map([["root", NOW + 300 * DAY]]),
      products: new Map([
        [
          "lantern",
          { policy, findRelease: (version) => findRelease(RELEASES, version), summary: { offers } },
        ],
      ]),
      ...more.serving,
    },
    controller: {
      outcome: { kind: "published", commit: "c", version: 7, diagnostics: [], acknowledged: 0, at: NOW },
      outcomeSince: NOW,
      sourceSeenAt: NOW,
      ...{ lags: [], promoters: [], damagedArtifacts: [], proposals: [] },
      ...NO_STANDING_LINES,
      ...more.controller,
    },
    fleet: {
      states: { current: 100, behind: 0, updating: 0, failed: 0, refused: 0, cloned: 0, silent: 0, gone: 0 },
      versions: [runs("1.1.0", 100)],
      ...{ rollouts: [], tallies: [], adoption: [], putBack: 0, silent: [], disappeared: [] },
      ...{ refused: [], cloned: [], failing: [], lastHaltAt: null },
      ...more.fleet,
    },
    stranded: more.stranded ?? [],
    causes: more.causes ?? [],
    heldSecurity: more.heldSecurity ?? [],
  };
}

export function runs(
  version: string | null,
  devices: number,
  channelName = "stable",
): FleetSummary["versions"][number] {
  return {
    product: "lantern",
    version,
    platform: "linux-x64",
    format: "binary",
    channel: channelName,
    devices,
  };
}

export function rollout(more: Partial<RolloutRecord> = {}): RolloutRecord {
  const { version, commit } = channel("1.1.0").current;
  return {
    ...{ product: "lantern", channel: "stable", version, commit },
    ...{ state: "active", reason: "wave 2 of 3 is open", since: NOW - HOUR, nextAt: null, allowed: 100_000 },
    ...{ marks: [], countedFrom: null, judgement: { strata: [], gate: null, checks: [], opening: null } },
    ...more,
  };
}

export function gateResult(more: Partial<GateResult> = {}): GateResult {
  return {
    ...{ expected: 200, confirmed: 150, failed: 37, silent: 0, excused: 0, underWay: 0, waiting: 13 },
    ...{ verdict: "halt", failures: 37, counted: 187, failureRate: 197_860, reason: "37 of 187 failed" },
    tests: [
      { failures: 37, counted: 187, evidence: 10, needed: 40 },
      { dimension: "platform", value: "linux-arm64", failures: 37, counted: 108, evidence: 900, needed: 40 },
    ],
    stratum: { dimension: "platform", value: "linux-arm64" },
    capped: [],
    ...more,
  };
}
