import { isActive } from "../../../protocol/candidates.ts";
import type { ChannelPolicy, Pause, ProductPolicy, UpdateWindow } from "../../../protocol/policy.ts";
import { ProtocolError } from "../../../protocol/protocol-error.ts";
import { freezeAt } from "../../../protocol/quiet-times.ts";
import type { Release } from "../../../protocol/release.ts";
import { own } from "../../../protocol/scope.ts";
import { type Opening, openingAtOrAfter } from "../../../protocol/update-window.ts";
import { compareVersions, versionInRange } from "../../../protocol/version.ts";
import { rolloutStart, spreadFor } from "../../../protocol/waves.ts";
import type { CensusRow } from "../../fleet/store/fleet-store.ts";
import type { RolloutRecord } from "../../fleet/store/records.ts";
import type {
  HeldTenant,
  NextPlatform,
  NextSituation,
  NextStep,
  NextWaves,
  ScopedFreeze,
} from "../../rollout/next-situation.ts";
import { nextStep } from "../../rollout/next-step.ts";
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
  const severity = release?.severity ?? "normal";
  const waves = wavesOf(served, severity, now);
  const rollbackTo = rollbackOf(served);
  const paused = pausedOf(served, now);
  const held = heldTenants(served, census, severity, now);
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
    freezes: freezesOf(served, severity),
    held,
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
      const isHeld = held.some((each) => each.tenant === tenant);
      return opens > now && machines > 0 && !isHeld ? { tenant, opensAt: opens, machines } : [];
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
function pausedOf({ policy, channel }: ServedChannel, now: number): NextSituation["paused"] {
  const levels = [
    { scope: "fleet", pause: policy.fleet.paused },
    { scope: "product", pause: policy.paused },
    { scope: "channel", pause: channel.paused },
  ] as const;
  for (const { scope, pause } of levels) if (isPausing(pause, now)) return { scope, pause };
  return undefined;
}

/** A pause with an end may still stand in policy when that has come. */
function isPausing(pause: Pause | undefined, now: number): pause is Pause {
  return pause !== undefined && (pause.until === undefined || pause.until > now);
}

/** Those that hold the whole channel back, also those to come. */
function freezesOf({ policy, channel }: ServedChannel, severity: Severity): ScopedFreeze[] {
  const levels = [
    { scope: "fleet", said: policy.fleet.freeze },
    { scope: "product", said: policy.freeze },
    { scope: "channel", said: channel.freeze },
  ] as const;
  return levels.flatMap(({ scope, said = [] }) =>
    said
      .filter((freeze) => freeze.except !== severity)
      .map(({ from, to, reason }) => ({ scope, from, to, reason })),
  );
}

/** Tenants whose own word holds machines back that do not run the version. */
function heldTenants(
  { manifest, policy, channel }: ServedChannel,
  census: readonly CensusRow[],
  severity: Severity,
  now: number,
): HeldTenant[] {
  const waiting = new Map<string, number>();
  for (const { tenant, version, devices } of census) {
    if (tenant === null || version === channel.current.version) continue;
    waiting.set(tenant, (waiting.get(tenant) ?? 0) + devices);
  }
  return [...waiting].flatMap(([tenant, machines]): HeldTenant[] => {
    const said = manifest.tenants.get(tenant);
    const ofProduct = own(said?.products, policy.product);
    const pause = ofProduct?.paused ?? said?.paused;
    if (isPausing(pause, now)) {
      return [
        { tenant, by: "pause", machines, ...(pause.until === undefined ? {} : { until: pause.until }) },
      ];
    }
    const freezes = (ofProduct?.freeze ?? said?.freeze ?? []).filter(({ except }) => except !== severity);
    const freeze = freezeAt(freezes, now);
    return freeze === undefined ? [] : [{ tenant, by: "freeze", until: freeze.to, machines }];
  });
}

type Severity = "normal" | "security";

function sum(rows: readonly Pick<CensusRow, "devices">[]): number {
  return rows.reduce((total, { devices }) => total + devices, 0);
}
