import { canonicalJson } from "../../protocol/canonical-json.ts";
import { policyRoles, tenantPolicyPath } from "../../protocol/manifest-names.ts";
import { type UpdateWindow, WEEKDAYS } from "../../protocol/policy.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { readProductPolicy, readTenantPolicy } from "../../protocol/read-policy.ts";
import { readReleases } from "../../protocol/read-release.ts";
import type { TargetsRole } from "../../protocol/tuf/roles.ts";
import { lastClosedOpening, openingAtOrAfter } from "../../protocol/update-window.ts";
import {
  compareVersions,
  isRange,
  isVersion,
  type VersionScheme,
  versionInRange,
} from "../../protocol/version.ts";
import { channel, DAY, HOUR, product, T0, tenant } from "./build-policies.ts";

/** Vectors of what is not a decision: each function says what this implementation does with an input. */

function orNull<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

const JSON_TEXTS = [
  '"\\ud83d"',
  '"\\ude00\\ud83d"',
  '{"\\ud83d":1}',
  "null",
  "true",
  "[]",
  "{}",
  " [ 1 , -2 , 0 ] ",
  "-0",
  "1.0",
  "1e3",
  "9007199254740991",
  "-9007199254740991",
  "9007199254740992",
  "0.5",
  '{"b":1,"a":{"d":[true,false,null],"c":"x"}}',
  '{"10":1,"9":2,"a":3,"B":4,"":5}',
  '"\\"\\\\/"',
  '"\\u0000\\n\\t\\u007f"',
  '"\\u00e9 e\\u0301 \\u20ac"',
  '{"\\uff5e":1,"\\ud83d\\ude00":2,"\\u00e9":3}',
  '{"signed":{"version":1,"_type":"root"},"a":[1.5]}',
];

export function canonicalVectors(): object[] {
  return JSON_TEXTS.map((json) => ({ json, canonical: orNull(() => canonicalJson(JSON.parse(json))) }));
}

export function nameVectors(): object[] {
  return ["00".repeat(32), "0123456789abcdef".repeat(4), "ff".repeat(32)].map((tenantKey) => {
    const path = tenantPolicyPath(tenantKey);
    return { tenantKey, path, roles: policyRoles(path) };
  });
}

const VERSIONS: Readonly<Record<VersionScheme, readonly string[]>> = {
  semver: [
    ..."1.2.3 0.0.0 1.2.3-rc.1 1.2.3-0 1.2.3-x-y.7 9007199254740991.0.0 1.0.0--".split(" "),
    ...[
      "v1.2.3",
      "1.2",
      "1.2.3.4",
      "1.2.3+build",
      " 1.2.3",
      "01.2.3",
      "1.2.3-01",
      "1.2.3-",
      "1.2.3-a..b",
      "",
      "1.2.x",
    ],
    ...[
      "9007199254740992.0.0",
      `1.2.3-${"a".repeat(58)}`,
      `1.2.3-${"a".repeat(59)}`,
      "1.2.3-ä",
      "１.2.3",
      "1.2.3\n",
    ],
  ],
  dotted: [
    // 64 characters, and 65.
    `${"123456789012345.".repeat(3)}1234567890123.12`,
    `${"123456789012345.".repeat(3)}1234567890123.123`,
    ..."1 1.2 1.2.3.4.5.6.7.8.9.10 01.002 0 999999999999999 20240131.1".split(" "),
    ...[
      "",
      ".",
      "1.",
      "1..2",
      "1.2-rc",
      "v1",
      "1000000000000000",
      "1.2.3.4.5.6.7.8.9.10.11",
      "1 ",
      "１",
      "1.2\n",
    ],
  ],
};

const PAIRS: Readonly<Record<VersionScheme, readonly (readonly [string, string])[]>> = {
  semver: [
    ["1.2.3", "1.2.3"],
    ["1.2.3", "1.2.4"],
    ["1.10.0", "1.9.0"],
    ["2.0.0", "10.0.0"],
    ["1.0.0-rc.1", "1.0.0"],
    ["1.0.0-alpha", "1.0.0-alpha.1"],
    ["1.0.0-alpha.1", "1.0.0-alpha.beta"],
    ["1.0.0-alpha.beta", "1.0.0-beta"],
    ["1.0.0-beta.2", "1.0.0-beta.11"],
    ["1.0.0-0", "1.0.0-a"],
    ["1.0.0-A", "1.0.0-a"],
    ["1.0.0-a-b", "1.0.0-a.b"],
    ["1.0.0-2", "1.0.0-10"],
    ["1.0.0-1a", "1.0.0-2"],
  ],
  dotted: [
    ["1.4", "1.4.0"],
    ["1.04", "1.4"],
    ["1.4", "1.4.0.1"],
    ["1.10", "1.9"],
    ["2", "10"],
    ["0", "0.0.1"],
    ["1.2.3", "1.2.3"],
  ],
};

