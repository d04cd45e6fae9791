import type { QuietTime } from "../api/types.ts";
import { countOf } from "../parts/numbers.ts";
import { writeClock, writeSpan } from "../parts/times.ts";

/** What a lane of a chart is called: `frozen: the fleet`. */
export function laneName({ kind, whom, alike }: QuietTime): string {
  switch (kind) {
    case "freeze":
      return `frozen: ${whom}`;
    case "pause":
      return `paused: ${whom}`;
    case "window":
      return `window of ${whom}${alike === undefined ? "" : ` and ${alike} more`}`;
  }
}

/** The same as a sentence: since when, until when, and why. @param now seconds since 1970 */
export function quietSentence(quiet: QuietTime, now: number): string {
  const { kind, whom, machines, reason } = quiet;
  const name = `${whom.charAt(0).toUpperCase()}${whom.slice(1)}`;
  const of = machines === undefined ? "" : ` (${countOf(machines, "machine")})`;
  const why = reason === undefined ? "" : `: ${reason}`;
  const [first] = quiet.spans;
  const last = quiet.spans.at(-1);
  if (first === undefined || last === undefined) return `${name}${of}`;
  switch (kind) {
    case "freeze": {
      const end = last.to === null ? "" : ` until ${writeClock(last.to, now)}`;
      if (last.to !== null && last.to <= now)
        return `${name}${of} was frozen from ${writeClock(first.from, now)}${end}${why}.`;
      return first.from > now
        ? `${name}${of} will be frozen from ${writeClock(first.from, now)}${end}${why}.`
        : `${name}${of} is frozen${end}${why}.`;
    }
    case "pause": {
      const since = first.from < now ? ` since ${writeClock(first.from, now)}` : "";
      const end = last.to === null ? ", until somebody resumes it" : `, until ${writeClock(last.to, now)}`;
      return `${name}${of} is paused${since}${end}${why}.`;
    }
    case "window": {
      const more = quiet.alike === undefined ? "" : ` and ${countOf(quiet.alike, "more tenant")}`;
      const to = last.to ?? now;
      const when =
        last.from <= now
          ? `is open until ${writeClock(to, now)}`
          : `opens ${writeClock(last.from, now)}, for ${writeSpan(to - last.from)}`;
      return `The window of ${whom}${more}${of} ${when}.`;
    }
  }
}
