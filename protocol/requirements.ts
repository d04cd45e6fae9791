import { formatByteSize } from "./byte-size.ts";
import { printable } from "./printable.ts";
import { isRange, isVersion, rangeComparators, versionInRange } from "./version.ts";

/** A range of a fact, read by the scheme `dotted`: `>=2.31`. */
export type FactRange = string;

/**
 * What a machine must have for a release to run on it. Signed by the release key, so that whoever signs policy can neither
 * force a build upon a machine that cannot run it nor keep one from a machine that can.
 */
export interface Requirements {
  readonly glibc?: FactRange;
  readonly musl?: FactRange;
  readonly kernel?: FactRange;
  /** By the `ID` of a Linux distribution, the range of its `VERSION_ID`. Others do not fit. */
  readonly os?: Readonly<Record<string, FactRange>>;
  readonly macos?: FactRange;
  readonly windowsBuild?: FactRange;
  /** Features of the processor, as the kernel names them. */
  readonly cpu?: readonly string[];
  /** Bytes in all. */
  readonly memory?: number;
  /** Free bytes where it is installed, beside what the update itself takes. */
  readonly disk?: number;
  /** Names of requirements that this program does not know, so that nobody can tell whether they are met. Never signed. */
  readonly unknown?: readonly string[];
}

/**
 * What is known of a machine. On the machine itself a fact that is absent does not apply or could not be found out, and a
 * release that requires it does not fit. The controller may know none, and then takes every release to fit.
 */
export interface Facts {
  /** `ID` of /etc/os-release, `macos` or `windows`. */
  readonly os?: string;
  readonly osVersion?: string;
  readonly glibc?: string;
  readonly musl?: string;
  readonly kernel?: string;
  readonly macos?: string;
  readonly windowsBuild?: string;
  readonly cpu?: readonly string[];
  /** Bytes. */
  readonly memory?: number;
  /** Bytes. */
  readonly disk?: number;
}

/** Facts that are versions, compared by the scheme `dotted`. */
export const COUNTED_FACTS = ["glibc", "musl", "kernel", "macos", "windowsBuild"] as const;

/** One requirement of a release that a machine does not meet. */
export interface UnmetRequirement {
  /** `glibc`, `cpu`, ..., or a name that this program does not know. */
  readonly name: string;
  /** What is required; of `cpu` only what is missing. */
  readonly required: string;
  /** What the machine has. `null`: nothing of the kind, or nobody knows. */
  readonly got: string | null;
}

const NOTHING_UNMET: readonly UnmetRequirement[] = [];

/**
 * What of the requirements a machine does not meet, in a fixed order. Without facts nothing is held against a machine; with
 * them it fails closed: a fact that is absent or no dotted version, a range that cannot be read, and a requirement that this
 * program does not know are not met.
 *
 * @param facts       `undefined`: nothing is known of the machine
 * @param updateBytes what the update itself takes of the disk
 */
export function unmetRequirements(
  requires: Requirements | undefined,
  facts: Facts | undefined,
  updateBytes = 0,
): readonly UnmetRequirement[] {
  if (requires === undefined || facts === undefined) return NOTHING_UNMET;
  const unmet: UnmetRequirement[] = [];
  for (const name of COUNTED_FACTS) {
    const required = requires[name];
    const got = facts[name];
    if (required !== undefined && !isInRange(got, required)) unmet.push({ name, required, got: got ?? null });
  }
  if (requires.os !== undefined && !isInRange(facts.osVersion, rangeOf(requires.os, facts.os))) {
    const required = Object.entries(requires.os).map(([id, range]) => `${id} ${range}`);
    const got = [facts.os, facts.osVersion].filter((part) => part !== undefined).join(" ");
    unmet.push({ name: "os", required: required.join(" or "), got: got === "" ? null : got });
  }
  const missing = requires.cpu?.filter((feature) => facts.cpu?.includes(feature) !== true) ?? [];
  if (missing.length > 0) {
    const got = facts.cpu === undefined ? null : "other features";
    unmet.push({ name: "cpu", required: missing.join(" "), got });
  }
  const { memory, disk } = requires;
  if (memory !== undefined && !(facts.memory !== undefined && facts.memory >= memory)) {
    unmet.push({ name: "memory", required: formatByteSize(memory), got: bytesOrNull(facts.memory) });
  }
  if (disk !== undefined && !(facts.disk !== undefined && facts.disk >= disk + updateBytes)) {
    const update = updateBytes === 0 ? "" : ` beside the ${formatByteSize(updateBytes)} of the update`;
    unmet.push({ name: "disk", required: `${formatByteSize(disk)}${update}`, got: bytesOrNull(facts.disk) });
  }
  for (const name of requires.unknown ?? [])
    unmet.push({ name, required: ONLY_A_NEWER_ONE_KNOWS, got: null });
  return unmet;
}