const RANGES: Readonly<Record<VersionScheme, readonly string[]>> = {
  semver: [
    ..."1.2.3 =1.2.3 >1.2.3 >=1.2.3 <1.2.3 <=1.2.3 1 =1 1.2 =1.2 1.x 1.2.X 1.* 1.x.x".split(" "),
    ..."1.2.3-rc.1 >1.2.3-rc.1 <1.2.3-rc.2 >=0.0.0".split(" "),
    ..."~1.2.3-rc.1 ^1.2.3-rc.1 ^0.2.3-rc.1 ^0.0.3-rc.1 ~0.0.3".split(" "),
    ..."> 1.2.3|>=  1.2|~ 1.2|^ 1|= 1.2.3".split("|"),
    ..."1.2.3 - 1.4.0|1.2 - 1.4|1 - 2|1.2.3-rc.1 - 1.4.0-rc.1|* - 1.4|1.2 - *|1.x - 2.x|0.0.3 - 0.0.3".split(
      "|",
    ),
    ...[
      ">=1.2.0 <2.0.0",
      "<1.0.0 || >=2.0.0",
      "^1.2.0 !1.3.0",
      ">=1.2.0||<0.3.0",
      " 1.2.3 ",
      ">=1.2.0  <1.4.0",
    ],
    ...[">=1.2.0 <1.2.0", "* <2", ">* || 1"],
    ...[
      "",
      "||",
      ">=1.2.0 ||",
      "latest",
      ">=1.2.3.4",
      ">=",
      "1.2.3 -",
      "01.2.3",
      "*.1",
      "1.x.3",
      "=>1.2.3",
      "1.2.3 - 1.4.0 2",
    ],
    ...[
      "X",
      "x.x",
      "v1.2",
      "~>1.2",
      "==1.2",
      "1.2.3+7",
      ">=1.2.0-rc.1+7",
      "1.2-rc.1",
      "\u00a01.2",
      "1.2\n1.3",
    ],
    ...["9007199254740992.0.0", `>=1.0.0${" ".repeat(249)}`, `>=1.0.0${" ".repeat(250)}`],
    ...">1 >1.2 >=1 >=1.2 <1 <1.2 <=1 <=1.2 * =* >=* <=* >* <* x ~1 ~1.2 ~1.2.3 ^1 ^0 ^1.2 ^0.2 ^0.0 ^1.2.3 ^0.2.3 ^0.0.3 ~* ^*".split(
      " ",
    ),
  ],
  dotted: [
    "1.2",
    "=1.2",
    ">=1.2 <2",
    "<1 || >=2",
    "<1||>=2||=1.2",
    ">1.4",
    "<=1.4",
    " >=1.2 ",
    ">=1.2\t<2",
    ">= 1.2",
    "~1.2",
    "1.x",
    "",
    ">=1 ||",
    ">=1,<2",
    "=>1",
    `>=1${" ".repeat(253)}`,
    `>=1${" ".repeat(254)}`,
  ],
};

const ASKED: Readonly<Record<VersionScheme, readonly string[]>> = {
  semver: [
    ..."0.0.0-0 0.0.0 0.0.2 0.0.3-rc.0 0.0.3-rc.1 0.0.3 0.0.4-0 0.0.4 0.1.0-0 0.2.0-0 0.2.0 0.2.3-0 0.2.3-rc.1 0.2.3 0.2.4".split(
      " ",
    ),
    ..."0.3.0-0 0.3.0 0.9.9 1.0.0-0 1.0.0 1.1.9 1.2.0-0 1.2.0 1.2.2 1.2.3-0 1.2.3-rc.1 1.2.3-rc.2 1.2.3 1.2.4-0".split(
      " ",
    ),
    ..."1.2.4 1.2.9 1.3.0-0 1.3.0 1.4.0-0 1.4.0-rc.1 1.4.0 1.4.1-0 1.4.1 1.5.0-0 1.5.0 2.0.0-0 2.0.0 2.9.9 3.0.0-0 3.0.0".split(
      " ",
    ),
  ],
  dotted: "0 0.9 1 1.0.0 1.2 1.2.0 1.2.0.1 1.4 1.4.0 1.4.9 2 2.0 2.1 10".split(" "),
};

