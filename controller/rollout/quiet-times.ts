import type { Freeze, Pause, ProductPolicy, TenantPolicy, UpdateWindow } from "../../protocol/policy.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { own } from "../../protocol/scope.ts";
import { openingAtOrAfter } from "../../protocol/update-window.ts";

/** From a second until before another; `null`: until somebody ends it. Seconds since 1970. */
export interface QuietSpan {
  readonly from: number;
  readonly to: number | null;
}

/** Why machines wait although a version is open to them: a picture of what was shut, and when. */
export interface QuietTime {
  /** Of a window the spans are its openings: outside of them nobody updates. */
  readonly kind: "freeze" | "pause" | "window";
  /** `the fleet`, `agent`, `agent / stable`, or a tenant. */
  readonly whom: string;
  /** How many more tenants have the same window. */
  readonly alike?: number;
  /** Machines of the channel that it is about; absent: all. */
  readonly machines?: number;
  readonly reason?: string;
  readonly spans: readonly QuietSpan[];
}

export interface QuietQuestion {
  readonly policy: ProductPolicy;
  readonly channel: string;
  /** Of the version: a freeze may let those of `security` pass. */
  readonly severity: "normal" | "security";
  /** Whose machines follow the channel, as far as the asker may know of them. */
  readonly tenants: readonly {
    readonly tenant: string;
    readonly said: TenantPolicy | undefined;
    readonly machines: number;
  }[];
  /** When each pause began, by whom it is of (`fleet`, `product agent`, ...): policy does not say. */
  readonly pausedSince: (scope: string) => number | undefined;
  /** What is drawn: seconds since 1970. */
  readonly from: number;
  readonly now: number;
}

/** Seconds after now in which a freeze is told of. */
const AHEAD = 14 * 86_400;
/** Tenants that are told of, those with the most machines. */
const MOST_TENANTS = 4;
const MOST_OPENINGS = 100;

/**
 * Freezes, pauses and windows that hold machines of a channel, those of all first, then those of tenants with the most
 * machines; sites and groups may say otherwise. Pauses that are over are in no policy, and so not here. Pure.
 */
export function quietTimes(question: QuietQuestion): QuietTime[] {
  const { policy, channel: name, now } = question;
  const channel = own(policy.channels, name);
  const levels = [
    { scope: "fleet", whom: "the fleet", freeze: policy.fleet.freeze, paused: policy.fleet.paused },
    {
      scope: `product ${policy.product}`,
      whom: policy.product,
      freeze: policy.freeze,
      paused: policy.paused,
    },
    {
      scope: `channel ${policy.product}/${name}`,
      whom: `${policy.product} / ${name}`,
      freeze: channel?.freeze,
      paused: channel?.paused,
    },
  ];
  const largest = question.tenants.toSorted((a, b) => b.machines - a.machines);
  return [
    ...levels.flatMap((level) => [...freezesOf(question, level), ...pauseOf(question, level)]),
    ...largest
      .flatMap(({ tenant, said, machines }) => {
        const ofProduct = own(said?.products, policy.product);
        const level = {
          ...{ scope: `tenant ${tenant}`, whom: tenant, machines },
          freeze: ofProduct?.freeze ?? said?.freeze,
          paused: ofProduct?.paused ?? said?.paused,
        };
        return [...freezesOf(question, level), ...pauseOf(question, level)];
      })
      .slice(0, MOST_TENANTS),
    ...windowsOf(question, largest),
  ].filter(({ spans }) => spans.some(({ to }) => to === null || to > question.from || to > now));
}

interface Level {
  /** As holds of the state name it. */
  readonly scope: string;
  readonly whom: string;
  readonly machines?: number;
  readonly freeze: readonly Freeze[] | undefined;
  readonly paused: Pause | undefined;
}

function freezesOf({ severity, from, now }: QuietQuestion, level: Level): QuietTime[] {
  const { whom, machines, freeze = [] } = level;
  return freeze
    .filter((each) => each.except !== severity && each.to > from && each.from < now + AHEAD)
    .map((each) => ({
      ...{ kind: "freeze", whom, reason: each.reason },
      ...(machines === undefined ? {} : { machines }),
      spans: [{ from: each.from, to: each.to }],
    }));
}

function pauseOf({ pausedSince, now }: QuietQuestion, level: Level): QuietTime[] {
  const { scope, whom, machines, paused } = level;
  if (paused === undefined || (paused.until ?? Number.POSITIVE_INFINITY) <= now) return [];
  return [
    {
      ...{ kind: "pause", whom },
      ...(paused.reason === undefined ? {} : { reason: paused.reason }),
      ...(machines === undefined ? {} : { machines }),
      // Before git was asked nobody knows since when.
      spans: [{ from: Math.min(now, pausedSince(scope) ?? now), to: paused.until ?? null }],
    },
  ];
}

/** One for each window that there is: many tenants may have the same, as where the fleet says it for all. */
function windowsOf(question: QuietQuestion, largest: QuietQuestion["tenants"]): QuietTime[] {
  const { policy, from, now } = question;
  const found = new Map<string, { window: UpdateWindow; whom: string; tenants: number; machines: number }>();
  for (const { tenant, said, machines } of largest) {
    const window = own(said?.products, policy.product)?.window ?? said?.window ?? policy.fleet.window;
    if (window === undefined) continue;
    const { days, start, duration, timeZone } = window;
    const key = JSON.stringify([days, start, duration, timeZone]);
    const known = found.get(key) ?? { window, whom: tenant, tenants: 0, machines: 0 };
    found.set(key, { ...known, tenants: known.tenants + 1, machines: known.machines + machines });
  }
  return [...found.values()].slice(0, MOST_TENANTS).flatMap(({ window, whom, tenants, machines }) => {
    const spans = openingsBetween(window, from, now);
    return spans.length === 0
      ? []
      : [{ kind: "window", whom, ...(tenants > 1 ? { alike: tenants - 1 } : {}), machines, spans } as const];
  });
}

/** Openings from a second on up to the one that is now, or comes next. */
function openingsBetween(window: UpdateWindow, from: number, now: number): QuietSpan[] {
  const spans: QuietSpan[] = [];
  try {
    for (let at = from; spans.length < MOST_OPENINGS; ) {
      const { opens, closes } = openingAtOrAfter(window, at);
      spans.push({ from: opens, to: closes });
      if (closes > now) break;
      at = closes;
    }
  } catch (error) {
    // A window that this program cannot read is one for the rules to name.
    if (!(error instanceof ProtocolError)) throw error;
  }
  return spans;
}
