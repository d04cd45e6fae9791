import { isActive } from "../../../protocol/candidates.ts";
import type { ChannelPolicy, ProductPolicy, UpdateWindow } from "../../../protocol/policy.ts";
import { ProtocolError } from "../../../protocol/protocol-error.ts";
import type { Release } from "../../../protocol/release.ts";
import { own } from "../../../protocol/scope.ts";
import { type Opening, openingAtOrAfter } from "../../../protocol/update-window.ts";
import { compareVersions, versionInRange } from "../../../protocol/version.ts";
import { rolloutStart, spreadFor } from "../../../protocol/waves.ts";
import type { CensusRow } from "../../fleet/store/fleet-store.ts";
import type { RolloutRecord } from "../../fleet/store/records.ts";
import {
  type NextPlatform,
  type NextSituation,
  type NextStep,
  type NextWaves,
  nextStep,
} from "../../rollout/next-step.ts";
import { opensAfter, openWaves } from "../../rollout/open-waves.ts";
import type { ManifestView } from "../manifest/served-manifest.ts";
import type { Caller } from "../sign-in.ts";
import { plainHalt } from "./plain-halts.ts";

/** What the manifest says of a channel that still points to a promotion. */
export interface ServedChannel {
  readonly manifest: ManifestView;
  readonly policy: ProductPolicy;
  findRelease(version: string): Release | undefined;
  readonly channel: ChannelPolicy;
  /** `Name <mail>` of who promoted it, where that is known. */
  readonly author?: string;
}

/** When a tenant's machines may be updated; absent: any time. */
export interface TenantWindow extends Opening {
  readonly tenant: string;
  readonly window: UpdateWindow;
}

/** The windows of these tenants that hold for a product, as a tenant says it; its sites and groups may say otherwise. */
export function windowsOf(
  { manifest, policy }: ServedChannel,
  tenants: Iterable<string>,
  now: number,
): TenantWindow[] {
  return [...new Set(tenants)].flatMap((tenant) => {
    const said = manifest.tenants.get(tenant);
    const window = own(said?.products, policy.product)?.window ?? said?.window ?? policy.fleet.window;
    if (window === undefined) return [];
    try {
      return { tenant, window, ...openingAtOrAfter(window, now) };
    } catch (error) {
      if (error instanceof ProtocolError) return [];
      throw error;
    }
  });
}

/** What is counted of a rollout, as far as the asker may know of it. */
export interface CountedRollout {
  readonly census: readonly CensusRow[];
  readonly failed: number;
  readonly platforms: readonly NextPlatform[];
  readonly alike: NextSituation["alike"];
  readonly windows: readonly TenantWindow[];
}

/** @param served absent: the channel has moved on */
export function nextOf(
  caller: Caller,
  rollout: RolloutRecord,
  served: ServedChannel | undefined,
  counted: CountedRollout,
  now: number,
): NextStep {
  if (served === undefined) return nextOfLeft(rollout);
  return nextStep(situationOf(caller, rollout, served, counted, now));
}

function nextOfLeft({ channel, version, marks }: RolloutRecord): NextStep {
  const left = marks.findLast(({ kind }) => kind === "replaced");
  return {
    kind: "replaced",
    headline: `${channel} has moved on from ${version}.`,
    text: left === undefined ? "" : `${left.text.charAt(0).toUpperCase()}${left.text.slice(1)}.`,
    choices: [],
  };
}