export function versionVectors(): object[] {
  return (["semver", "dotted"] as const).flatMap((scheme) => [
    ...VERSIONS[scheme].map((text) => ({ scheme, version: text, isVersion: isVersion(scheme, text) })),
    ...PAIRS[scheme].flatMap(([a, b]) => [
      { scheme, pair: [a, b], order: Math.sign(compareVersions(scheme, a, b)) },
      { scheme, pair: [b, a], order: Math.sign(compareVersions(scheme, b, a)) },
    ]),
    ...RANGES[scheme].map((range) => ({ scheme, range, holds: heldBy(scheme, range) })),
  ]);
}

/** Which of `ASKED` lie in the range; `null`: it cannot be read. */
function heldBy(
  scheme: VersionScheme,
  range: string,
): { readonly in: string[]; readonly out: string[] } | null {
  if (!isRange(scheme, range)) return null;
  const holds = (version: string): boolean => versionInRange(scheme, version, range);
  return { in: ASKED[scheme].filter(holds), out: ASKED[scheme].filter((version) => !holds(version)) };
}

function at(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds / 1000;
}

const WINDOWS: readonly (readonly [window: Partial<UpdateWindow>, ...asked: string[]])[] = [
  [
    {},
    "2026-11-20T00:00:00Z",
    "2026-11-20T01:59:59Z",
    "2026-11-20T02:00:00Z",
    "2026-11-20T05:59:59Z",
    "2026-11-20T06:00:00Z",
  ],
  ...WEEKDAYS.map((day): [Partial<UpdateWindow>, string] => [{ days: [day] }, "2026-11-20T12:00:00Z"]),
  [{ days: ["mon"] }, "1969-12-30T00:00:00Z"],
  [{ duration: DAY, start: "23:30" }, "2026-11-20T12:00:00Z", "2026-11-20T23:29:59Z", "2026-11-20T23:30:00Z"],
  // Clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on 25 October.
  [
    { start: "02:30", timeZone: "Europe/Berlin" },
    "2026-03-29T00:00:00Z",
    "2026-03-29T02:00:00Z",
    "2026-03-30T00:00:00Z",
  ],
  [
    { start: "02:30", timeZone: "Europe/Berlin" },
    "2026-10-24T22:00:00Z",
    "2026-10-25T01:00:00Z",
    "2026-10-26T00:00:00Z",
  ],
  [
    { start: "01:00", duration: 2 * HOUR, timeZone: "Europe/Berlin" },
    "2026-03-29T01:30:00Z",
    "2026-10-25T00:30:00Z",
  ],
  [
    { start: "00:00", duration: DAY, timeZone: "Europe/Berlin" },
    "2026-03-29T12:00:00Z",
    "2026-03-29T22:30:00Z",
  ],
  [{ start: "02:30", timeZone: "America/New_York" }, "2026-03-08T05:00:00Z", "2026-11-01T04:00:00Z"],
  // Half an hour, at two o'clock.
  [{ start: "02:15", timeZone: "Australia/Lord_Howe" }, "2026-10-03T12:00:00Z", "2026-04-04T12:00:00Z"],
  [{ start: "00:30", days: ["sun"], timeZone: "America/Sao_Paulo" }, "2018-11-03T12:00:00Z"],
  // There was no 30 December 2011, a Friday.
  [{ days: ["fri"], timeZone: "Pacific/Apia" }, "2011-12-29T12:00:00Z", "2012-01-01T00:00:00Z"],
  [
    { days: ["mon"], timeZone: "Pacific/Kiritimati", start: "00:00" },
    "2026-11-22T09:59:59Z",
    "2026-11-22T10:00:00Z",
  ],
  [
    { days: ["sun"], timeZone: "Pacific/Pago_Pago", start: "23:00" },
    "2026-11-23T09:59:59Z",
    "2026-11-23T10:00:00Z",
  ],
  [{ timeZone: "Asia/Kathmandu" }, "2026-11-20T00:00:00Z"],
  [{ timeZone: "Mars/Olympus_Mons" }, "2026-11-20T00:00:00Z"],
  [{ start: "24:00" }, "2026-11-20T00:00:00Z"],
  [{ days: [] }, "2026-11-20T00:00:00Z"],
  [{ duration: 1 }, "2026-11-20T00:00:00Z", "2026-11-20T02:00:00Z"],
  [{ duration: 0 }, "2026-11-20T00:00:00Z"],
  [{ duration: DAY + 1 }, "2026-11-20T00:00:00Z"],
];

