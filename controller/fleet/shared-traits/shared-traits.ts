import type { DeviceOutcome } from "../store/fleet-store.ts";
import { cpuKey, describeTrait, type Trait, traitsOf } from "./device-traits.ts";
import { LogFactorials, logFisher, type Split } from "./fisher-exact.ts";

/** What failed machines share and healthy ones do not. */
export interface SharedTrait extends Split {
  /** One; two where one alone does not explain it. */
  readonly traits: readonly Trait[];
  /** Other traits that exactly the same machines have: the data cannot tell them apart. */
  readonly also: readonly Trait[];
  /** Machines that have it and have not tried the version yet. */
  readonly more: number;
  /** Probability, at most, that chance alone brings any of the looked at traits this far; see `sharedTraits`. */
  readonly chance: number;
  /** For people: one line, lower case, no full stop. */
  readonly text: string;
}

/** Findings that chance brings about less often than this are shown. */
const LARGEST_CHANCE = 0.01;
/** Traits that are looked at closely: pairs are made of these. */
const MOST_CANDIDATES = 32;
const MOST_FINDINGS = 5;
/** Two traits say more than one only where chance is so much less likely. */
const PAIR_GAIN = 100;

/**
 * What the failed machines have and the healthy ones have not, best explained first: traits are ranked by Fisher's exact
 * test. With many traits one of them stands out by chance, so each probability is multiplied by the number of traits that were
 * looked at (Bonferroni: O. J. Dunn, Multiple Comparisons Among Means, JASA 56, 1961). What the cause is remains for people to
 * find: this says where to look.
 *
 * The work is one pass over the devices for single traits, and one over a bounded number of pairs.
 *
 * @param outcomes a device whose `outcome` is `null` has not tried the version yet; `excused` says nothing of the version
 * @param areAll   false: there are more that have not tried it, so that `more` is a lower bound
 */
export function sharedTraits(outcomes: readonly DeviceOutcome[], areAll = true): readonly SharedTrait[] {
  const rows = outcomes.filter(({ outcome }) => outcome !== "excused");
  const failed = rows.filter(({ outcome }) => outcome === "failed");
  const healthy = rows.filter(({ outcome }) => outcome === "confirmed");
  const waiting = rows.filter(({ outcome }) => outcome === null);
  // With one failure, or nothing to compare with, anything would do as an explanation.
  if (failed.length < 2 || healthy.length === 0) return [];

  const logs = new LogFactorials(failed.length + healthy.length);
  const counts = countTraits(failed, healthy, waiting);
  const totals = { ofFailed: failed.length, ofHealthy: healthy.length };
  const looked = counts.filter((count) => count.failed >= fewestOf(failed.length));
  const singles = looked
    .filter((count) => count.failed * healthy.length > count.healthy * failed.length)
    .map((count) => ({ ...count, log: logFisher({ ...count, ...totals }, logs) }))
    .sort(byEvidence)
    .slice(0, MOST_CANDIDATES);

  const members = membersOf(singles, [...failed, ...healthy, ...waiting]);
  const ranked: Finding[] = singles.map((single, index) => ({
    ...single,
    traits: [single.trait],
    members: members[index] ?? new Uint8Array(),
    chance: correct(single.log, looked.length),
  }));
  const explains = ranked.some(({ failed, healthy }) => failed === totals.ofFailed && healthy === 0);
  const pairs = explains ? [] : pairsOf(ranked, totals, logs, looked.length);
  const findings = [...ranked, ...pairs]
    .filter(({ chance }) => chance < LARGEST_CHANCE)
    .sort((a, b) => a.chance - b.chance || byEvidence(a, b) || a.traits.length - b.traits.length);
  return withoutRepeats(findings)
    .slice(0, MOST_FINDINGS)
    .map((finding) => shown(finding, totals, areAll));
}

/** What fewer of the failed share is no reason for the others. */
function fewestOf(failed: number): number {
  return Math.max(2, Math.ceil(failed / 10));
}

interface TraitCount {
  readonly trait: Trait;
  failed: number;
  healthy: number;
  more: number;
}

type Kind = "failed" | "healthy" | "more";

/** Only traits that a failed device has: all others are passed over as they come. */
function countTraits(
  failed: readonly DeviceOutcome[],
  healthy: readonly DeviceOutcome[],
  waiting: readonly DeviceOutcome[],
): TraitCount[] {
  const counts = new Map<string, TraitCount>();
  for (const { device } of failed) {
    for (const trait of traitsOf(device)) {
      const key = keyOf(trait);
      const count = counts.get(key) ?? { trait, failed: 0, healthy: 0, more: 0 };
      count.failed++;
      counts.set(key, count);
    }
  }
  const fewest = fewestOf(failed.length);
  for (const [key, count] of counts) if (count.failed < fewest) counts.delete(key);
  const add = (rows: readonly DeviceOutcome[], kind: Kind): void => {
    for (const { device } of rows) {
      for (const trait of traitsOf(device)) {
        const count = counts.get(keyOf(trait));
        if (count !== undefined) count[kind]++;
      }
    }
  };
  add(healthy, "healthy");
  add(waiting, "more");
  return [...counts.values(), ...countMissingFeatures({ failed, healthy, more: waiting })];
}

