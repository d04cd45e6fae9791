// Imported by their paths: the index of semver loads forty files more, which would slow every start of an agent.
import type { SemVer } from "semver";
import SemverRange from "semver/classes/range.js";
import parse from "semver/functions/parse.js";
import { quote } from "./printable.ts";
import { ProtocolError } from "./protocol-error.ts";

/** How a product counts its versions. `dotted`: any number of numeric parts, compared left to right. */
export const VERSION_SCHEMES = ["semver", "dotted"] as const;
export type VersionScheme = (typeof VERSION_SCHEMES)[number];

const DOTTED = /^\d{1,15}(\.\d{1,15}){0,9}$/;
const MAX_VERSION_LENGTH = 64;

/** Versions parsed before. A decision compares the same few repeatedly, and parsing is expensive. */
const known = new Map<string, SemVer | null>();
const MAX_KNOWN = 4096;

function parseSemver(text: string): SemVer | null {
  let version = known.get(text);
  if (version === undefined) {
    version = text.length > MAX_VERSION_LENGTH ? null : parse(text);
    if (version?.version !== text) version = null;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, version);
  }
  return version;
}

/** Whether `text` is a version of `scheme`, written exactly (no `v`, no blanks, no build metadata). */
export function isVersion(scheme: VersionScheme, text: string): boolean {
  switch (scheme) {
    case "semver":
      return parseSemver(text) !== null;
    case "dotted":
      return text.length <= MAX_VERSION_LENGTH && DOTTED.test(text);
  }
}

/** Ranges parsed before, for the same reason; `null`: not a range. */
const knownRanges = new Map<string, SemverRange | null>();

function parseSemverRange(text: string): SemverRange | null {
  let range = knownRanges.get(text);
  if (range === undefined) {
    range = readSemverRange(text);
    if (knownRanges.size >= MAX_KNOWN) knownRanges.clear();
    knownRanges.set(text, range);
  }
  return range;
}

const NUMBER = "(?:0|[1-9]\\d*)";
const PRERELEASE_PART = `(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)`;
const PRERELEASE = `(?:-${PRERELEASE_PART}(?:\\.${PRERELEASE_PART})*)`;
/** A version of which numbers may be missing, at its end: `1.2.3-rc.1`, `1.2`, `1.x`, `*`. */
const PARTIAL = [
  `${NUMBER}\\.${NUMBER}\\.${NUMBER}${PRERELEASE}?`,
  `${NUMBER}(?:\\.${NUMBER})?(?:\\.[xX*]){0,2}`,
  "\\*(?:\\.[xX*]){0,2}",
].join("|");
const CONDITION = `(?:>=|<=|>|<|=|~|\\^)?\\s*(?:${PARTIAL})`;
/**
 * What a range may look like (docs/protocol.md, "Ranges"). node-semver reads more spellings (`v1.2`, `~>1.2`, build
 * metadata), which agents in other languages would read as something else, or not at all.
 */
const SEMVER_ALTERNATIVE = new RegExp(
  `^(?:(?:${PARTIAL})\\s+-\\s+(?:${PARTIAL})|${CONDITION}(?:\\s+${CONDITION})*)$`,
);

function readSemverRange(text: string): SemverRange | null {
  if (!text.split("||").every((alternative) => SEMVER_ALTERNATIVE.test(alternative.trim()))) return null;
  try {
    return new SemverRange(text, { includePrerelease: true });
  } catch {
    return null;
  }
}

/** Whether the version is one of those before a finished one: `1.5.0-rc.1`. `dotted` has none. */
export function isPrerelease(scheme: VersionScheme, version: string): boolean {
  switch (scheme) {
    case "semver":
      return (parseSemver(version)?.prerelease.length ?? 0) > 0;
    case "dotted":
      return false;
  }
}

function requireVersion(scheme: VersionScheme, text: string): void {
  if (!isVersion(scheme, text)) throw badVersion(scheme, text);
}

function requireSemver(text: string): SemVer {
  const version = parseSemver(text);
  if (version === null) throw badVersion("semver", text);
  return version;
}

function badVersion(scheme: VersionScheme, text: string): ProtocolError {
  return new ProtocolError("protocol/bad-version", `expected a ${scheme} version, got ${quote(text)}`);
}