export function windowVectors(): object[] {
  const usual: UpdateWindow = {
    days: [...WEEKDAYS],
    start: "02:00",
    duration: 4 * HOUR,
    timeZone: "UTC",
    onReturn: "window",
  };
  return WINDOWS.flatMap(([said, ...times]) =>
    times.map((time) => {
      const window = { ...usual, ...said };
      const second = at(time);
      return {
        window,
        at: second,
        next: orNull(() => openingAtOrAfter(window, second)),
        last: orNull(() => lastClosedOpening(window, second)),
      };
    }),
  );
}

const CRITICAL = { critical: ["paused", "quarantine"] };
const STEPS = { strategy: "steps", waves: [{ ppm: 1_000_000, after: 0 }] } as const;

/** A product's document whose one channel has more. */
function withChannel(more: object): object {
  return { ...product(), channels: { stable: { ...channel(["1.0.0"]), ...more } } };
}

const PRODUCTS: Readonly<Record<string, object>> = {
  "a document": product(),
  "a key that nobody knows, where no list says what is critical": { ...product(), colour: "red" },
  "a key that nobody knows and that is not critical": { ...product(), ...CRITICAL, colour: "red" },
  "a key that nobody knows and that is critical": { ...product(), ...CRITICAL, quarantine: true },
  "a critical key deep inside": {
    ...product({ fleet: { defaultChannel: "stable" } }),
    ...CRITICAL,
    channels: { stable: { ...channel(["1.0.0"]), rollout: { ...STEPS, quarantine: {} } } },
  },
  "a key deep inside that is not critical": {
    ...product(),
    ...CRITICAL,
    channels: { stable: { ...channel(["1.0.0"]), rollout: { ...STEPS, colour: {} } } },
  },
  "a channel that is called like a critical key": {
    ...product(),
    ...CRITICAL,
    channels: { stable: channel(["1.0.0"]), quarantine: channel(["1.0.0"]) },
  },
  "a list of critical keys that this reader knows": {
    ...product(),
    critical: ["paused", "rollout", "halted"],
  },
  "an empty list of critical keys": { ...product(), critical: [], quarantine: true },
  "a newer schema": { ...product(), schemaVersion: 2 },
  "a tenant's document": tenant(),
  "no commit": { ...product(), commit: undefined },
  "a key that is null": { ...product(), minVersion: null },
  "a known key of another form, which is not critical": { ...product(), ...CRITICAL, yanked: "1.0.0" },
  "a scheme that nobody knows": { ...product(), versionScheme: "calendar" },
  "a check interval above a day": product({ fleet: { defaultChannel: "stable", checkInterval: 10 * DAY } }),
  "a negative check interval": product({ fleet: { defaultChannel: "stable", checkInterval: -1 } }),
  "a pause until a fraction of a second": product({ paused: { until: T0 + 0.5 } }),
  "unknown devices that are allowed": product({
    fleet: { defaultChannel: "stable", unknownDevices: "allow" as "hold" },
  }),
  "a window on a day that there is not": product({
    fleet: {
      defaultChannel: "stable",
      window: {
        days: ["someday" as "mon"],
        start: "02:00",
        duration: HOUR,
        timeZone: "UTC",
        onReturn: "now",
      },
    },
  }),
  "a window without `onReturn`": {
    ...product(),
    fleet: {
      defaultChannel: "stable",
      window: { days: ["mon"], start: "02:00", duration: HOUR, timeZone: "UTC" },
    },
  },
  "a freeze but for something else than security": withChannel({
    freeze: [{ from: 0, to: 1, reason: "x", except: "urgent" }],
  }),
  "a freeze without a reason": withChannel({ freeze: [{ from: 0, to: 1 }] }),
  "a bound on how long a version is put off": withChannel({ deferAtMost: HOUR }),
  "a bound that lets nobody put anything off": withChannel({ deferAtMost: 0 }),
  "a negative bound on how long a version is put off": withChannel({ deferAtMost: -1 }),
  "a bound in words on how long a version is put off": withChannel({ deferAtMost: "1h" }),
  "a rollout": withChannel({ rollout: STEPS }),
  "a rollout of another strategy": withChannel({ rollout: { ...STEPS, strategy: "random" } }),
  "waves that do not reach everybody": withChannel({
    rollout: { ...STEPS, waves: [{ ppm: 999_999, after: 0 }] },
  }),
  "no waves": withChannel({ rollout: { ...STEPS, waves: [] } }),
  "waves that shrink": withChannel({
    rollout: {
      ...STEPS,
      waves: [
        { ppm: 5, after: 0 },
        { ppm: 4, after: 1 },
        { ppm: 1_000_000, after: 2 },
      ],
    },
  }),
  "waves that go back in time": withChannel({
    rollout: {
      ...STEPS,
      waves: [
        { ppm: 5, after: 2 },
        { ppm: 1_000_000, after: 1 },
      ],
    },
  }),
  "`advance` with `opened`": withChannel({ rollout: { ...STEPS, advance: "manual", opened: 0 } }),
  "`advance` without `opened`": withChannel({ rollout: { ...STEPS, advance: "manual" } }),
  "`opened` without `advance`": withChannel({ rollout: { ...STEPS, opened: 0 } }),
  "a gate with causes of tomorrow": withChannel({
    rollout: { ...STEPS, gate: { maxFailure: 20_000, minReports: 20, causes: ["sunspots"] } },
  }),
  "a promotion that began by something else": withChannel({
    current: { version: "1.0.0", at: 0, commit: "c".repeat(40), startedBy: "moon" },
  }),
  "a product of a bad name": { ...product(), product: "Agent" },
  "a yank for a platform": product({ yankedFor: { "1.0.0": ["linux-x64"] } }),
  "a yank for no platform": product({ yankedFor: { "1.0.0": ["all"] } }),
};