const ONLY_A_NEWER_ONE_KNOWS = "which this version of Fairlead does not know";

function bytesOrNull(bytes: number | undefined): string | null {
  return bytes === undefined ? null : formatByteSize(bytes);
}

function rangeOf(ranges: NonNullable<Requirements["os"]>, id: string | undefined): FactRange | undefined {
  return id !== undefined && Object.hasOwn(ranges, id) ? ranges[id] : undefined;
}

/** Verdicts by range and fact: a fleet has few of either, and each device is asked about many versions. */
const verdicts = new Map<FactRange, Map<string, boolean>>();
const MOST_VERDICTS = 1024;

function isInRange(fact: string | undefined, range: FactRange | undefined): boolean {
  if (fact === undefined || range === undefined) return false;
  let known = verdicts.get(range);
  if (known === undefined) {
    known = new Map();
    if (verdicts.size >= MOST_VERDICTS) verdicts.clear();
    verdicts.set(range, known);
  }
  let verdict = known.get(fact);
  if (verdict === undefined) {
    verdict = isVersion("dotted", fact) && isRange("dotted", range) && versionInRange("dotted", fact, range);
    if (known.size >= MOST_VERDICTS) known.clear();
    known.set(fact, verdict);
  }
  return verdict;
}

/** Both values in a sentence: `glibc >=2.34 is required, and this machine has 2.31`. */
export function describeUnmet({ name, required, got }: UnmetRequirement): string {
  if (required === ONLY_A_NEWER_ONE_KNOWS) return `it requires ${printable(name)}, ${required}`;
  const has = got === null ? "has none, or it could not be found out" : `has ${printable(got)}`;
  return `${name} ${printable(required)} is required, and this machine ${has}`;
}

/**
 * Both values as short as a list of many machines needs it: `glibc 2.31 < 2.34`. What differs from machine to machine,
 * such as free space, is left out, so that those with one cause have one text.
 */
export function summariseUnmet({ name, required, got }: UnmetRequirement): string {
  const what = printable(required);
  if (required === ONLY_A_NEWER_ONE_KNOWS) return `${printable(name)} is required, ${what}`;
  if (got === null) return `${name} ${what} is required, and none is known`;
  if (name === "memory" || name === "disk") return `${name} below ${what}`;
  if (name === "cpu") return `cpu without ${what}`;
  if (name === "os") return `${printable(got)} is not ${what}`;
  const least = onlyLowerBound(required);
  return least === undefined
    ? `${name} ${printable(got)} is not in ${what}`
    : `${name} ${printable(got)} < ${least}`;
}

/** The bound of a range that says `>=` and nothing else. */
function onlyLowerBound(range: FactRange): string | undefined {
  if (!isRange("dotted", range)) return undefined;
  const [[only, ...more] = [], ...others] = rangeComparators("dotted", range);
  return only?.operator === ">=" && more.length === 0 && others.length === 0 ? only.bound : undefined;
}