function situationOf(
  caller: Caller,
  { judgement: { gate } }: RolloutRecord,
  served: ServedChannel,
  { census, failed, platforms, alike, windows }: CountedRollout,
  now: number,
): NextSituation {
  const { policy, channel, manifest } = served;
  const { version } = channel.current;
  const seesAll = caller.tenants === null;
  const release = served.findRelease(version);
  const channelName = Object.entries(policy.channels).find(([, each]) => each === channel)?.[0] ?? "";
  const isYanked = release === undefined || !isActive(policy, release, undefined);
  const fallback = manifest.products.get(policy.product)?.summary.offers[channelName];
  const waves = wavesOf(served, release?.severity ?? "normal", now);
  const rollbackTo = rollbackOf(served);
  const paused = pausedOf(served);
  const running = sum(census.filter((row) => row.version === version));
  const following = sum(census);
  return {
    product: policy.product,
    channel: channelName,
    version,
    isOnlyProduct: manifest.products.size === 1,
    start: rolloutStart(channel, channel.current).at,
    now,
    ...(waves === undefined ? {} : { waves }),
    hasCanary: channel.rollout?.canary !== undefined,
    ...(channel.halted === undefined ? {} : { halted: seesAll ? channel.halted : plainHalt(channel.halted) }),
    ...(paused === undefined ? {} : { paused }),
    ...(isYanked ? { yanked: fallback === undefined ? {} : { fallback } } : {}),
    ...(rollbackTo === undefined ? {} : { rollbackTo }),
    machines: {
      following,
      running,
      failed,
      canaries: census.reduce((total, row) => total + row.canaries, 0),
      waiting: following - running,
    },
    platforms,
    ...(gate === null || channel.rollout?.gate === undefined || !seesAll
      ? {}
      : {
          gate: {
            verdict: gate.verdict,
            reason: gate.reason,
            ...(gate.verdict === "inconclusive" &&
            gate.tests.some(({ evidence, needed }) => evidence >= needed)
              ? { isForPerson: true }
              : {}),
            ...(gate.stratum?.dimension === "platform" ? { platform: gate.stratum.value } : {}),
          },
        }),
    ...(alike === undefined ? {} : { alike }),
    windows: windows.flatMap(({ tenant, opens }) => {
      const machines = sum(census.filter((row) => row.tenant === tenant && row.version !== version));
      return opens > now && machines > 0 ? { tenant, opensAt: opens, machines } : [];
    }),
    mayDecide: seesAll,
  };
}

/** As `judgeRollout` takes them. */
export function wavesOf(
  { channel }: ServedChannel,
  severity: "normal" | "security",
  now: number,
): NextWaves | undefined {
  const { rollout, current, halted } = channel;
  if (rollout === undefined) return undefined;
  const spread = spreadFor(rollout, severity);
  const start = rolloutStart(channel, current).at;
  const advance = spread === rollout ? rollout.advance : undefined;
  const limit = advance === undefined ? undefined : (rollout.opened ?? 0);
  const at = halted === undefined ? now : Math.min(now, halted.at);
  const { open, share } = openWaves(spread, start, limit, at);
  return {
    all: spread.waves.map(({ ppm }, index) => ({ ppm, at: start + opensAfter(spread, index) })),
    ...{ open, share },
    dueShare: openWaves(spread, start, limit, now).share,
    openedBy: advance === undefined ? "time" : advance === "healthy" ? "health" : "hand",
    isLinear: spread.strategy === "linear",
  };
}

/** What the channel pointed to before and machines may go back to, by what the release key says of both. */
function rollbackOf(served: ServedChannel): string | undefined {
  const { policy, channel } = served;
  const { versionScheme: scheme } = policy;
  const range = served.findRelease(channel.current.version)?.rollbackTo;
  if (range === undefined) return undefined;
  const before = channel.previous.find(({ version, halted }) => {
    const release = served.findRelease(version);
    return (
      halted !== true &&
      release !== undefined &&
      isActive(policy, release, undefined) &&
      compareVersions(scheme, version, channel.current.version) < 0 &&
      versionInRange(scheme, version, range)
    );
  });
  return before?.version;
}

/** The kill switch that holds the whole channel, widest first. */
function pausedOf({ policy, channel }: ServedChannel): NextSituation["paused"] {
  if (policy.fleet.paused !== undefined) return { scope: "fleet", pause: policy.fleet.paused };
  if (policy.paused !== undefined) return { scope: "product", pause: policy.paused };
  return channel.paused === undefined ? undefined : { scope: "channel", pause: channel.paused };
}

function sum(rows: readonly Pick<CensusRow, "devices">[]): number {
  return rows.reduce((total, { devices }) => total + devices, 0);
}
