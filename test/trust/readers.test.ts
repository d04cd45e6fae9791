import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { delegationMatches, pathMatches } from "../../agent/trust/match-path.ts";
import { readSigned } from "../../agent/trust/read-signed.ts";
import { TrustError } from "../../agent/trust/trust-error.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { readProductPolicy, readTenantPolicy } from "../../protocol/read-policy.ts";
import { readReleases } from "../../protocol/read-release.ts";
import { signedScheme } from "../../protocol/release.ts";
import type { TargetFile, TargetsRole } from "../../protocol/tuf/roles.ts";
import { makeRepository, NOW, PRODUCT, PRODUCT_POLICY, withCode } from "./made-repository.ts";

const scope = {
  channel: "beta",
  paused: { reason: "audit" },
  products: { lantern: { pin: { version: "1.0.0" } } },
};
const TENANT_POLICY = {
  kind: "tenant",
  schemaVersion: 1,
  tenant: "acme",
  window: { days: ["sat"], start: "02:00", duration: 3600, timeZone: "Europe/Berlin", onReturn: "now" },
  sites: { berlin: scope },
  groups: [{ name: "canaries", devices: ["d-1"], autoUpdate: false }],
  devices: { "d-1": scope },
};
const ROLLOUT = {
  strategy: "linear",
  waves: [
    { ppm: 10_000, after: 0 },
    { ppm: 1_000_000, after: 3600 },
  ],
  canary: { devices: ["d-1"], groups: ["acme/canaries"] },
  gate: {
    maxFailure: 20_000,
    minReports: 20,
    silentAfter: 86_400,
    confidence: 990_000,
    causes: ["silent", "a-cause-of-tomorrow"],
    maxTenantShare: 300_000,
  },
};

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

function refused(pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof ProtocolError && error.code === "protocol/bad-document", String(error));
    assert.match(error.message, pattern);
    return true;
  };
}

test("policy documents come back as they were written", () => {
  const channels = {
    stable: { ...PRODUCT_POLICY.channels.stable, rollout: ROLLOUT, halted: { reason: "x", at: NOW } },
  };
  const product = { ...PRODUCT_POLICY, channels };
  assert.deepEqual(plain(readProductPolicy(bytes(product))), product);
  assert.deepEqual(plain(readTenantPolicy(bytes(TENANT_POLICY))), TENANT_POLICY);
});

test("a check interval of more than a day is read as a day: an old agent must not refuse the policy", () => {
  const read = (checkInterval: number) =>
    readProductPolicy(bytes({ ...PRODUCT_POLICY, fleet: { defaultChannel: "stable", checkInterval } })).fleet;
  assert.deepEqual(
    [0, 300, 86_400, 86_401, 10 ** 15].map((seconds) => read(seconds).checkInterval),
    [0, 300, 86_400, 86_400, 86_400],
  );
});

test("what a policy document may not say is refused with its place", () => {
  const product = (change: object) => () => readProductPolicy(bytes({ ...PRODUCT_POLICY, ...change }));
  const rollout = (waves: object[]) =>
    product({ channels: { stable: { ...PRODUCT_POLICY.channels.stable, rollout: { ...ROLLOUT, waves } } } });
  assert.throws(product({ pausd: {} }), refused(/^\/pausd: unknown key, expected one of kind/));
  assert.throws(product({ paused: true }), refused(/^\/paused: expected an object, got true/));
  assert.throws(product({ paused: null }), refused(/^\/paused: expected an object, got null/));
  assert.throws(product({ yanked: [1] }), refused(/^\/yanked\/0: expected a version, got 1/));
  assert.throws(product({ channels: { "../x": {} } }), refused(/^\/channels\/..~1x: expected lower-case/));
  assert.throws(product({ kind: "tenant" }), refused(/^\/kind: expected "product", got "tenant"/));
  assert.throws(product({ schemaVersion: 2 }), refused(/newer than this program/));
  assert.throws(rollout([{ ppm: 10, after: 0 }]), refused(/waves that end at 1000000 ppm/));
  assert.throws(
    rollout([
      { ppm: 1_000_000, after: 9 },
      { ppm: 1_000_000, after: 3 },
    ]),
    refused(/waves\/1: expected a wave/),
  );
  assert.throws(() => readTenantPolicy(bytes(PRODUCT_POLICY)), refused(/./));
});

