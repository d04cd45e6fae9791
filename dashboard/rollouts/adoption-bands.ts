import { countOf, writeShare } from "../parts/numbers.ts";
import type { RolloutSeries } from "./rollout-types.ts";

/** One version of the stack. */
export interface Band {
  readonly name: string;
  /** `v1` is what the channel points to, newer is stronger. */
  readonly tone: "v1" | "v2" | "v3" | "v4" | "v5";
  readonly isBelowMinimum: boolean;
  /** Machines below and up to it, at each point. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Machines at the last point. */
  readonly now: number;
  /** Where the name may stand: the place at which it is thickest, and where its middle is. */
  readonly label: { readonly index: number; readonly middle: number; readonly thickness: number };
}

const OLDER = ["v2", "v3", "v4", "v5"] as const;

/** The stack from below: what the channel points to, then newest first, then what is not installed. */
export function bandsOf({ adoption, version }: RolloutSeries): Band[] {
  const { at, versions, others } = adoption;
  const ordered = [
    ...versions.filter((one) => one.version === version),
    ...versions.filter((one) => one.version !== version && one.version !== null),
  ].map((one) => ({ name: one.version ?? "", machines: one.machines, isBelow: one.isBelowMinimum === true }));
  const none = versions.find((one) => one.version === null);
  const all = [
    ...ordered,
    ...(others === undefined
      ? []
      : [{ name: countOf(others.versions, "other"), machines: others.machines, isBelow: false }]),
    ...(none === undefined ? [] : [{ name: "not installed", machines: none.machines, isBelow: false }]),
  ];
  let older = 0;
  let low: readonly number[] = at.map(() => 0);
  return all.map(({ name, machines, isBelow }): Band => {
    const below = low;
    const high = below.map((from, index) => from + (machines[index] ?? 0));
    low = high;
    const tone = name === version ? "v1" : (OLDER[Math.min(older++, OLDER.length - 1)] ?? "v5");
    const thickest = thickestOf(machines);
    return {
      ...{ name, tone, low: below, high, isBelowMinimum: isBelow },
      now: machines.at(-1) ?? 0,
      label: {
        index: thickest,
        middle: ((below[thickest] ?? 0) + (high[thickest] ?? 0)) / 2,
        thickness: machines[thickest] ?? 0,
      },
    };
  });
}

/** The middle of the longest run at nearly the largest number, not at the edges where a name would be cut. */
function thickestOf(machines: readonly number[]): number {
  const edge = Math.floor(machines.length * 0.08);
  const inner = machines.slice(edge, machines.length - edge);
  const largest = Math.max(0, ...inner);
  const near = inner.flatMap((each, index) => (each >= largest * 0.9 ? [index + edge] : []));
  return near[Math.floor(near.length / 2)] ?? edge;
}

/** What the chart shows, as a sentence for who does not see it. */
export function adoptionSentence(series: RolloutSeries): string {
  const { adoption, version } = series;
  const total = adoption.versions.reduce((sum, { machines }) => sum + (machines.at(-1) ?? 0), 0);
  const first = (adoption.at.at(-1) ?? 0) - (adoption.at[0] ?? 0);
  const days = Math.max(1, Math.round(first / 86_400));
  const span = first < 86_400 ? `${Math.max(1, Math.round(first / 60))} minutes` : `${days} days`;
  const now = adoption.versions
    .flatMap(({ version: name, machines }) => {
      const count = machines.at(-1) ?? 0;
      return count === 0 ? [] : [{ name: name ?? "not installed", count }];
    })
    .sort((a, b) => Number(b.name === version) - Number(a.name === version) || b.count - a.count)
    .slice(0, 4)
    .map(({ name, count }) => `${name} on ${writeShare(count, total)}`);
  return `Machines by version over ${span}: now ${now.length === 0 ? "none" : now.join(", ")}`;
}

/** How far back the chart reaches: `40 min`, `5 h`, `14 days`. */
export function reachOf(at: readonly number[]): string {
  const length = (at.at(-1) ?? 0) - (at[0] ?? 0);
  if (length < 2 * 3_600) return `${Math.max(1, Math.round(length / 60))} min`;
  return length < 2 * 86_400 ? `${Math.round(length / 3_600)} h` : `${Math.round(length / 86_400)} days`;
}
