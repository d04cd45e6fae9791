import { countOf, writeCount } from "../parts/numbers.ts";
import { writeClock, writeSpan } from "../parts/times.ts";
import type { CauseGroup, ListedRollout, RolloutReport, TenantRow } from "./rollout-types.ts";

type State = ListedRollout["state"];

/** Looks of a state; those of `Badge`. */
type BadgeState = "waiting" | "moving" | "held" | "halted" | "done";

const BADGES: Readonly<Record<State, BadgeState>> = {
  pending: "waiting",
  canary: "moving",
  active: "moving",
  held: "held",
  halted: "halted",
  done: "done",
};

export function badgeOf({ state, devices }: Pick<ListedRollout, "state" | "devices">): BadgeState {
  return isMoving(state) && devices === 0 ? "waiting" : BADGES[state];
}

const WORDS: Readonly<Record<State, string>> = {
  pending: "Not begun",
  canary: "Canaries have it",
  active: "Moving",
  held: "Held",
  halted: "Halted",
  done: "Done",
};

/** `Halted itself 12 min ago`, `Moving`, `Held for 3 h`; where no machine is, nothing moves. */
export function stateWords(
  {
    state,
    since,
    next,
    served,
    devices,
  }: Pick<RolloutReport, "state" | "since" | "next" | "served" | "devices">,
  now: number,
): string {
  if (next.kind === "replaced") return "Replaced";
  if (next.kind === "paused") return "Paused";
  if (next.kind === "frozen") return "Frozen";
  if (isMoving(state) && devices === 0) return NOBODY;
  const span = writeSpan(now - since);
  if (state === "halted") return `${served?.halted?.by === "gate" ? "Halted itself" : "Halted"} ${span} ago`;
  return state === "held" ? `Held for ${span}` : WORDS[state];
}

export function stateWord({ state, devices }: Pick<ListedRollout, "state" | "devices">): string {
  return isMoving(state) && devices === 0 ? NOBODY : WORDS[state];
}

const NOBODY = "Nobody follows it";

function isMoving(state: State): boolean {
  return state === "active" || state === "canary" || state === "pending";
}

/** What is left of a rollout in the title of the tab. */
export function tabOf({ product, channel, version, state }: RolloutReport): string {
  return `${product} / ${channel} ${version} ${state === "active" ? "moving" : state}`;
}

/** The answer of the list: `One is halted, two move`. */
export function listAnswer(current: readonly ListedRollout[]): string {
  const of = (...states: readonly State[]): number =>
    current.filter(({ state }) => states.includes(state)).length;
  const halted = of("halted");
  const held = of("held");
  const moving = current.filter(({ state, devices }) => isMoving(state) && devices !== 0).length;
  const parts = [
    ...(halted === 0 ? [] : [`${word(halted)} ${halted === 1 ? "is" : "are"} halted`]),
    ...(held === 0 ? [] : [`${word(held)} ${held === 1 ? "is" : "are"} held`]),
    ...(moving === 0 ? [] : [`${word(moving)} ${moving === 1 ? "moves" : "move"}`]),
  ];
  if (parts.length > 0) return capital(parts.join(", "));
  return current.length === 0 ? "Nothing was promoted yet" : "Nothing moves: every channel is done";
}

/** Where machines failed: `linux-arm64: initech / pune 29, lagos 8`, `5 sites`. */
export function whereWords({
  where,
  places,
  devices,
}: Pick<CauseGroup, "where" | "places" | "devices">): string {
  const shown = where.slice(0, 3);
  const platforms = new Set(where.map(({ platform }) => platform));
  const sites = new Set(where.map(({ tenant, site }) => siteName(tenant, site)));
  if (places > 4) {
    const on = platforms.size === 1 ? `${[...platforms][0]}: ` : "";
    return `${on}${places > where.length ? `${places} places` : countOf(sites.size, "site")}`;
  }
  const byPlatform = Map.groupBy(shown, ({ platform }) => platform);
  const text = [...byPlatform]
    .map(([platform, some]) => {
      const names = some.map(({ tenant, site, devices: count }) => {
        return `${siteName(tenant, site)}${some.length === 1 && count === devices ? "" : ` ${writeCount(count)}`}`;
      });
      return `${platform}: ${names.join(", ")}`;
    })
    .join("; ");
  return places > shown.length ? `${text}, and ${places - shown.length} more` : text;
}

export function siteName(tenant: string | null, site: string | null): string {
  if (tenant === null) return site ?? "no tenant";
  return site === null ? tenant : `${tenant} / ${site}`;
}

/** What a failure is called beside its message. */
export function causeWords({ cause }: Pick<CauseGroup, "cause">): string {
  return cause ?? "no cause said";
}

/** When a tenant's machines may be updated: `any time`, `open until 20:00`, `opens Mon 19:30`. */
export function windowWords({ window }: Pick<TenantRow, "window">, now: number): string {
  if (window === undefined) return "any time";
  if (window.opens <= now) return `open until ${writeClock(window.closes, now)}`;
  return `opens ${writeClock(window.opens, now)}, for ${writeSpan(window.closes - window.opens)}`;
}

/** A reason without what stands beside it: when it was, and the command that ends it. */
export function shortReason(reason: string): string {
  return reason
    .replace(/^halted by the gate at \S+: /, "")
    .replace(/; it ends when the channel moves on.*$/, "")
    .replaceAll(/(\d)%/g, "$1 %");
}

const SMALL = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"] as const;

function word(count: number): string {
  return SMALL[count] ?? writeCount(count);
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