test("what is not JSON in UTF-8, or too deep, is refused before it is walked", () => {
  for (const hostile of [
    Buffer.alloc(0),
    Buffer.from("{"),
    Buffer.from([0x22, 0xff, 0x22]),
    Buffer.from("\ufeff{}"),
    Buffer.from("[".repeat(1_000_000)),
    Buffer.from(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`),
  ]) {
    assert.throws(() => readProductPolicy(hostile), refused(/./));
  }
});

test("any JSON is read or refused with `bad-document`, and nothing reaches a prototype", () => {
  const key = fc.constantFrom(
    "__proto__",
    "constructor",
    "channels",
    "fleet",
    "kind",
    "sites",
    "devices",
    "products",
  );
  const hostile = fc.dictionary(key, fc.jsonValue());
  fc.assert(
    fc.property(
      hostile,
      fc.constantFrom(...Object.keys(PRODUCT_POLICY)),
      fc.jsonValue(),
      (odd, name, value) => {
        for (const [read, document] of [
          [readProductPolicy, { ...PRODUCT_POLICY, [name]: value }],
          [readProductPolicy, { ...PRODUCT_POLICY, ...odd }],
          [readTenantPolicy, { ...TENANT_POLICY, ...odd }],
          [readTenantPolicy, odd],
        ] as const) {
          try {
            read(bytes(document));
          } catch (error) {
            if (!(error instanceof ProtocolError) || error.code !== "protocol/bad-document") throw error;
          }
        }
        assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
      },
    ),
    { numRuns: 300 },
  );
  const proto = `{"__proto__":{"polluted":true},${JSON.stringify(TENANT_POLICY).slice(1)}`;
  assert.throws(() => readTenantPolicy(Buffer.from(proto)), refused(/^\/__proto__: unknown key/));
});

const SHA256 = "ab".repeat(32);

function artifact(version: string, platform = "linux-x64", change: object = {}, name: string = PRODUCT) {
  const custom = { product: PRODUCT, version, platform, format: "binary", severity: "normal", ...change };
  const file: TargetFile = { length: 5, hashes: { sha256: SHA256 }, custom };
  return [`releases/${PRODUCT}/${version}/${platform}/${name}`, file] as const;
}

function role(...targets: (readonly [string, TargetFile])[]): TargetsRole {
  const head = {
    _type: "targets",
    spec_version: "1.0.31",
    version: 1,
    expires: "2027-01-31T00:00:00Z",
  } as const;
  return { ...head, targets: Object.fromEntries(targets) };
}

test("a release role becomes its versions, with what the release key says of each", () => {
  const said = { upgradeFrom: ">=1.0.0", rollbackTo: ">=1.0.0", releaseNotes: "Fixes.", active: false };
  const releases = readReleases(
    PRODUCT,
    role(artifact("1.0.0"), artifact("1.1.0", "linux-x64", said), artifact("1.1.0", "linux-arm64", said)),
  );
  assert.deepEqual(
    releases.map(({ version, active, artifacts }) => [version, active, artifacts.length]),
    [
      ["1.0.0", true, 1],
      ["1.1.0", false, 2],
    ],
  );
  assert.equal(releases[1]?.rollbackTo, ">=1.0.0");
});

test("a release role that contradicts itself is refused as a whole", () => {
  const cases: [TargetsRole, RegExp][] = [
    [
      role(artifact("1.0.0"), artifact("1.0.0", "linux-arm64", { rollbackTo: ">=0.1.0" })),
      /custom\/rollbackTo: expected nothing/,
    ],
    [
      role(artifact("1.0.0"), artifact("1.0.0", "linux-arm64", { barrier: { reason: "a new format" } })),
      /custom\/barrier: expected nothing/,
    ],
    [role(artifact("1.0.0"), artifact("1.0.0", "linux-x64", {}, "second")), /got a second one/],
    [role(artifact("1.0.0", "linux-x64", { product: "other" })), /custom\/product: expected "lantern"/],
    [
      role(artifact("1.0.0", "linux-x64", { version: "2.0.0" })),
      /expected the path releases\/lantern\/2.0.0/,
    ],
    [role(artifact("1.0.0", "linux-x64", { platform: "linux-arm64" })), /expected the path/],
    [role(artifact("1.0.0", "linux-x64", {}, "..")), /plain file name/],
    [
      role(artifact("1.0.0"), artifact("1.1.0", "linux-x64", { versionScheme: "dotted" })),
      /custom\/versionScheme: expected semver as in the other versions of lantern, got "dotted"/,
    ],
    [
      role(artifact("1.0.0", "linux-x64", { versionScheme: "calendar" })),
      /custom\/versionScheme: expected "semver" or "dotted"/,
    ],
    [
      role(["releases/lantern/1.0.0/linux-x64/x", { length: 5, hashes: { sha256: SHA256 } }]),
      /custom: expected an object/,
    ],
    [role([artifact("1.0.0")[0], { ...artifact("1.0.0")[1], hashes: { sha512: SHA256 } }]), /hashes\/sha256/],
    [role([artifact("1.0.0")[0], { ...artifact("1.0.0")[1], length: -1 }]), /length/],
  ];
  for (const [document, pattern] of cases)
    assert.throws(() => readReleases(PRODUCT, document), refused(pattern));
});

test("the scheme in which versions are counted is what was signed, and semver where nothing was", () => {
  const schemes = (...more: object[]) =>
    readReleases(
      PRODUCT,
      role(...more.map((said, index) => artifact(`1.${index}.0`, "linux-x64", said))),
    ).map(signedScheme);
  assert.deepEqual(schemes({}, { versionScheme: "semver" }), ["semver", "semver"]);
  assert.deepEqual(schemes({ versionScheme: "dotted" }, { versionScheme: "dotted" }), ["dotted", "dotted"]);
});

test("what a later builder says more does not keep a machine from its update", () => {
  const releases = readReleases(
    PRODUCT,
    role(
      artifact("1.0.0", "linux-x64", { signedOffBy: "release team" }),
      artifact("1.0.0", "linux-arm64", { format: "flatpak" }),
    ),
  );
  assert.deepEqual(
    releases[0]?.artifacts.map(({ platform }) => platform),
    ["linux-x64"],
  );
});

test("metadata of another role, with impossible numbers or dates, or with deep nesting is malformed", () => {
  const timestamp = makeRepository().file("metadata/timestamp.json");
  const { signed, signatures } = JSON.parse(timestamp.toString());
  const read = (change: object) => () =>
    readSigned(
      "timestamp",
      "timestamp.json",
      bytes({ signatures, signed: { ...signed, ...change } }),
      100_000,
    );
  read({ unknown: { fine: [1] } })();
  for (const change of [
    { _type: "snapshot" },
    { version: 0 },
    { version: 1.5 },
    { version: "1" },
    { expires: "2027-02-31" },
    { expires: "2027-13-01T00:00:00Z" },
    { expires: "2027-02-30T00:00:00Z" },
    { expires: "2027-01-31T24:00:00Z" },
    { expires: "2027-01-31T00:00:00+01:00" },
    { meta: {} },
    { meta: { "snapshot.json": { version: 1, hashes: { sha256: 5 } } } },
    { float: 1.5 },
  ]) {
    assert.throws(read(change), withCode("trust/malformed"), JSON.stringify(change));
  }
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      try {
        readSigned("targets", "targets.json", bytes({ signed: value, signatures: [] }), 100_000);
      } catch (error) {
        assert.ok(error instanceof TrustError, String(error));
      }
    }),
  );
});

test("a wildcard stays inside its segment, and matching takes no exponential time", () => {
  assert.ok(pathMatches("releases/lantern/*/*/*", "releases/lantern/1.0.0/linux-x64/lantern"));
  for (const path of [
    "releases/lantern/1.0.0/linux-x64",
    "releases/lantern/a/b/c/d",
    "releases/other/a/b/c",
  ]) {
    assert.ok(!pathMatches("releases/lantern/*/*/*", path), path);
  }
  assert.ok(!pathMatches("releases/**", "releases/a/b"));
  assert.ok(pathMatches("a*c?/x", "abbcd/x"));
  assert.ok(!pathMatches(`${"*a".repeat(50)}b`, "a".repeat(5000)));
  const bin = { name: "bin", keyids: [], threshold: 1, terminating: true, paths: [] };
  assert.ok(delegationMatches({ ...bin, path_hash_prefixes: ["ca978112"] }, "a"));
  assert.ok(!delegationMatches({ ...bin, path_hash_prefixes: ["00"] }, "a"));
});

test("a requirement of tomorrow stops the artifact that has it and nothing else", () => {
  const releases = readReleases(
    PRODUCT,
    role(artifact("1.0.0"), artifact("1.1.0", "linux-x64", { requires: { glibc: ">=2.31", gpu: ["h100"] } })),
  );
  assert.deepEqual(
    releases.map(({ artifacts }) => artifacts[0]?.requires),
    [undefined, { glibc: ">=2.31", unknown: ["gpu"] }],
  );
});

test("an artifact that says something critical of tomorrow is left out, and nothing else is", () => {
  const releases = readReleases(
    PRODUCT,
    role(
      artifact("1.0.0"),
      artifact("1.1.0", "linux-x64", { critical: ["lease"], lease: "30d" }),
      artifact("1.2.0", "linux-x64", { critical: ["barrier"], barrier: { reason: "a new format" } }),
    ),
  );
  assert.deepEqual(
    releases.map(({ version }) => version),
    ["1.0.0", "1.2.0"],
  );
});
