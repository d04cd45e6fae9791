import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Barriers } from "../../protocol/barriers.ts";
import { spansInRange } from "../../protocol/range-bounds.ts";
import type { Release } from "../../protocol/release.ts";
import { type UpgradePath, upgradePath, WaysTo } from "../../protocol/upgrade-path.ts";
import { compareVersions, isPrerelease, type VersionScheme, versionInRange } from "../../protocol/version.ts";

const RUNS = { numRuns: 2000 };

const digit = fc.integer({ min: 0, max: 3 });
const semver = fc
  .tuple(digit, digit, digit, fc.constantFrom("", "", "", "-rc.1", "-alpha"))
  .map(([major, minor, patch, pre]) => `${major}.${minor}.${patch}${pre}`);
const dotted = fc.array(digit, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."));

function rangeOf(version: fc.Arbitrary<string>, operators: readonly string[]): fc.Arbitrary<string> {
  const comparator = fc.tuple(fc.constantFrom(...operators), version).map(([op, v]) => `${op}${v}`);
  const alternative = fc.array(comparator, { minLength: 1, maxLength: 3 }).map((all) => all.join(" "));
  return fc.array(alternative, { minLength: 1, maxLength: 3 }).map((all) => all.join(" || "));
}

const OPERATORS = [">=", "<=", ">", "<", "=", ""];
const schemes: readonly {
  scheme: VersionScheme;
  version: fc.Arbitrary<string>;
  range: fc.Arbitrary<string>;
}[] = [
  {
    scheme: "semver",
    version: semver,
    range: fc.oneof(rangeOf(semver, [...OPERATORS, "^", "~"]), fc.constantFrom("*", "1.x", "1.0.0 - 2.1.0")),
  },
  { scheme: "dotted", version: dotted, range: rangeOf(dotted, OPERATORS) },
];

function release(version: string, upgradeFrom: string | undefined, isBarrier: boolean): Release {
  return {
    version,
    active: true,
    severity: "normal",
    artifacts: [],
    ...(upgradeFrom === undefined ? {} : { upgradeFrom }),
    ...(isBarrier ? { barrier: {} } : {}),
  };
}

/** `accepts`, asked of every barrier one by one. */
function acceptsOneByOne(
  scheme: VersionScheme,
  all: readonly Release[],
  target: Release,
  from: string,
): boolean {
  if (target.upgradeFrom !== undefined && !versionInRange(scheme, from, target.upgradeFrom)) return false;
  return !all.some(
    ({ version, barrier }) =>
      barrier !== undefined &&
      compareVersions(scheme, from, version) < 0 &&
      compareVersions(scheme, version, target.version) < 0 &&
      (isPrerelease(scheme, target.version) || !isPrerelease(scheme, version)),
  );
}

/** The same question asked without any cleverness: every step is tried, newest first. */
function searchEverything(
  scheme: VersionScheme,
  all: readonly Release[],
  usable: readonly Release[],
  installed: string,
  target: Release,
): UpgradePath | undefined {
  if (acceptsOneByOne(scheme, all, target, installed)) return [target.version];
  const steps = usable
    .filter(({ version }) => compareVersions(scheme, version, target.version) < 0)
    .filter(({ version }) => compareVersions(scheme, version, installed) > 0)
    .filter(({ version }) => isPrerelease(scheme, target.version) || !isPrerelease(scheme, version))
    .toSorted((a, b) => compareVersions(scheme, b.version, a.version));
  for (const step of steps) {
    if (!acceptsOneByOne(scheme, all, step, installed)) continue;
    const rest = searchEverything(scheme, all, usable, step.version, target);
    if (rest !== undefined) return [step.version, ...rest];
  }
  return undefined;
}

for (const { scheme, version, range } of schemes) {
  const releases = fc
    .uniqueArray(fc.tuple(version, fc.option(range, { nil: undefined }), fc.integer({ min: 0, max: 3 })), {
      minLength: 1,
      maxLength: 8,
      comparator: ([a], [b]) => compareVersions(scheme, a, b) === 0,
    })
    .map((all) => all.map(([v, from, kind]) => release(v, from, kind === 0)));

  describe(`ways to a ${scheme} version`, () => {
    it("hold the members of a range that asking each version finds", () => {
      fc.assert(
        fc.property(fc.array(version, { maxLength: 12 }), range, (versions, asked) => {
          const sorted = versions.toSorted((a, b) => compareVersions(scheme, a, b));
          const spans = spansInRange(scheme, asked, sorted);
          const found = sorted.filter((_, index) =>
            spans.some(({ from, to }) => from <= index && index < to),
          );
          assert.deepEqual(
            found,
            sorted.filter((one) => versionInRange(scheme, one, asked)),
          );
        }),
        RUNS,
      );
    });

    it("are those that trying every step finds", () => {
      fc.assert(
        fc.property(releases, fc.nat(), version, (all, gone, installed) => {
          const target = all.reduce((a, b) => (compareVersions(scheme, a.version, b.version) > 0 ? a : b));
          const usable = all.filter((_, index) => index !== gone);
          assert.deepEqual(
            upgradePath(scheme, usable, installed, target, new Barriers(scheme, all)),
            searchEverything(scheme, all, usable, installed, target),
          );
        }),
        RUNS,
      );
    });

    it("strand just the versions from which no way leads on", () => {
      fc.assert(
        fc.property(releases, fc.array(version, { maxLength: 12 }), (usable, versions) => {
          const [target] = usable;
          if (target === undefined) return;
          const sorted = versions.toSorted((a, b) => compareVersions(scheme, a, b));
          const ways = new WaysTo(scheme, usable, target, new Barriers(scheme, usable));
          assert.deepEqual(
            ways.stranded(sorted),
            sorted
              .filter((one) => compareVersions(scheme, one, target.version) < 0)
              .filter((one) => ways.from(one) === undefined),
          );
        }),
        RUNS,
      );
    });
  });
}