/** What the processors of failed machines lack, of all that any processor has. */
function countMissingFeatures(rows: Readonly<Record<Kind, readonly DeviceOutcome[]>>): TraitCount[] {
  const kinds = new Map<string, Record<Kind, number>>();
  for (const kind of ["failed", "healthy", "more"] as const) {
    for (const { device } of rows[kind]) {
      const key = cpuKey(device);
      if (key === null) continue;
      const count = kinds.get(key) ?? { failed: 0, healthy: 0, more: 0 };
      count[kind]++;
      kinds.set(key, count);
    }
  }
  const processors = [...kinds]
    .sort(([, a], [, b]) => total(b) - total(a))
    .slice(0, MOST_PROCESSORS)
    .map(([key, count]) => ({ features: new Set(key.split(" ")), count }));
  const features = new Set(processors.flatMap(({ features }) => [...features]));
  return [...features].map((value) => {
    const missing: TraitCount = {
      trait: { name: "facts.cpu", is: "without", value },
      failed: 0,
      healthy: 0,
      more: 0,
    };
    for (const { features, count } of processors) {
      if (features.has(value)) continue;
      missing.failed += count.failed;
      missing.healthy += count.healthy;
      missing.more += count.more;
    }
    return missing;
  });
}

const MOST_PROCESSORS = 200;

function total({ failed, healthy, more }: Record<Kind, number>): number {
  return failed + healthy + more;
}

function keyOf({ name, value }: Trait): string {
  return `${name}\0${value}`;
}

interface Finding {
  readonly traits: readonly Trait[];
  readonly failed: number;
  readonly healthy: number;
  readonly more: number;
  /** Logarithm of the uncorrected probability. */
  readonly log: number;
  readonly chance: number;
  /** For each device, failed ones first: 1 where it has all of the traits. */
  readonly members: Uint8Array;
}

interface Ranked {
  readonly log: number;
  readonly failed: number;
  readonly healthy: number;
}

/** Numbers of the log of a factorial differ in their last digits: what differs there alone is equal. */
function byEvidence(a: Ranked, b: Ranked): number {
  const difference = a.log - b.log;
  return Math.abs(difference) > 1e-9 ? difference : b.failed - a.failed || a.healthy - b.healthy;
}

function correct(log: number, tests: number): number {
  return Math.min(1, Math.exp(log + Math.log(Math.max(1, tests))));
}

function membersOf(
  singles: readonly { readonly trait: Trait }[],
  rows: readonly DeviceOutcome[],
): Uint8Array[] {
  const members = singles.map(() => new Uint8Array(rows.length));
  const indexes = new Map(singles.map(({ trait }, index) => [keyOf(trait), index]));
  const lacking = singles.flatMap(({ trait }, index) => (trait.is === "without" ? [{ trait, index }] : []));
  for (const [row, { device }] of rows.entries()) {
    const mark = (index: number | undefined): void => {
      const member = index === undefined ? undefined : members[index];
      if (member !== undefined) member[row] = 1;
    };
    for (const trait of traitsOf(device)) mark(indexes.get(keyOf(trait)));
    const cpu = device.facts?.cpu;
    if (cpu === undefined) continue;
    for (const { trait, index } of lacking) if (!cpu.includes(trait.value)) mark(index);
  }
  return members;
}

/** Pairs that say much more than each of the two. */
function pairsOf(
  singles: readonly Finding[],
  totals: Pick<Split, "ofFailed" | "ofHealthy">,
  logs: LogFactorials,
  looked: number,
): Finding[] {
  const tests = looked + (singles.length * (singles.length - 1)) / 2;
  const pairs: Finding[] = [];
  for (const [index, a] of singles.entries()) {
    for (const b of singles.slice(index + 1)) {
      const members = a.members.map((has, row) => has & (b.members[row] ?? 0));
      const split = { ...countMembers(members, totals), ...totals };
      if (split.failed < fewestOf(totals.ofFailed)) continue;
      const log = logFisher(split, logs);
      if (log + Math.log(PAIR_GAIN) > Math.min(a.log, b.log)) continue;
      pairs.push({ ...split, traits: [...a.traits, ...b.traits], log, chance: correct(log, tests), members });
    }
  }
  return pairs;
}

function countMembers(members: Uint8Array, { ofFailed, ofHealthy }: Pick<Split, "ofFailed" | "ofHealthy">) {
  const count = (from: number, to: number): number => {
    let sum = 0;
    for (let row = from; row < to; row++) sum += members[row] ?? 0;
    return sum;
  };
  const tried = ofFailed + ofHealthy;
  return {
    failed: count(0, ofFailed),
    healthy: count(ofFailed, tried),
    more: count(tried, members.length),
  };
}

interface Distinct extends Finding {
  readonly also: Trait[];
}

/** Those that the same machines have are one finding; the first of them names it. */
function withoutRepeats(findings: readonly Finding[]): Distinct[] {
  const distinct: Distinct[] = [];
  for (const finding of findings) {
    const same = distinct.find(({ members }) => isEqual(members, finding.members));
    if (same === undefined) distinct.push({ ...finding, also: [] });
    else if (finding.traits.length === 1) same.also.push(...finding.traits);
  }
  return distinct;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function shown(
  { traits, also, failed, healthy, more, chance }: Distinct,
  { ofFailed, ofHealthy }: Pick<Split, "ofFailed" | "ofHealthy">,
  areAll: boolean,
): SharedTrait {
  const what = traits.map(describeTrait).join(" and ");
  const others = healthy === 0 ? `none of ${ofHealthy}` : `${healthy} of ${ofHealthy}`;
  const next = more === 0 ? "" : `; ${areAll ? "" : "at least "}${more} more have it`;
  const text = `${failed} of ${ofFailed} that failed have ${what}, and ${others} that are healthy${next}`;
  return { traits, also, failed, ofFailed, healthy, ofHealthy, more, chance, text };
}
