import { formatByteSize } from "../../protocol/byte-size.ts";
import { COUNTED_FACTS, type FactRange, type Requirements } from "../../protocol/requirements.ts";
import { isRange, isVersion, rangeComparators, versionInRange } from "../../protocol/version.ts";

/** A requirement that machines which met the earlier ones may not meet. */
export interface RaisedRequirement {
  readonly name: string;
  /** Absent: nothing of the kind was required. */
  readonly before?: string;
  readonly after: string;
}

/** What `after` requires and `before` did not, of some machine at least. Ranges that cannot be read are left out. */
export function raisedRequirements(
  before: Requirements | undefined,
  after: Requirements | undefined,
): RaisedRequirement[] {
  const raised: RaisedRequirement[] = [];
  const add = (name: string, was: string | undefined, is: string): void => {
    raised.push({ name, after: is, ...(was === undefined ? {} : { before: was }) });
  };
  for (const name of COUNTED_FACTS) {
    const [was, is] = [before?.[name], after?.[name]];
    if (is !== undefined && !holdsAll(is, was)) add(name, was, is);
  }
  if (after?.os !== undefined) {
    const [was, is] = [before?.os, after.os];
    const isLost = Object.entries(was ?? {}).some(([id, range]) => {
      const now = Object.hasOwn(is, id) ? is[id] : undefined;
      return now === undefined || !holdsAll(now, range);
    });
    if (was === undefined || isLost) add("os", was && describeSystems(was), describeSystems(is));
  }
  const features = after?.cpu?.filter((feature) => before?.cpu?.includes(feature) !== true) ?? [];
  if (features.length > 0) add("cpu", before?.cpu?.join(" "), after?.cpu?.join(" ") ?? "");
  for (const name of ["memory", "disk"] as const) {
    const [was, is] = [before?.[name], after?.[name]];
    if (is === undefined || (was !== undefined && is <= was)) continue;
    add(name, was === undefined ? undefined : formatByteSize(was), formatByteSize(is));
  }
  return raised;
}

function describeSystems(systems: Readonly<Record<string, FactRange>>): string {
  return Object.entries(systems)
    .map(([id, range]) => `${id} ${range}`)
    .join(" or ");
}

/**
 * Whether every version in `narrow` is in `wide` too. Ranges only change at their bounds, so it is enough to ask at each
 * bound and right above and below it.
 *
 * @param narrow absent: every version
 */
function holdsAll(wide: FactRange, narrow: FactRange | undefined): boolean {
  if (!isRange("dotted", wide) || (narrow !== undefined && !isRange("dotted", narrow))) return true;
  if (narrow === undefined) return false;
  const bounds = [wide, narrow].flatMap((range) => rangeComparators("dotted", range).flat());
  const asked = ["0", ...bounds.flatMap(({ bound }) => [bound, rightAbove(bound)])];
  return asked
    .filter((version) => isVersion("dotted", version))
    .every(
      (version) => !versionInRange("dotted", version, narrow) || versionInRange("dotted", version, wide),
    );
}

/** A version above `bound` and below every other bound above it; right below one is right above the one before it. */
function rightAbove(bound: string): string {
  const parts = bound.split(".");
  return parts.length >= 10 ? bound : `${bound}${".0".repeat(9 - parts.length)}.1`;
}