const TENANTS: Readonly<Record<string, object>> = {
  "a document": tenant({
    sites: { berlin: {} },
    groups: [{ name: "tills", devices: ["d-1"], match: { ring: ["a"] } }],
  }),
  "a device with settings for a product": tenant({
    devices: { "d-1": { products: { agent: { autoUpdate: false } } } },
  }),
  "a key of a device that nobody knows": { ...tenant(), devices: { "d-1": { colour: "red" } } },
  "a critical key of a device that nobody knows": {
    ...tenant(),
    ...CRITICAL,
    devices: { "d-1": { quarantine: 1 } },
  },
  "a device that is called like a critical key": { ...tenant(), ...CRITICAL, devices: { quarantine: {} } },
  "a label that is called like a critical key": {
    ...tenant(),
    ...CRITICAL,
    groups: [{ name: "tills", devices: [], match: { quarantine: ["yes"] } }],
  },
  "products inside of products": { ...tenant(), products: { agent: { products: {} } } },
  "a pin without a version": { ...tenant(), pin: { reason: "x" } },
  "a group without a list of devices": { ...tenant(), groups: [{ name: "tills" }] },
  "local overrides that are neither allowed nor denied": { ...tenant(), localOverrides: "maybe" },
  "no sites": { ...tenant(), sites: undefined },
  "a product's document": product(),
};

function target(path: string, custom: object, hashes: object = { sha256: "0".repeat(64) }): [string, object] {
  const [, said, version, platform] = path.split("/");
  const whole = { product: said, version, platform, format: "binary", severity: "normal", ...custom };
  return [path, { length: 1000, hashes, custom: whole }];
}

const X64 = "releases/agent/1.0.0/linux-x64/agent";
const ARM = "releases/agent/1.0.0/linux-arm64/agent";

