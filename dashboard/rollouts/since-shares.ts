import { writeShare } from "../parts/numbers.ts";
import { writeSpan } from "../parts/times.ts";
import { laneName } from "./quiet-words.ts";
import type { Mark, RolloutSeries } from "./rollout-types.ts";

/** Shares of the channel's machines, 0 to 1. */
export function shareSeries({ running, allowed, devices }: RolloutSeries["since"]): {
  readonly running: readonly number[];
  readonly allowed: readonly number[];
} {
  const shares = (some: readonly number[]): number[] =>
    some.map((each, index) => {
      const whole = devices[index] ?? 0;
      return whole === 0 ? 0 : Math.min(1, each / whole);
    });
  return { running: shares(running), allowed: shares(allowed) };
}

/** The halt that nobody has ended. */
export function lastHalt(marks: readonly Mark[]): Mark | undefined {
  const last = marks.findLast(({ kind }) => kind === "halt" || kind === "resume");
  return last?.kind === "halt" ? last : undefined;
}

/** What the chart shows, as a sentence for who does not see it. */
export function sinceSentence({ since, version, marks, commit, quiet }: RolloutSeries): string {
  const last = since.at.length - 1;
  const whole = since.devices[last] ?? 0;
  const halt = lastHalt(marks.filter((mark) => mark.commit === commit));
  const length = writeSpan((since.at[last] ?? 0) - (since.at[0] ?? 0));
  const on = writeShare(since.running[last] ?? 0, whole);
  const allowed = writeShare(since.allowed[last] ?? 0, whole);
  const held = quiet.map((each) => `. ${laneName(each)}`).join("");
  return `${version} over ${length}: ${on} of machines run it, ${allowed} may${halt === undefined ? "" : ", halted"}${held}`;
}
