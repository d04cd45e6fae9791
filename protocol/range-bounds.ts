import { compareVersions, rangeComparators, type VersionScheme } from "./version.ts";

/** Neighbouring members of a sorted list, by index: from the first to before the last. */
export interface IndexSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Which members of a sorted list lie in a range. Each alternative of a range is one span, so this takes a binary
 * search a comparator, where asking each version by itself would take as many questions as there are versions.
 *
 * @param sorted versions of the scheme, lowest first
 * @returns one span for each alternative that holds any; spans may overlap
 * @throws ProtocolError `bad-range` or `bad-version`
 */
export function spansInRange(scheme: VersionScheme, range: string, sorted: readonly string[]): IndexSpan[] {
  const spans: IndexSpan[] = [];
  for (const comparators of rangeComparators(scheme, range)) {
    let from = 0;
    let to = sorted.length;
    for (const { operator, bound } of comparators) {
      const below = firstNotBelow(scheme, sorted, bound);
      const notAbove = firstIndex(sorted, (version) => compareVersions(scheme, version, bound) > 0);
      if (operator === ">=" || operator === "=") from = Math.max(from, below);
      if (operator === ">") from = Math.max(from, notAbove);
      if (operator === "<=" || operator === "=") to = Math.min(to, notAbove);
      if (operator === "<") to = Math.min(to, below);
    }
    if (from < to) spans.push({ from, to });
  }
  return spans;
}

/** The index of the first member of a sorted list that is the version or newer; its length where none is. */
export function firstNotBelow(scheme: VersionScheme, sorted: readonly string[], version: string): number {
  return firstIndex(sorted, (member) => compareVersions(scheme, member, version) >= 0);
}

/** The first index at which `holds` is true; it must be true from there on. */
function firstIndex(sorted: readonly string[], holds: (version: string) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const version = sorted[middle];
    if (version !== undefined && holds(version)) high = middle;
    else low = middle + 1;
  }
  return low;
}
