import type { AdoptionChange, CensusRow } from "../fleet/store/fleet-store.ts";

/** Which seconds a series is of: `count` spans of `span` seconds from `from` on, the last one cut off at `now`. */
export interface SeriesFrame {
  readonly from: number;
  readonly span: number;
  readonly count: number;
  readonly now: number;
}

/** Points of one series at most. */
export const MOST_PLACES = 300;
/** How long a span may be, seconds: each is whole in the next, as old numbers are kept by the hour. */
const SPANS = [10, 30, 60, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800] as const;

/** The shortest spans of which so few reach from `from` to `now`. */
export function frameOf(from: number, now: number): SeriesFrame {
  const longest = SPANS[SPANS.length - 1] ?? 1;
  const span = SPANS.find((each) => (now - from) / each < MOST_PLACES - 1) ?? longest;
  const first = Math.max(from - (from % span), now - span * (MOST_PLACES - 1));
  const begin = first - (first % span);
  return { from: begin, span, count: Math.max(1, Math.ceil((now + 1 - begin) / span)), now };
}

/** How many machines ran a version at the beginning of the frame and at the end of each of its spans. */
export interface VersionSeries {
  /** `null`: it was not installed. */
  readonly version: string | null;
  readonly machines: readonly number[];
}

export interface AdoptionSeries {
  /** Seconds since 1970, ascending. */
  readonly at: readonly number[];
  readonly versions: readonly VersionSeries[];
}

/**
 * Who ran what at each point of the frame: what runs now, and from there back, less what came since. So the last point is
 * what the census says, to the machine.
 */
export function adoptionSeries(
  census: readonly Pick<CensusRow, "version" | "devices">[],
  changes: readonly AdoptionChange[],
  frame: SeriesFrame,
): AdoptionSeries {
  const { from, span, count, now } = frame;
  const at = [from, ...Array.from({ length: count }, (_, place) => Math.min(from + (place + 1) * span, now))];
  const present = new Map<string | null, number>();
  for (const { version, devices } of census) present.set(version, (present.get(version) ?? 0) + devices);
  const byVersion = new Map<string | null, number[]>();
  for (const version of present.keys()) byVersion.set(version, []);
  for (const { version, place, change } of changes) {
    const places = byVersion.get(version) ?? [];
    // What came in the second that is not over yet belongs to the last point.
    const within = Math.min(place, count - 1);
    places[within] = (places[within] ?? 0) + change;
    byVersion.set(version, places);
  }
  const versions = [...byVersion].map(([version, places]): VersionSeries => {
    let machines = present.get(version) ?? 0;
    const backward = [machines];
    for (let place = count - 1; place >= 0; place--) {
      machines -= places[place] ?? 0;
      // What was filled in of the time before counting may be wrong; fewer than none there never were.
      backward.push(Math.max(0, machines));
    }
    return { version, machines: backward.reverse() };
  });
  return { at, versions: versions.filter(({ machines }) => machines.some((each) => each > 0)) };
}

export interface FoldedSeries {
  readonly versions: readonly VersionSeries[];
  /** All others together; absent where there are none. */
  readonly others?: { readonly versions: number; readonly machines: readonly number[] };
}

/** The versions that most machines ran at some time, and those that have to be shown; all others as one. */
export function foldVersions(
  versions: readonly VersionSeries[],
  most: number,
  always: readonly string[],
): FoldedSeries {
  const peak = ({ version, machines }: VersionSeries): number =>
    version !== null && always.includes(version) ? Number.POSITIVE_INFINITY : Math.max(...machines);
  const ranked = [...versions].sort((a, b) => peak(b) - peak(a));
  const rest = ranked.slice(most);
  if (rest.length === 0) return { versions };
  const kept = new Set(ranked.slice(0, most));
  const machines = (rest[0]?.machines ?? []).map((_, index) =>
    rest.reduce((sum, one) => sum + (one.machines[index] ?? 0), 0),
  );
  return {
    versions: versions.filter((one) => kept.has(one)),
    others: { versions: rest.length, machines },
  };
}

/**
 * Of what was noted now and then, what held at each of these seconds: the last note until then.
 *
 * @param at ascending
 * @param notes in their order
 */
export function heldAt<Note extends { readonly at: number }>(
  at: readonly number[],
  notes: readonly Note[],
): readonly (Note | undefined)[] {
  let next = 0;
  let held: Note | undefined;
  return at.map((second) => {
    for (let note = notes[next]; note !== undefined && note.at <= second; note = notes[next]) {
      held = note;
      next++;
    }
    return held;
  });
}