/**
 * Order of two versions: negative when `a` is older, 0 when equal, positive when newer.
 *
 * @throws ProtocolError `protocol/bad-version`
 */
export function compareVersions(scheme: VersionScheme, a: string, b: string): number {
  switch (scheme) {
    case "semver":
      return requireSemver(a).compare(requireSemver(b));
    case "dotted":
      requireVersion(scheme, a);
      requireVersion(scheme, b);
      return compareDotted(a, b);
  }
}

/** `1.4` and `1.4.0` are equal: a missing part counts as 0. */
function compareDotted(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = Number(left[i] ?? "0") - Number(right[i] ?? "0");
    if (difference !== 0) return difference;
  }
  return 0;
}

const DOTTED_COMPARATOR = /^(>=|<=|>|<|=)?(\d{1,15}(?:\.\d{1,15}){0,9})$/;

/** What is a blank elsewhere differs from one language to the next. */
const RANGE_CHARACTERS = /^[\t\x20-\x7e]*$/;

/** Whether `range` can be read: node-semver ranges, or for `dotted` comparators joined by blanks and `||`. */
export function isRange(scheme: VersionScheme, range: string): boolean {
  if (range.length > 256 || !RANGE_CHARACTERS.test(range)) return false;
  // node-semver reads an empty alternative (`>=1.2.0 ||`) as "any version": a slip must not open everything.
  if (range.split("||").some((alternative) => alternative.trim() === "")) return false;
  switch (scheme) {
    case "semver":
      return parseSemverRange(range) !== null;
    case "dotted":
      return range.split("||").every((part) =>
        part
          .trim()
          .split(/\s+/)
          .every((comparator) => DOTTED_COMPARATOR.test(comparator)),
      );
  }
}

/**
 * Whether `version` lies in `range`. Pre-releases count like any other version: `1.5.0-rc.1` is in `>=1.4.0`.
 *
 * @throws ProtocolError `protocol/bad-range` or `protocol/bad-version`; a range that cannot be read never matches by accident
 */
export function versionInRange(scheme: VersionScheme, version: string, range: string): boolean {
  requireVersion(scheme, version);
  requireRange(scheme, range);
  switch (scheme) {
    case "semver":
      return parseSemverRange(range)?.test(requireSemver(version)) === true;
    case "dotted":
      return range.split("||").some((part) =>
        part
          .trim()
          .split(/\s+/)
          .every((comparator) => dottedComparatorHolds(version, comparator)),
      );
  }
}

function requireRange(scheme: VersionScheme, range: string): void {
  if (isRange(scheme, range)) return;
  throw new ProtocolError(
    "protocol/bad-range",
    `expected a ${scheme} range such as >=1.2.0, got ${quote(range)}`,
  );
}

/** One condition of a range; all of an alternative must hold. */
export interface RangeComparator {
  readonly operator: ">=" | "<=" | ">" | "<" | "=";
  readonly bound: string;
}

/**
 * A range as its alternatives, each a list of comparators; an empty list accepts every version.
 *
 * @throws ProtocolError `bad-range`
 */
export function rangeComparators(scheme: VersionScheme, range: string): readonly RangeComparator[][] {
  requireRange(scheme, range);
  switch (scheme) {
    case "semver":
      return (parseSemverRange(range)?.set ?? []).map((alternative) =>
        alternative
          .filter(({ value }) => value !== "")
          .map(({ operator, semver }) => ({ operator: operator || "=", bound: semver.version })),
      );
    case "dotted":
      return range.split("||").map((alternative) =>
        alternative
          .trim()
          .split(/\s+/)
          .map((text) => {
            const [, operator = "=", bound = ""] = DOTTED_COMPARATOR.exec(text) ?? [];
            return { operator: operator as RangeComparator["operator"], bound };
          }),
      );
  }
}

function dottedComparatorHolds(version: string, comparator: string): boolean {
  const [, operator = "=", bound = ""] = DOTTED_COMPARATOR.exec(comparator) ?? [];
  const order = compareDotted(version, bound);
  switch (operator) {
    case ">=":
      return order >= 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case "<":
      return order < 0;
    default:
      return order === 0;
  }
}