const ROLES: Readonly<Record<string, readonly [string, object][]>> = {
  "no targets": [],
  "a version for two platforms": [target(X64, {}), target(ARM, { requires: { glibc: ">=2.31" } })],
  "two versions": [
    target(X64, {}),
    target("releases/agent/1.1.0/linux-x64/agent", { upgradeFrom: ">=1.0.0" }),
  ],
  "all that can be said": [
    target(X64, {
      severity: "security",
      upgradeFrom: ">=0.9.0",
      barrier: { reason: "moves the database" },
      deadEnd: { reason: "x", url: "https://example/" },
      rollbackTo: ">=0.9.0",
      releaseNotes: "fixes",
      requires: { os: { debian: ">=11" }, cpu: ["avx"], memory: 1, disk: 2 },
      critical: ["barrier", "deadEnd", "requires"],
      url: "https://example/agent",
      versionScheme: "semver",
    }),
  ],
  "one artifact that is yanked": [target(X64, { active: false }), target(ARM, {})],
  "all artifacts yanked": [target(X64, { active: false }), target(ARM, { active: false })],
  "a format that nobody knows": [target(X64, { format: "flatpak" }), target(ARM, {})],
  "a version that has formats that nobody knows only": [target(X64, { format: "flatpak" })],
  "something critical that nobody knows": [
    target(X64, { critical: ["quantum"], quantum: 1 }),
    target(ARM, {}),
  ],
  "something that nobody knows and that is not critical": [target(X64, { quantum: 1 })],
  "a requirement that nobody knows": [target(X64, { requires: { tpm: "2.0", glibc: ">=2" } })],
  "another product than the path": [target(X64, { product: "other" })],
  "another version than the path": [target(X64, { version: "2.0.0" })],
  "another platform than the path": [target(X64, { platform: "linux-arm64" })],
  "two schemes": [
    target(X64, {}),
    target("releases/agent/1.1.0/linux-x64/agent", { versionScheme: "dotted" }),
  ],
  "two severities of one version": [target(X64, {}), target(ARM, { severity: "security" })],
  "two ranges of one version": [target(X64, { upgradeFrom: ">=1" }), target(ARM, {})],
  "two artifacts of one kind": [target(X64, {}), target(`${X64}-too`, {})],
  "no SHA-256": [target(X64, {}, { sha512: "0".repeat(128) })],
  "active said to be true": [target(X64, { active: true })],
  "a dead end without a reason": [target(X64, { deadEnd: {} })],
  "a package in a repository beside a file": [
    target(X64, {}),
    target("releases/agent/1.0.0/linux-x64/agent.deb.json", {
      format: "deb",
      package: {
        name: "agent",
        version: "1:1.0.0-1~deb12",
        repository: "acme",
        file: { size: 1, sha256: "a".repeat(64) },
      },
      critical: ["package"],
    }),
  ],
  "a package that is a file": [
    target(X64, { format: "rpm", package: { name: "agent", version: "1.0.0-1" }, critical: ["package"] }),
  ],
  "a package without a name": [target(X64, { format: "deb", package: { version: "1.0.0-1" } })],
  "a package's version with a blank": [
    target(X64, { format: "deb", package: { name: "agent", version: "1.0 -1" } }),
  ],
  "a package that does not say which": [target(X64, { format: "deb" })],
  "a package that is none": [target(X64, { package: { name: "agent", version: "1.0.0-1" } })],
  "a package's file without a digest": [
    target(X64, {
      format: "deb",
      package: { name: "agent", version: "1.0.0-1", repository: "acme", file: { size: 1 } },
    }),
  ],
};

const FULL_SETTINGS = {
  paused: { reason: "x", until: T0 },
  channel: "stable",
  pin: { version: "1.0.0", reason: "x", owner: "x", expires: T0 },
  autoUpdate: false,
  window: { days: ["mon"], start: "02:00", duration: HOUR, timeZone: "UTC", onReturn: "window" },
  freeze: [{ from: 0, to: 1, reason: "x", owner: "x", except: "security" }],
  localOverrides: "deny",
} as const;
const FULL_SCOPE = { ...FULL_SETTINGS, products: { agent: FULL_SETTINGS } };

