import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "../../protocol/canonical-json.ts";
import { formatDuration, parseDuration } from "../../protocol/duration.ts";
import { ProtocolError, type ProtocolErrorCode } from "../../protocol/protocol-error.ts";
import { formatPpm, parsePercent } from "../../protocol/share.ts";
import { compareVersions, isRange, isVersion, versionInRange } from "../../protocol/version.ts";

const reference: { canonicalize(value: unknown): string } = createRequire(import.meta.url)(
  "@tufjs/canonical-json",
);

function refuses(code: ProtocolErrorCode, act: () => unknown): void {
  assert.throws(act, (error) => error instanceof ProtocolError && error.code === code);
}

describe("canonical JSON", () => {
  it("equals the canonical form of @tufjs for whatever can be signed", () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.string({ unit: "grapheme" }),
        fc.constantFrom('"', "\\", "\n", "\u0000", "😀", "__proto__"),
        fc.array(tie("value")),
        fc.dictionary(fc.string({ unit: "grapheme" }), tie("value")),
      ),
    }));
    fc.assert(
      fc.property(value, (v) => canonicalJson(v) === reference.canonicalize(v)),
      { numRuns: 1000 },
    );
  });
  it("refuses what has no canonical form", () => {
    for (const value of [
      0.5,
      Number.NaN,
      2 ** 53,
      undefined,
      { a: undefined },
      () => 1,
      1n,
      "\ud800",
      { "\udc00": 1 },
    ]) {
      refuses("protocol/bad-canonical-json", () => canonicalJson(value));
    }
  });
});

describe("versions", () => {
  it("are exact: no v, no blanks, no build metadata, no partial ones", () => {
    for (const text of ["1.4.2", "1.4.2-rc.1", "0.0.0"]) assert.ok(isVersion("semver", text), text);
    for (const text of [
      "v1.4.2",
      " 1.4.2",
      "1.4",
      "1.4.2+b",
      "01.4.2",
      "",
      "latest",
      `1.0.0-${"a".repeat(64)}`,
    ]) {
      assert.ok(!isVersion("semver", text), text);
    }
    for (const text of ["7", "4.10.0.1", "2026.11"]) assert.ok(isVersion("dotted", text), text);
    for (const text of ["1.", ".1", "1..2", "1.a", "1.2-rc", "-1"])
      assert.ok(!isVersion("dotted", text), text);
  });
  it("dotted ones are ordered like their parts, and a missing part is 0", () => {
    const parts = fc.array(fc.nat(30), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const difference = [0, 1, 2, 3, 4].map((i) => (a[i] ?? 0) - (b[i] ?? 0)).find((d) => d !== 0) ?? 0;
        assert.equal(Math.sign(compareVersions("dotted", a.join("."), b.join("."))), Math.sign(difference));
      }),
    );
    assert.ok(compareVersions("dotted", "4.9", "4.10") < 0);
    assert.equal(compareVersions("dotted", "4.10", "4.10.0"), 0);
  });
  it("an unreadable version or range is an error, never a match", () => {
    refuses("protocol/bad-version", () => compareVersions("semver", "1.4", "1.4.0"));
    for (const range of ["", " ", "latest", ">=1.2.0 ||", "|| >=1.2.0", ">=x.y", "1".repeat(300)]) {
      assert.ok(!isRange("semver", range), range);
      refuses("protocol/bad-range", () => versionInRange("semver", "1.4.0", range));
    }
    for (const range of ["x", "v1.2", "~>1.2", "==1.2", "1.2.3+7", "\u00a01.2"])
      assert.ok(!isRange("semver", range), range);
    for (const range of ["", "^1.2", ">= 1.2", ">=1.2 ||", "1.x"])
      assert.ok(!isRange("dotted", range), range);
  });
  it("pre-releases count in a range like any other version", () => {
    assert.ok(versionInRange("semver", "1.5.0-rc.1", ">=1.4.0"));
    assert.ok(!versionInRange("semver", "1.4.0-rc.1", ">=1.4.0"));
    assert.ok(versionInRange("dotted", "4.10.1", ">=4.9 <5 || =3"));
  });
});

describe("shares", () => {
  it("are read exactly, and a typing mistake never becomes 0 %", () => {
    assert.equal(parsePercent("2%"), 20_000);
    assert.equal(parsePercent(0.5), 5_000);
    assert.equal(parsePercent("0.0001%"), 1);
    assert.equal(parsePercent("100"), 1_000_000);
    for (const value of [
      "",
      "%",
      "2%%",
      "-1",
      "100.1",
      "101",
      "0.00001",
      "1e1",
      " 2%",
      "2 %",
      "NaN",
      1e-7,
      Number.NaN,
    ]) {
      refuses("protocol/bad-percent", () => parsePercent(value));
    }
  });
  it("are written as they are read", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (ppm) => parsePercent(formatPpm(ppm)) === ppm),
    );
  });
});

describe("durations", () => {
  it("need a unit and may be sums", () => {
    assert.equal(parseDuration("90s"), 90);
    assert.equal(parseDuration("1h30m"), 5400);
    assert.equal(parseDuration("1w"), 604_800);
    assert.equal(parseDuration("0s"), 0);
    for (const text of ["", "4", "4H", "1.5h", "-1h", "4 h", "11y", "3651d", "999999999w"]) {
      refuses("protocol/bad-duration", () => parseDuration(text));
    }
  });
  it("are written with two units, and read back when that is exact", () => {
    assert.equal(formatDuration(0), "0s");
    assert.equal(formatDuration(5400), "1h30m");
    assert.equal(formatDuration(90_061), "1d1h");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_399 }), (s) => {
        const read = parseDuration(formatDuration(s));
        assert.ok(read <= s && s - read < 60);
      }),
    );
  });
});