/** Every key that there is. */
const FULL: Readonly<Record<"product" | "tenant", object>> = {
  product: product({
    critical: ["paused"],
    ifInstalled: true,
    fleet: {
      ...FULL_SETTINGS,
      defaultChannel: "stable",
      minVersion: "1.0.0",
      checkInterval: 300,
      unknownDevices: "hold",
    },
    paused: FULL_SETTINGS.paused,
    freeze: FULL_SETTINGS.freeze,
    minVersion: "1.0.0",
    yanked: ["1.0.0"],
    yankedFor: { "1.0.0": ["linux-x64"] },
    channels: {
      stable: {
        current: { version: "1.1.0", at: T0, startedBy: "publication", commit: "c".repeat(40) },
        previous: [{ version: "1.0.0", at: T0, commit: "c".repeat(40), halted: true, opened: 1 }],
        steps: ["1.0.0"],
        paused: {},
        freeze: FULL_SETTINGS.freeze,
        minVersion: "1.0.0",
        rollout: {
          strategy: "linear",
          waves: [
            { ppm: 10_000, after: 0 },
            { ppm: 1_000_000, after: HOUR },
          ],
          canary: { devices: ["d-1"], groups: ["acme/tills"], share: 1, of: "site" },
          gate: {
            maxFailure: 20_000,
            minReports: 20,
            silentAfter: HOUR,
            confidence: 950_000,
            causes: ["crashed"],
            maxTenantShare: 500_000,
          },
          startsAt: T0,
          advance: "manual",
          opened: 1,
          bySeverity: { security: { strategy: "steps", waves: [{ ppm: 1_000_000, after: 0 }] } },
        },
        halted: { reason: "x", at: T0 },
        rollback: { from: ["1.1.0"], reason: "x" },
      },
    },
  }),
  tenant: tenant({
    ...FULL_SCOPE,
    critical: ["paused"],
    sites: { berlin: FULL_SCOPE },
    groups: [{ ...FULL_SCOPE, name: "tills", devices: ["d-1"], match: { ring: ["canary"] } }],
    devices: { "d-1": FULL_SCOPE },
  }),
};

/** What stands in the place of each value, one at a time. `undefined`: it is not there. */
const OTHER_VALUES = [
  undefined,
  null,
  true,
  -1,
  0,
  0.5,
  1_000_001,
  2 ** 53,
  "",
  "x y",
  "Ä",
  [],
  [0],
  {},
] as const;

function placesIn(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...at, Array.isArray(value) ? Number(key) : key];
    return [here, ...placesIn(inner, here)];
  });
}

function changed(value: unknown, [key, ...rest]: readonly (string | number)[], other: unknown): unknown {
  if (key === undefined) return other;
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? changed(item, rest, other) : item));
  const members = new Map(Object.entries(value ?? {}));
  return Object.fromEntries(members.set(`${key}`, changed(members.get(`${key}`), rest, other)));
}

/** One change of a document that has every key: `value` is put at `at`, or where there is none, the member is taken away. */
function changeVectors(kind: "product" | "tenant", reads: (document: object) => boolean): object[] {
  const document = FULL[kind];
  const changes = placesIn(document).flatMap((at) =>
    OTHER_VALUES.flatMap((value) => {
      if (value === undefined && typeof at.at(-1) === "number") return [];
      const other = Object(changed(document, at, value));
      return [{ kind, at, ...(value === undefined ? {} : { value }), reads: reads(other) }];
    }),
  );
  return [{ kind, name: "a document with every key", document, reads: reads(document) }, ...changes];
}

export function documentVectors(): object[] {
  const bytes = (document: object): Buffer => Buffer.from(JSON.stringify(document));
  return [
    ...changeVectors("product", (document) => orNull(() => readProductPolicy(bytes(document))) !== null),
    ...changeVectors("tenant", (document) => orNull(() => readTenantPolicy(bytes(document))) !== null),
    ...Object.entries(PRODUCTS).map(([name, document]) => ({
      kind: "product",
      name,
      document,
      reads: orNull(() => readProductPolicy(bytes(document))) !== null,
    })),
    ...Object.entries(TENANTS).map(([name, document]) => ({
      kind: "tenant",
      name,
      document,
      reads: orNull(() => readTenantPolicy(bytes(document))) !== null,
    })),
    ...Object.entries(ROLES).map(([name, entries]) => {
      const targets: TargetsRole["targets"] = JSON.parse(JSON.stringify(Object.fromEntries(entries)));
      const role: TargetsRole = {
        _type: "targets",
        spec_version: "1.0.31",
        version: 1,
        expires: "",
        targets,
      };
      return {
        kind: "releases",
        name,
        product: "agent",
        document: targets,
        reads: orNull(() => readReleases("agent", role)),
      };
    }),
  ];
}
