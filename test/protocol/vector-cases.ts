import type { Device, LocalState } from "../../protocol/device.ts";
import type {
  ChannelPolicy,
  ProductPolicy,
  Rollout,
  TenantPolicy,
  UpdateWindow,
} from "../../protocol/policy.ts";
import type { Release } from "../../protocol/release.ts";
import type { Requirements } from "../../protocol/requirements.ts";
import type { AskedCase } from "./arbitrary-policies.ts";
import { channel, DAY, device, HOUR, product, release, T0, tenant } from "./build-policies.ts";

/** One sentence of docs/protocol.md, as a question to `decide`. */
export interface NamedCase extends AskedCase {
  readonly name: string;
}

/** Where a case differs from a device of no tenant on 1.0.0, whose channel has pointed to 1.1.0 since `T0`. */
interface Difference {
  readonly stable?: Partial<ChannelPolicy>;
  /** What the channel pointed to, the last one now. */
  readonly versions?: readonly string[];
  readonly product?: Partial<ProductPolicy>;
  readonly tenant?: Partial<TenantPolicy>;
  readonly releases?: readonly Release[];
  readonly device?: Partial<Device>;
  readonly installed?: string | null;
  readonly local?: LocalState;
  readonly now?: number;
}

function asked(name: string, said: Difference): NamedCase {
  const { versions = ["1.0.0", "1.1.0"], installed = "1.0.0", local = {}, now = T0 } = said;
  const policy = product({ channels: { stable: channel(versions, said.stable) }, ...said.product });
  return {
    name,
    policy:
      said.tenant === undefined ? { product: policy } : { product: policy, tenant: tenant(said.tenant) },
    releases: said.releases ?? SIGNED,
    device: device("d-1", said.device),
    installed,
    local,
    now,
  };
}

const SIGNED = ["1.0.0", "1.1.0", "1.2.0", "1.3.0"].map((version) => release(version));

/** The signed releases, some of them with more. */
function signed(more: Readonly<Record<string, Partial<Release>>>): Release[] {
  const rest = new Map(Object.entries(more));
  const named = SIGNED.map((known) => ({ ...known, ...rest.get(known.version) }));
  const added = Object.keys(more).filter((version) => !SIGNED.some((known) => known.version === version));
  return [...named, ...added.map((version) => release(version, rest.get(version)))];
}

function artifacts(version: string, platforms: readonly string[], more: object = {}): Partial<Release> {
  const built = release(version).artifacts;
  return {
    artifacts: built
      .filter(({ platform }) => platforms.includes(platform))
      .map((each) => ({ ...each, ...more })),
  };
}

function requiring(version: string, requires: Requirements): Partial<Release> {
  return artifacts(version, ["linux-x64", "linux-arm64"], { requires });
}

const GROUP = { name: "tills", devices: ["d-1"] };

function window(more: Partial<UpdateWindow> = {}): UpdateWindow {
  // T0 is a Friday at 00:00 UTC.
  const usual = {
    days: ["sat"],
    start: "02:00",
    duration: 4 * HOUR,
    timeZone: "UTC",
    onReturn: "window",
  } as const;
  return { ...usual, ...more };
}

const SATURDAY_2 = T0 + DAY + 2 * HOUR;

function waves(...steps: readonly (readonly [ppm: number, after: number])[]): Rollout {
  return { strategy: "steps", waves: steps.map(([ppm, after]) => ({ ppm, after })) };
}

/** Nearly everybody waits a day. */
const LATE = waves([1, 0], [1_000_000, DAY]);

const PAUSED = { paused: {} };
const FREEZE = { from: T0 - HOUR, to: T0 + HOUR, reason: "audit" };

const pauses: readonly NamedCase[] = [
  asked("nothing speaks against it", {}),
  asked("a pause of the fleet stops", { product: { fleet: { defaultChannel: "stable", ...PAUSED } } }),
  asked("a pause of the product stops", { product: PAUSED }),
  asked("a pause of the channel stops", { stable: PAUSED }),
  asked("a pause of another channel does not", {
    product: { channels: { stable: channel(["1.0.0", "1.1.0"]), beta: channel(["1.1.0"], PAUSED) } },
  }),
  asked("a pause of the channel that the machine chose stops", {
    product: { channels: { stable: channel(["1.0.0", "1.1.0"]), beta: channel(["1.1.0"], PAUSED) } },
    local: { channel: "beta" },
  }),
  asked("a pause of the tenant stops", { tenant: PAUSED }),
  asked("a pause of the tenant for this product stops", { tenant: { products: { agent: PAUSED } } }),
  asked("a pause of the tenant for another product does not", { tenant: { products: { other: PAUSED } } }),
  asked("a pause of the site stops", { tenant: { sites: { berlin: PAUSED } } }),
  asked("a pause of another site does not", { tenant: { sites: { munich: PAUSED } } }),
  asked("a device without a site is in none", {
    tenant: { sites: { berlin: PAUSED } },
    releases: SIGNED,
    device: { site: "nowhere" },
  }),
  asked("a pause of a group stops", { tenant: { groups: [{ ...GROUP, ...PAUSED }] } }),
  asked("a pause of a group without the device does not", {
    tenant: { groups: [{ ...GROUP, devices: ["d-2"], ...PAUSED }] },
  }),
  asked("a pause of the device stops", { tenant: { devices: { "d-1": PAUSED } } }),
  asked("a person's request passes no pause", { product: PAUSED, local: { updateNow: true } }),
  asked("a pause holds until the second before `until`", { product: { paused: { until: T0 + 1 } } }),
  asked("a pause holds no longer at `until`", { product: { paused: { until: T0 } } }),
  asked("a pause comes before an unknown channel", { product: PAUSED, local: { channel: "nightly" } }),
  asked("a pause carries no channel, and no minimum", { product: { ...PAUSED, minVersion: "1.1.0" } }),
];

const BETA = { stable: channel(["1.0.0", "1.1.0"]), beta: channel(["1.2.0"]) };

const channels: readonly NamedCase[] = [
  asked("the machine's own choice of channel counts", {
    product: { channels: BETA },
    local: { channel: "beta" },
  }),
  asked("the machine's own choice counts past a device's channel", {
    product: { channels: BETA },
    tenant: { devices: { "d-1": { channel: "stable" } } },
    local: { channel: "beta" },
  }),
  asked("`localOverrides: deny` takes the choice away", {
    product: { channels: BETA, fleet: { defaultChannel: "stable", localOverrides: "deny" } },
    local: { channel: "beta" },
  }),
  asked("a nearer `allow` gives it back", {
    product: { channels: BETA, fleet: { defaultChannel: "stable", localOverrides: "deny" } },
    tenant: { sites: { berlin: { localOverrides: "allow" } } },
    local: { channel: "beta" },
  }),
  asked("the channel of the device is nearer than that of its group", {
    product: { channels: BETA },
    tenant: { devices: { "d-1": { channel: "beta" } }, groups: [{ ...GROUP, channel: "stable" }] },
  }),
  asked("the channel of a group is nearer than that of the site", {
    product: { channels: BETA },
    tenant: { groups: [{ ...GROUP, channel: "beta" }], sites: { berlin: { channel: "stable" } } },
  }),
  asked("the first group in the list is nearer than the second", {
    product: { channels: BETA },
    tenant: {
      groups: [
        { ...GROUP, channel: "beta" },
        { name: "all", devices: ["d-1"], channel: "stable" },
      ],
    },
  }),
  asked("the channel of the site is nearer than that of the tenant", {
    product: { channels: BETA },
    tenant: { channel: "stable", sites: { berlin: { channel: "beta" } } },
  }),
  asked("the channel of the tenant is nearer than that of the fleet", {
    product: { channels: BETA, fleet: { defaultChannel: "stable", channel: "stable" } },
    tenant: { channel: "beta" },
  }),
  asked("the fleet's `channel` is nearer than its default", {
    product: { channels: BETA, fleet: { defaultChannel: "stable", channel: "beta" } },
  }),
  asked("what a scope says of the product is nearer than what it says of all", {
    product: { channels: BETA },
    tenant: { channel: "stable", products: { agent: { channel: "beta" } } },
  }),
  asked("what a site says of all is nearer than what the tenant says of the product", {
    product: { channels: BETA },
    tenant: { sites: { berlin: { channel: "beta" } }, products: { agent: { channel: "stable" } } },
  }),
  asked("a channel that there is not is refused", { local: { channel: "nightly" } }),
  asked("unknown devices are held: one without a tenant's document is refused", {
    product: { fleet: { defaultChannel: "stable", unknownDevices: "hold" } },
  }),
  asked("unknown devices are held: one of a tenant goes on", {
    product: { fleet: { defaultChannel: "stable", unknownDevices: "hold" } },
    tenant: {},
  }),
  asked("an unknown device is refused before its missing channel", {
    product: { fleet: { defaultChannel: "none", unknownDevices: "hold" } },
  }),
  asked("a companion is not installed where it is not there", {
    product: { ifInstalled: true },
    installed: null,
  }),
  asked("a companion is updated where it is there", { product: { ifInstalled: true } }),
  asked("`ifInstalled: false` installs", { product: { ifInstalled: false }, installed: null }),
  asked("policy of another scheme than the release key's is refused", {
    product: { versionScheme: "dotted" },
  }),
  asked("one release of another scheme is enough for that", {
    releases: [...SIGNED, release("2.0.0", { versionScheme: "dotted" })],
  }),
  asked("without releases policy's scheme counts", {
    releases: [],
    product: { versionScheme: "dotted" },
    installed: "1",
  }),
  asked("an installed version that the scheme cannot read is refused", { installed: "v1.0.0" }),
  asked("an unreadable installed version is refused before a channel that there is not", {
    installed: "1.0",
    local: { channel: "nightly" },
  }),
];

const groups: readonly NamedCase[] = [
  ...(
    [
      ["a label that is one of the texts", { ring: ["early", "canary"] }, true],
      ["a label that is none of the texts", { ring: ["early"] }, false],
      ["a label that the device does not have", { region: ["eu"] }, false],
      ["one of two that do not hold", { ring: ["canary"], "facts.os": ["fedora"] }, false],
      ["two that hold", { ring: ["canary"], "facts.os": ["debian"] }, true],
      ["nothing", {}, true],
      ["the platform", { "facts.platform": ["linux-x64"] }, true],
      ["another platform", { "facts.platform": ["linux-arm64"] }, false],
      ["a feature of the processor", { "facts.cpu": ["avx512", "avx2"] }, true],
      ["a feature that it lacks", { "facts.cpu": ["avx512"] }, false],
      ["a version of the system in a range", { "facts.osVersion": [">=12"] }, true],
      ["a version of glibc in the second range", { "facts.glibc": [">=3", ">=2.30"] }, true],
      ["a version of glibc in no range", { "facts.glibc": [">=2.40"] }, false],
      ["a kernel in a range", { "facts.kernel": [">=6"] }, true],
      ["a fact that is no dotted version", { "facts.musl": [">=1"] }, false],
      ["a fact that is the text of a range", { "facts.musl": ["1.2.3-r4"] }, false],
      ["a version of macOS in a range", { "facts.macos": ["<14"] }, true],
      ["a build of Windows in a range", { "facts.windowsBuild": [">=19000"] }, true],
      ["a range that cannot be read", { "facts.glibc": ["two"] }, false],
      ["a fact that is a number", { "facts.memory": ["1024"] }, false],
      ["a fact of no known name", { "facts.colour": ["red"] }, false],
    ] as const
  ).map(([what, match, holds]) =>
    asked(`a group that asks for ${what} ${holds ? "has" : "does not have"} the device`, {
      tenant: { groups: [{ name: "matched", devices: [], match, ...PAUSED }] },
      device: {
        labels: { ring: "canary" },
        facts: {
          os: "debian",
          osVersion: "12",
          glibc: "2.36",
          kernel: "6.1.0",
          musl: "1.2.3-r4",
          macos: "13.2",
          windowsBuild: "19045",
          cpu: ["sse4_2", "avx2"],
          memory: 1024,
        },
      },
    }),
  ),
  asked("a group that asks for a fact does not have a device of which nothing is known", {
    tenant: { groups: [{ name: "matched", devices: [], match: { "facts.cpu": ["avx"] }, ...PAUSED }] },
  }),
  asked("a group that asks for a label has a device by its id as well", {
    tenant: { groups: [{ ...GROUP, match: { ring: ["canary"] }, ...PAUSED }] },
  }),
];

const PIN = { pin: { version: "1.2.0" } };

const pins: readonly NamedCase[] = [
  asked("a pin names its version at once, past waves", {
    stable: { rollout: LATE },
    tenant: { devices: { "d-1": PIN } },
  }),
  asked("the nearest pin counts", { tenant: { ...PIN, devices: { "d-1": { pin: { version: "1.3.0" } } } } }),
  asked("a pin of the fleet counts for a device without a tenant", {
    product: { fleet: { defaultChannel: "stable", ...PIN } },
  }),
  asked("a pin counts until the second before it expires", {
    tenant: { pin: { version: "1.2.0", expires: T0 + 1 } },
  }),
  asked("a pin that expires now is passed over for a wider one", {
    tenant: { pin: { version: "1.3.0" }, devices: { "d-1": { pin: { version: "1.2.0", expires: T0 } } } },
  }),
  asked("a pin to what is no release is refused", { tenant: { pin: { version: "9.9.9" } } }),
  asked("a pin to a yanked version is refused", { tenant: PIN, product: { yanked: ["1.2.0"] } }),
  asked("a pin to a version that is yanked for the platform is refused", {
    tenant: PIN,
    product: { yankedFor: { "1.2.0": ["linux-x64"] } },
  }),
  asked("a pin to a version that is yanked for another platform is taken", {
    tenant: PIN,
    product: { yankedFor: { "1.2.0": ["linux-arm64"] } },
  }),
  asked("a pin to a dead end is refused", {
    tenant: PIN,
    releases: signed({ "1.2.0": { deadEnd: { reason: "x" } } }),
  }),
  asked("who runs a dead end and is pinned to it stays", {
    tenant: PIN,
    releases: signed({ "1.2.0": { deadEnd: { reason: "x" } } }),
    installed: "1.2.0",
  }),
  asked("a pin to a halted version waits", {
    tenant: { pin: { version: "1.1.0" } },
    stable: { halted: { reason: "bad", at: T0 } },
  }),
  asked("a pin to another version passes a halt", {
    tenant: PIN,
    stable: { halted: { reason: "bad", at: T0 } },
  }),
  asked("a pin downwards needs a declared rollback", { tenant: PIN, installed: "1.3.0" }),
  asked("a pin downwards goes where channel and release key allow it", {
    tenant: PIN,
    installed: "1.3.0",
    stable: { rollback: { from: ["1.3.0"] } },
    releases: signed({ "1.3.0": { rollbackTo: ">=1.0.0" } }),
  }),
  asked("a pin downwards to a halted version waits", {
    tenant: { pin: { version: "1.1.0" } },
    installed: "1.3.0",
    stable: { rollback: { from: ["1.3.0"] }, halted: { reason: "bad", at: T0 } },
    releases: signed({ "1.3.0": { rollbackTo: ">=1.0.0" } }),
  }),
  asked("a pin keeps to freezes", { tenant: { ...PIN, freeze: [FREEZE] } }),
  asked("a pin says the minimum that it does not reach", { tenant: PIN, product: { minVersion: "1.3.0" } }),
];

const targets: readonly NamedCase[] = [
  asked("a version that is no release is refused", {
    versions: ["1.0.0", "9.0.0"],
    product: { minVersion: "1.1.0" },
  }),
  asked("a yanked version that is no release any more gives way to the one before", {
    versions: ["1.1.0", "9.0.0"],
    product: { yanked: ["9.0.0"] },
  }),
  asked("what the release key has yanked gives way", {
    versions: ["1.1.0", "1.2.0"],
    releases: signed({ "1.2.0": { active: false } }),
  }),
  asked("what policy has yanked gives way", { versions: ["1.1.0", "1.2.0"], product: { yanked: ["1.2.0"] } }),
  asked("what policy has yanked for the platform gives way", {
    versions: ["1.1.0", "1.2.0"],
    product: { yankedFor: { "1.2.0": ["linux-x64"] } },
  }),
  asked("what the release key has yanked for the platform gives way", {
    versions: ["1.1.0", "1.2.0"],
    releases: signed({ "1.2.0": artifacts("1.2.0", ["linux-x64"], { active: false }) }),
  }),
  asked("what is yanked for another platform stays", {
    versions: ["1.1.0", "1.2.0"],
    releases: signed({
      "1.2.0": {
        artifacts: release("1.2.0").artifacts.map((each) =>
          each.platform === "linux-arm64" ? { ...each, active: false as const } : each,
        ),
      },
    }),
  }),
  asked("nothing is offered where all is yanked", {
    product: { yanked: ["1.0.0", "1.1.0"], minVersion: "1.1.0" },
  }),
  asked("nothing is offered where a yanked dead end is all", {
    versions: ["1.1.0"],
    product: { yanked: ["1.1.0"] },
    releases: signed({ "1.1.0": { deadEnd: { reason: "x" } } }),
  }),
  asked("nothing is offered where what the channel points to is rolled back from", {
    versions: ["1.1.0"],
    stable: { rollback: { from: ["1.1.0"] } },
  }),
  asked("nothing is offered where what was no release is yanked and alone", {
    versions: ["9.0.0"],
    product: { yanked: ["9.0.0"] },
  }),
  asked("a dead end that the channel points to gives way", {
    versions: ["1.1.0", "1.2.0"],
    releases: signed({ "1.2.0": { deadEnd: { reason: "x" } } }),
  }),
  asked("a dead end with nothing before it is refused", {
    versions: ["1.1.0"],
    product: { minVersion: "1.1.0" },
    releases: signed({ "1.1.0": { deadEnd: { reason: "x" } } }),
  }),
  asked("who runs the dead end that the channel points to stays", {
    versions: ["1.1.0", "1.2.0"],
    releases: signed({ "1.2.0": { deadEnd: { reason: "x" } } }),
    installed: "1.2.0",
  }),
  asked("a version that was halted when the channel moved on is no fallback", {
    stable: {
      current: { version: "1.2.0", at: T0, commit: "c".repeat(40) },
      previous: [
        { version: "1.1.0", at: T0 - DAY, commit: "c".repeat(40), halted: true },
        { version: "1.0.0", at: T0 - 2 * DAY, commit: "c".repeat(40) },
      ],
    },
    product: {},
    releases: signed({ "1.2.0": { active: false } }),
    installed: null,
  }),
  asked("a version that was halted once is no fallback, though it was promoted again", {
    stable: {
      current: { version: "1.2.0", at: T0, commit: "c".repeat(40) },
      previous: [
        { version: "1.1.0", at: T0 - DAY, commit: "c".repeat(40) },
        { version: "1.1.0", at: T0 - 2 * DAY, commit: "c".repeat(40), halted: true },
      ],
    },
    releases: signed({ "1.2.0": { active: false } }),
  }),
  asked("a version that is rolled back from is no fallback", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    stable: { rollback: { from: ["1.1.0"] } },
    releases: signed({ "1.2.0": { active: false } }),
    installed: null,
  }),
  asked("what the channel points to again is not dropped for an earlier halt", {
    stable: {
      current: { version: "1.1.0", at: T0, commit: "c".repeat(40) },
      previous: [{ version: "1.1.0", at: T0 - DAY, commit: "c".repeat(40), halted: true }],
    },
  }),
  asked("a version that there is no artifact of for the platform is refused", {
    releases: signed({ "1.1.0": artifacts("1.1.0", ["linux-arm64"]) }),
  }),
  asked("a release without any artifact for the platform is still compared first", {
    installed: "1.1.0",
    releases: signed({ "1.1.0": artifacts("1.1.0", ["linux-arm64"]) }),
  }),
];

const minimums: readonly NamedCase[] = [
  asked("below the minimum of the fleet: waves do not hold it", {
    product: { fleet: { defaultChannel: "stable", minVersion: "1.1.0" } },
    stable: { rollout: LATE },
    versions: ["1.1.0"],
  }),
  asked("the highest minimum counts: the product's", {
    product: { fleet: { defaultChannel: "stable", minVersion: "1.0.0" }, minVersion: "1.2.0" },
    stable: { minVersion: "1.1.0" },
  }),
  asked("the highest minimum counts: the channel's", {
    product: { fleet: { defaultChannel: "stable", minVersion: "1.0.0" }, minVersion: "1.0.0" },
    stable: { minVersion: "1.1.0" },
  }),
  asked("the highest minimum counts: the fleet's", {
    product: { fleet: { defaultChannel: "stable", minVersion: "1.3.0" }, minVersion: "1.0.0" },
    stable: { minVersion: "1.1.0" },
  }),
  asked("what is at the minimum satisfies it", { product: { minVersion: "1.0.0" } }),
  asked("nothing installed is below no minimum", { product: { minVersion: "1.1.0" }, installed: null }),
  asked("the minimum passes no halt", {
    product: { minVersion: "1.1.0" },
    stable: { halted: { reason: "bad", at: T0 } },
    versions: ["1.1.0"],
  }),
  asked("the minimum passes window and freeze", {
    product: { minVersion: "1.1.0" },
    tenant: { window: window(), freeze: [FREEZE] },
  }),
  asked("the minimum does not pass `autoUpdate: false`", {
    product: { minVersion: "1.1.0" },
    tenant: { autoUpdate: false },
  }),
  asked("below the minimum it takes an earlier version that satisfies it, rather than pass a wave", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    product: { minVersion: "1.1.0" },
    stable: { rollout: waves([1, 0], [1_000_000, 12 * HOUR]) },
  }),
  asked("below the minimum it passes the wave where no earlier version satisfies it", {
    versions: ["1.1.0", "1.2.0"],
    product: { minVersion: "1.2.0" },
    stable: { rollout: waves([1, 0], [1_000_000, 12 * HOUR]) },
  }),
  asked("in a halt it takes an earlier version below the minimum, where none satisfies it", {
    versions: ["1.1.0", "1.2.0"],
    product: { minVersion: "1.2.0" },
    stable: { halted: { reason: "bad", at: T0 } },
  }),
  asked("in a halt it takes the newest of those below the minimum", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    product: { minVersion: "1.3.0" },
    stable: { halted: { reason: "bad", at: T0 } },
  }),
  asked("in a halt one that satisfies the minimum comes before a newer one that does not", {
    stable: {
      current: { version: "1.3.0", at: T0, commit: "c".repeat(40) },
      previous: [
        { version: "1.1.0", at: T0 - DAY, commit: "c".repeat(40) },
        { version: "1.2.0", at: T0 - 2 * DAY, commit: "c".repeat(40) },
      ],
      halted: { reason: "bad", at: T0 },
    },
    product: { minVersion: "1.2.0" },
  }),
];

const ROLLED_BACK = { rollback: { from: ["1.2.0"] } };

const rollbacks: readonly NamedCase[] = [
  asked("what is installed stays", { installed: "1.1.0" }),
  asked("a downgrade that nobody declared is refused", { installed: "1.2.0" }),
  asked("a declared rollback from another version does not count", {
    installed: "1.3.0",
    stable: ROLLED_BACK,
    releases: signed({ "1.3.0": { rollbackTo: ">=1.0.0" } }),
  }),
  asked("a declared rollback without a signed range is refused", { installed: "1.2.0", stable: ROLLED_BACK }),
  asked("a declared rollback from what is no release is refused", {
    installed: "1.2.1",
    stable: { rollback: { from: ["1.2.1"] } },
  }),
  asked("a declared rollback out of the signed range is refused", {
    installed: "1.2.0",
    stable: ROLLED_BACK,
    releases: signed({ "1.2.0": { rollbackTo: ">1.1.0" } }),
  }),
  asked("a declared rollback in the signed range is taken", {
    installed: "1.2.0",
    stable: ROLLED_BACK,
    releases: signed({ "1.2.0": { rollbackTo: ">=1.1.0" } }),
  }),
  asked("a declared rollback does not wait for waves", {
    installed: "1.2.0",
    stable: { ...ROLLED_BACK, rollout: LATE },
    releases: signed({ "1.2.0": { rollbackTo: ">=1.1.0" } }),
  }),
  asked("a declared rollback to a halted version waits, and takes nothing earlier", {
    installed: "1.2.0",
    stable: { ...ROLLED_BACK, halted: { reason: "bad", at: T0 } },
    releases: signed({ "1.2.0": { rollbackTo: "*" } }),
  }),
  asked("a declared rollback keeps to windows", {
    installed: "1.2.0",
    stable: ROLLED_BACK,
    tenant: { window: window() },
    releases: signed({ "1.2.0": { rollbackTo: ">=1.1.0" } }),
  }),
  asked("a declared rollback to what cannot run here is refused", {
    installed: "1.2.0",
    stable: ROLLED_BACK,
    device: { facts: { glibc: "2.31" } },
    releases: signed({
      "1.2.0": { rollbackTo: ">=1.1.0" },
      "1.1.0": requiring("1.1.0", { glibc: ">=2.36" }),
    }),
  }),
  asked("a declared rollback to what runs here says so", {
    installed: "1.2.0",
    stable: ROLLED_BACK,
    device: { facts: { glibc: "2.36" } },
    releases: signed({
      "1.2.0": { rollbackTo: ">=1.1.0" },
      "1.1.0": requiring("1.1.0", { glibc: ">=2.36" }),
    }),
  }),
  asked("a declared rollback to what failed here waits", {
    installed: "1.2.0",
    stable: ROLLED_BACK,
    local: { blocked: [{ version: "1.1.0", reason: "x", until: T0 + 5 }] },
    releases: signed({ "1.2.0": { rollbackTo: ">=1.1.0" } }),
  }),
  asked("a declared rollback needs no way: barriers do not count downwards", {
    installed: "1.2.0",
    stable: ROLLED_BACK,
    releases: signed({ "1.2.0": { rollbackTo: ">=1.1.0" }, "1.1.0": { upgradeFrom: "<1.0.0" } }),
  }),
  asked("a declared rollback leads down from a dead end", {
    installed: "1.2.0",
    stable: ROLLED_BACK,
    releases: signed({ "1.2.0": { rollbackTo: ">=1.1.0", deadEnd: { reason: "x" } } }),
  }),
  ...(["1.3.0", "1.2.0", "1.1.0", "unknown", "1.9.0"] as const).map((newestConfirmed) =>
    asked(`a rollback is bound by ${newestConfirmed}, the newest that was confirmed`, {
      installed: "1.2.0",
      stable: ROLLED_BACK,
      local: { newestConfirmed },
      releases: signed({ "1.2.0": { rollbackTo: ">=1.1.0" }, "1.3.0": { rollbackTo: ">=1.2.0" } }),
    }),
  ),
  asked("a rollback goes where both the installed and the newest version allow it", {
    installed: "1.2.0",
    stable: ROLLED_BACK,
    local: { newestConfirmed: "1.3.0" },
    releases: signed({ "1.2.0": { rollbackTo: ">=1.1.0" }, "1.3.0": { rollbackTo: "1.1.x" } }),
  }),
  asked("a rollback needs the installed version's word as well as the newest one's", {
    installed: "1.2.0",
    stable: ROLLED_BACK,
    local: { newestConfirmed: "1.3.0" },
    releases: signed({ "1.3.0": { rollbackTo: "1.1.x" } }),
  }),
  ...["1.4", "1.4.0", "1.04"].map((newestConfirmed) =>
    asked(`a rollback is bound by ${newestConfirmed}, of the rank of what is installed, as it is written`, {
      product: {
        versionScheme: "dotted",
        channels: { stable: channel(["1.3"], { rollback: { from: ["1.4.0"] } }) },
      },
      releases: [
        release("1.3", { versionScheme: "dotted" }),
        release("1.4.0", { versionScheme: "dotted", rollbackTo: ">=1.3" }),
        release("1.4", { versionScheme: "dotted", rollbackTo: ">=1.4" }),
      ],
      installed: "1.4.0",
      local: { newestConfirmed },
    }),
  ),
  asked("no note of the newest version keeps a machine from going up", {
    local: { newestConfirmed: "unknown" },
  }),
];

const ways: readonly NamedCase[] = [
  asked("from a dead end no way leads up", { releases: signed({ "1.0.0": { deadEnd: { reason: "x" } } }) }),
  asked("a dead end that is installed stays where the channel points to it", {
    versions: ["1.1.0", "1.0.0"],
    releases: signed({ "1.0.0": { deadEnd: { reason: "x" } } }),
  }),
  asked("`upgradeFrom` that has the installed version: directly", {
    releases: signed({ "1.1.0": { upgradeFrom: ">=1.0.0" } }),
  }),
  asked("`upgradeFrom` that has no step: no way", {
    releases: signed({ "1.1.0": { upgradeFrom: ">1.0.0" } }),
  }),
  asked("nothing installed is accepted by every release", {
    releases: signed({ "1.1.0": { upgradeFrom: ">1.0.0" }, "1.0.0": { barrier: {} } }),
    installed: null,
  }),
  asked("the way leads through what the channel pointed to", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" } }),
  }),
  asked("the way leads through what `steps` lists", {
    versions: ["1.2.0"],
    stable: { steps: ["1.1.0"] },
    releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" } }),
  }),
  asked("the way leads through nothing that only other channels have", {
    versions: ["1.2.0"],
    product: { channels: { stable: channel(["1.2.0"]), beta: channel(["1.1.0"]) } },
    releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" } }),
  }),
  asked("the way takes the newest step first", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    releases: signed({ "1.3.0": { upgradeFrom: ">=1.1.0" } }),
  }),
  asked("the way takes no newest step from which there is none further", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    releases: signed({ "1.3.0": { upgradeFrom: "=1.1.0" } }),
  }),
  asked("the way has several steps", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    releases: signed({ "1.3.0": { upgradeFrom: ">=1.2.0" }, "1.2.0": { upgradeFrom: ">=1.1.0" } }),
  }),
  ...(
    [
      ["yanked", { product: { yanked: ["1.1.0"] } }],
      ["yanked for the platform", { product: { yankedFor: { "1.1.0": ["linux-x64"] } } }],
      ["a dead end", { more: { "1.1.0": { deadEnd: { reason: "x" } } } }],
      ["without an artifact for the platform", { more: { "1.1.0": artifacts("1.1.0", ["linux-arm64"]) } }],
      ["rolled back from", { stable: { rollback: { from: ["1.1.0"] } } }],
    ] as const
  ).map(([what, said]) =>
    asked(`the way leads through nothing that is ${what}`, {
      versions: ["1.0.0", "1.1.0", "1.2.0"],
      stable: "stable" in said ? { rollback: { from: [...said.stable.rollback.from] } } : {},
      product:
        "product" in said
          ? { channels: { stable: channel(["1.0.0", "1.1.0", "1.2.0"]) }, ...said.product }
          : {},
      releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" }, ...("more" in said ? said.more : {}) }),
    }),
  ),
  asked("the way leads through nothing that stood halted", {
    stable: {
      current: { version: "1.2.0", at: T0, commit: "c".repeat(40) },
      previous: [{ version: "1.1.0", at: T0 - DAY, commit: "c".repeat(40), halted: true }],
    },
    releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" } }),
  }),
  asked("the way to a pin leads through nothing that stands halted", {
    versions: ["1.1.0"],
    stable: { halted: { reason: "bad", at: T0 } },
    tenant: PIN,
    releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" } }),
  }),
  asked("the way to a pin leads through what the channel points to", {
    tenant: PIN,
    releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" } }),
  }),
  asked("a way to a finished version leads through no pre-release", {
    versions: ["1.2.0-rc.1", "1.2.0"],
    releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" }, "1.2.0-rc.1": {} }),
  }),
  asked("a way to a pre-release leads through another", {
    versions: ["1.2.0-rc.1", "1.2.0-rc.2"],
    releases: signed({ "1.2.0-rc.2": { upgradeFrom: ">=1.1.0" }, "1.2.0-rc.1": {} }),
  }),
  asked("everybody older passes through a barrier", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    releases: signed({ "1.1.0": { barrier: {} } }),
  }),
  asked("a barrier holds no one who is at it", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    releases: signed({ "1.1.0": { barrier: {} } }),
    installed: "1.1.0",
  }),
  asked("a barrier holds no one on the way to itself", { releases: signed({ "1.1.0": { barrier: {} } }) }),
  asked("a barrier below what is installed holds no one", {
    versions: ["1.3.0"],
    releases: signed({ "1.1.0": { barrier: {} } }),
    installed: "1.2.0",
  }),
  asked("two barriers are passed one after the other", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    releases: signed({ "1.1.0": { barrier: {} }, "1.2.0": { barrier: {} } }),
  }),
  asked("a barrier that the channel does not lead through ends the way", {
    versions: ["1.2.0"],
    releases: signed({ "1.1.0": { barrier: {} } }),
  }),
  asked("a yank of policy lifts no barrier", {
    versions: ["1.1.0", "1.2.0"],
    product: { channels: { stable: channel(["1.1.0", "1.2.0"]) }, yanked: ["1.1.0"] },
    releases: signed({ "1.1.0": { barrier: {} } }),
  }),
  asked("a yank by the release key lifts it", {
    versions: ["1.1.0", "1.2.0"],
    releases: signed({ "1.1.0": { barrier: {}, active: false } }),
  }),
  asked("a yank by the release key for the platform lifts it there", {
    versions: ["1.1.0", "1.2.0"],
    releases: signed({ "1.1.0": { barrier: {}, ...artifacts("1.1.0", ["linux-x64"], { active: false }) } }),
  }),
  asked("a barrier that was not built for the platform holds there all the same", {
    versions: ["1.1.0", "1.2.0"],
    releases: signed({ "1.1.0": { barrier: {}, ...artifacts("1.1.0", ["linux-arm64"]) } }),
  }),
  asked("a barrier of which one of two artifacts for the platform is yanked holds", {
    versions: ["1.1.0", "1.2.0"],
    releases: signed({
      "1.1.0": {
        barrier: {},
        artifacts: release("1.1.0").artifacts.flatMap((each) => [each, { ...each, active: false as const }]),
      },
    }),
  }),
  asked("a barrier that is yanked for another platform holds", {
    versions: ["1.1.0", "1.2.0"],
    releases: signed({ "1.1.0": { barrier: {}, ...artifacts("1.1.0", ["linux-arm64"], { active: false }) } }),
  }),
  asked("a pre-release that is a barrier holds no finished version", {
    versions: ["1.1.0-rc.1", "1.2.0"],
    releases: signed({ "1.1.0-rc.1": { barrier: {} } }),
  }),
  asked("a pre-release that is a barrier holds another pre-release", {
    versions: ["1.1.0-rc.1", "1.2.0-rc.1"],
    releases: signed({ "1.1.0-rc.1": { barrier: {} }, "1.2.0-rc.1": {} }),
  }),
  asked("dotted versions have no pre-releases, and ranges of their own", {
    product: {
      versionScheme: "dotted",
      channels: { stable: channel(["1.4.5", "1.5"]) },
    },
    releases: [
      release("1.4", { versionScheme: "dotted" }),
      release("1.4.5", { versionScheme: "dotted" }),
      release("1.5", { versionScheme: "dotted", upgradeFrom: ">1.4" }),
    ],
    installed: "1.4",
  }),
  asked("dotted versions of equal rank stay", {
    product: { versionScheme: "dotted", channels: { stable: channel(["1.4.0"]) } },
    releases: [release("1.4.0", { versionScheme: "dotted" })],
    installed: "1.4",
  }),
  ...[T0, T0 + 1].map((until) =>
    asked(`a version that failed here is blocked until ${until - T0} seconds from now`, {
      local: { blocked: [{ version: "1.1.0", reason: "x", until }] },
    }),
  ),
  asked("the longest of several backoffs counts", {
    local: {
      blocked: [
        { version: "1.1.0", reason: "x", until: T0 + 9 },
        { version: "1.1.0", reason: "x", until: T0 + 5 },
        { version: "1.2.0", reason: "x", until: T0 + 20 },
      ],
    },
  }),
  asked("a blocked step blocks the way", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" } }),
    local: { blocked: [{ version: "1.1.0", reason: "x", until: T0 + 9 }] },
  }),
  asked("a blocked target blocks the way to it", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" } }),
    local: { blocked: [{ version: "1.2.0", reason: "x", until: T0 + 9 }] },
  }),
  asked("a blocked second step does not block the first", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    releases: signed({ "1.3.0": { upgradeFrom: ">=1.2.0" }, "1.2.0": { upgradeFrom: ">=1.1.0" } }),
    local: { blocked: [{ version: "1.2.0", reason: "x", until: T0 + 9 }] },
  }),
  asked("a person's request passes no backoff", {
    local: { updateNow: true, blocked: [{ version: "1.1.0", reason: "x", until: T0 + 9 }] },
  }),
];

const OLD = { glibc: "2.31", os: "debian", osVersion: "11", cpu: ["sse4_2"], memory: 1024, disk: 2048 };

const requirements: readonly NamedCase[] = [
  ...(
    [
      ["glibc", { glibc: ">=2.31" }],
      ["a newer glibc", { glibc: ">=2.32" }],
      ["musl, which is not there", { musl: ">=1.2" }],
      ["a kernel, which nobody could find out", { kernel: ">=4" }],
      ["macOS", { macos: ">=12" }],
      ["Windows", { windowsBuild: ">=17763" }],
      ["a range that cannot be read", { glibc: "new" }],
      ["its system", { os: { debian: ">=11" } }],
      ["a newer system", { os: { debian: ">=12", ubuntu: ">=22.04" } }],
      ["another system", { os: { ubuntu: ">=1" } }],
      ["its processor", { cpu: ["sse4_2"] }],
      ["another processor", { cpu: ["avx", "sse4_2", "avx2"] }],
      ["its memory", { memory: 1024 }],
      ["a byte more of memory", { memory: 1025 }],
      ["its disk beside the 1000 bytes of the artifact", { disk: 1048 }],
      ["a byte more of disk", { disk: 1049 }],
      ["much memory", { memory: 3 * 2 ** 30 + 2 ** 29 }],
      ["very much disk", { disk: 5 * 2 ** 40 }],
      ["what nobody knows", { unknown: ["tpm"] }],
      ["two things", { glibc: ">=9", memory: 2 ** 21 - 1 }],
      ["nothing", {}],
    ] as const
  ).map(([what, requires]) =>
    asked(`a release that requires ${what}`, {
      device: { facts: OLD },
      releases: signed({ "1.1.0": requiring("1.1.0", requires as Requirements) }),
    }),
  ),
  asked("a release fits where all of its artifacts for the platform do", {
    device: { facts: OLD },
    releases: signed({
      "1.1.0": {
        artifacts: [{}, { requires: { glibc: ">=2" } }, { requires: { glibc: ">=9" } }].flatMap((more) =>
          release("1.1.0").artifacts.map((each) => ({ ...each, ...more })),
        ),
      },
    }),
  }),
  asked("a machine of which nothing is known lacks nothing", {
    releases: signed({ "1.1.0": requiring("1.1.0", { glibc: ">=9", unknown: ["tpm"] }) }),
  }),
  asked("a machine of which everything is unknown lacks all", {
    device: { facts: {} },
    releases: signed({
      "1.1.0": requiring("1.1.0", { glibc: ">=1", os: { debian: ">=1" }, cpu: ["avx"], memory: 0, disk: 0 }),
    }),
  }),
  asked("a fact that is no version meets nothing", {
    device: { facts: { glibc: "2.36-9+deb12u4", os: "arch", osVersion: "rolling" } },
    releases: signed({ "1.1.0": requiring("1.1.0", { glibc: ">=1", os: { arch: ">=1" } }) }),
  }),
  asked("a system without a version meets no range of it", {
    device: { facts: { os: "debian" } },
    releases: signed({ "1.1.0": requiring("1.1.0", { os: { debian: ">=1" } }) }),
  }),
  asked("the size of an empty artifact takes no disk", {
    device: { facts: { disk: 1023 } },
    releases: signed({ "1.1.0": artifacts("1.1.0", ["linux-x64"], { size: 0, requires: { disk: 1024 } }) }),
  }),
  asked("what the artifact of another platform requires does not count", {
    device: { facts: OLD },
    releases: signed({
      "1.1.0": {
        artifacts: release("1.1.0").artifacts.map((each) =>
          each.platform === "linux-arm64" ? { ...each, requires: { glibc: ">=9" } } : each,
        ),
      },
    }),
  }),
  asked("a machine that the target does not fit takes the newest before it that does", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    device: { facts: OLD },
    releases: signed({ "1.3.0": requiring("1.3.0", { glibc: ">=9" }) }),
  }),
  asked("it takes the one before that, where that does not fit either", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    device: { facts: OLD },
    releases: signed({
      "1.3.0": requiring("1.3.0", { glibc: ">=9" }),
      "1.2.0": requiring("1.2.0", { glibc: ">=8" }),
    }),
  }),
  asked("it stays where it runs the newest that fits", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    device: { facts: OLD },
    installed: "1.2.0",
    releases: signed({
      "1.3.0": requiring("1.3.0", { glibc: ">=9" }),
      "1.2.0": requiring("1.2.0", { glibc: ">=8" }),
    }),
  }),
  asked("it takes nothing that is older than what it runs", {
    versions: ["1.1.0", "1.3.0"],
    device: { facts: OLD },
    installed: "1.2.0",
    releases: signed({ "1.3.0": requiring("1.3.0", { glibc: ">=9" }) }),
  }),
  asked("it takes nothing that is newer than the target", {
    versions: ["1.3.0", "1.2.0"],
    device: { facts: OLD },
    releases: signed({ "1.2.0": requiring("1.2.0", { glibc: ">=9" }) }),
  }),
  asked("it takes nothing that was not built for it", {
    versions: ["1.1.0", "1.2.0"],
    device: { facts: OLD },
    releases: signed({
      "1.2.0": requiring("1.2.0", { glibc: ">=9" }),
      "1.1.0": artifacts("1.1.0", ["linux-arm64"]),
    }),
  }),
  asked("it takes nothing to which no way leads", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    device: { facts: OLD },
    releases: signed({
      "1.3.0": requiring("1.3.0", { glibc: ">=9" }),
      "1.2.0": { upgradeFrom: ">=1.1.0 <1.1.0" },
    }),
  }),
  asked("the waves of what stands for the target count on, as if it were offered still", {
    versions: ["1.1.0", "1.2.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 25 * HOUR]) },
    device: { facts: OLD },
    releases: signed({ "1.2.0": requiring("1.2.0", { glibc: ">=9" }) }),
    now: T0 + 2 * HOUR,
  }),
  asked("what stands for the target waits for its wave", {
    versions: ["1.1.0", "1.2.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 25 * HOUR]) },
    device: { facts: OLD },
    releases: signed({ "1.2.0": requiring("1.2.0", { glibc: ">=9" }) }),
  }),
  asked("behind what stands for the target are those before it", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 23 * HOUR]) },
    device: { facts: OLD },
    releases: signed({ "1.3.0": requiring("1.3.0", { glibc: ">=9" }) }),
    now: T0 - 2 * HOUR,
  }),
  asked("a new machine waits for what stands for the target, where nothing is behind it", {
    versions: ["1.1.0", "1.2.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 25 * HOUR]) },
    device: { facts: OLD },
    installed: null,
    releases: signed({ "1.2.0": requiring("1.2.0", { glibc: ">=9" }) }),
  }),
  asked("nothing of the target's own rank stands for it", {
    product: { versionScheme: "dotted", channels: { stable: channel(["1.4", "1.4.0"]) } },
    releases: [
      release("1.3", { versionScheme: "dotted" }),
      release("1.4", { versionScheme: "dotted" }),
      release("1.4.0", { versionScheme: "dotted", ...requiring("1.4.0", { glibc: ">=9" }) }),
    ],
    device: { facts: OLD },
    installed: "1.3",
  }),
  asked("the halt of the target does not hold what stands for it", {
    versions: ["1.1.0", "1.2.0"],
    stable: { halted: { reason: "bad", at: T0 } },
    device: { facts: OLD },
    releases: signed({ "1.2.0": requiring("1.2.0", { glibc: ">=9" }) }),
  }),
  asked("a step that does not fit is gone around", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    device: { facts: OLD },
    releases: signed({
      "1.3.0": { upgradeFrom: ">=1.1.0" },
      "1.2.0": requiring("1.2.0", { glibc: ">=9" }),
    }),
  }),
  asked("a step that does not fit and cannot be gone around is the misfit", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    device: { facts: OLD },
    releases: signed({
      "1.3.0": { upgradeFrom: ">=1.2.0" },
      "1.2.0": requiring("1.2.0", { glibc: ">=9" }),
    }),
  }),
  asked("a step that requires what the machine has says so", {
    versions: ["1.1.0", "1.2.0"],
    device: { facts: OLD },
    releases: signed({ "1.2.0": { upgradeFrom: ">=1.1.0" }, "1.1.0": requiring("1.1.0", { glibc: ">=2" }) }),
  }),
  asked("a pin that does not fit is refused, and nothing stands for it", {
    tenant: PIN,
    device: { facts: OLD },
    releases: signed({ "1.2.0": requiring("1.2.0", { glibc: ">=9" }) }),
  }),
  asked("a barrier that does not fit ends the way", {
    versions: ["1.1.0", "1.2.0"],
    device: { facts: OLD },
    releases: signed({ "1.1.0": { barrier: {}, ...requiring("1.1.0", { glibc: ">=9" }) } }),
  }),
];

const rollouts: readonly NamedCase[] = [
  ...(["steps", "linear"] as const).flatMap((strategy) =>
    [T0, T0 + 2 * HOUR, T0 + 5 * HOUR, T0 + DAY, T0 + DAY + HOUR].map((now) =>
      asked(`a wave of ${strategy}, ${(now - T0) / HOUR} hours after the start`, {
        versions: ["1.1.0"],
        stable: {
          rollout: {
            ...waves([100_000, HOUR], [500_000, 3 * HOUR], [900_000, 12 * HOUR], [1_000_000, DAY]),
            strategy,
          },
        },
        now,
      }),
    ),
  ),
  asked("the first wave of linear opens at its time", {
    versions: ["1.1.0"],
    stable: { rollout: { ...waves([1_000_000, HOUR]), strategy: "linear" } },
  }),
  ...["d-2", "d-3", "d-4", "d-5", "d-6", "d-7", "d-8"].map((id) => ({
    ...asked(`${id} has its turn in a linear wave`, {
      versions: ["1.1.0"],
      stable: {
        rollout: { ...waves([50_000, 0], [400_000, 9 * HOUR], [1_000_000, 7 * DAY]), strategy: "linear" },
      },
    }),
    device: device(id),
  })),
  asked("a turn that comes now has come", {
    versions: ["1.1.0"],
    stable: { rollout: waves([1_000_000, HOUR]) },
    now: T0 + HOUR,
  }),
  asked("a turn that comes in a second has not", {
    versions: ["1.1.0"],
    stable: { rollout: waves([1_000_000, HOUR]) },
    now: T0 + HOUR - 1,
  }),
  asked("a person's request passes a wave", {
    versions: ["1.1.0"],
    stable: { rollout: LATE },
    local: { updateNow: true },
  }),
  asked("a promotion that begins later has not begun, not even without waves", {
    stable: {
      current: { version: "1.1.0", at: T0 + HOUR, commit: "c".repeat(40) },
      previous: [],
      rollout: waves([1_000_000, 0]),
    },
  }),
  asked("without a rollout the start is not asked", {
    stable: { current: { version: "1.1.0", at: T0 + HOUR, commit: "c".repeat(40) }, previous: [] },
  }),
  asked("`startsAt` that is later counts", {
    versions: ["1.1.0"],
    stable: { rollout: { ...waves([1_000_000, HOUR]), startsAt: T0 + DAY } },
  }),
  asked("`startsAt` that is earlier does not count", {
    versions: ["1.1.0"],
    stable: { rollout: { ...waves([1_000_000, HOUR]), startsAt: T0 - DAY } },
  }),
  asked("`startsAt` says nothing of what the channel pointed to before", {
    versions: ["1.1.0", "1.2.0"],
    stable: { rollout: { ...waves([1_000_000, HOUR]), startsAt: T0 + DAY } },
  }),
  asked("a canary by its id need not wait", {
    versions: ["1.1.0"],
    stable: { rollout: { ...LATE, canary: { devices: ["d-1"], groups: [] } } },
  }),
  asked("a canary by its group need not wait", {
    versions: ["1.1.0"],
    stable: { rollout: { ...LATE, canary: { devices: [], groups: ["acme/other", "acme/tills"] } } },
    tenant: { groups: [GROUP, { name: "more", devices: ["d-1"] }] },
  }),
  asked("a group of another tenant's makes no canary", {
    versions: ["1.1.0"],
    stable: { rollout: { ...LATE, canary: { devices: [], groups: ["umbrella/tills"] } } },
    tenant: { groups: [GROUP] },
  }),
  asked("a canary waits for the start", {
    versions: ["1.1.0"],
    stable: { rollout: { ...LATE, startsAt: T0 + HOUR, canary: { devices: ["d-1"], groups: [] } } },
  }),
  ...[0, 1, 1_000_000].map((share) =>
    asked(`canaries are the first ${share} ppm of the queue`, {
      versions: ["1.1.0"],
      stable: { rollout: { ...LATE, canary: { devices: [], groups: [], share, of: "site" } } },
    }),
  ),
  // The cohort of d-3 for 1.1.0 is 0.97928259...
  ...[979_282, 979_283].flatMap((ppm) => [
    {
      ...asked(`a device just ${ppm === 979_283 ? "below" : "above"} the share of canaries`, {
        versions: ["1.1.0"],
        stable: { rollout: { ...LATE, canary: { devices: [], groups: [], share: ppm } } },
      }),
      device: device("d-3"),
    },
    {
      ...asked(`a device just ${ppm === 979_283 ? "below" : "above"} the share of a wave`, {
        versions: ["1.1.0"],
        stable: { rollout: waves([ppm, 0], [1_000_000, DAY]) },
      }),
      device: device("d-3"),
    },
  ]),
  ...(["security", "normal"] as const).map((severity) =>
    asked(`waves by severity, for a ${severity} release`, {
      versions: ["1.1.0"],
      stable: {
        rollout: {
          ...LATE,
          bySeverity: { security: { strategy: "steps", waves: [{ ppm: 1_000_000, after: HOUR }] } },
        },
      },
      releases: signed({ "1.1.0": { severity } }),
    }),
  ),
  asked("a security release without waves of its own waits like others", {
    versions: ["1.1.0"],
    stable: { rollout: LATE },
    releases: signed({ "1.1.0": { severity: "security" } }),
  }),
  ...[0, 1, 2, 3].map((opened) =>
    asked(`${opened} waves are open, and d-1 is in the second`, {
      versions: ["1.1.0"],
      stable: {
        rollout: { ...waves([1, 0], [999_999, HOUR], [1_000_000, 2 * HOUR]), advance: "manual", opened },
      },
      now: T0 + DAY,
    }),
  ),
  asked("an open wave waits for its time", {
    versions: ["1.1.0"],
    stable: { rollout: { ...waves([1_000_000, HOUR]), advance: "healthy", opened: 1 } },
  }),
  asked("a person's request passes a shut wave", {
    versions: ["1.1.0"],
    stable: { rollout: { ...waves([1_000_000, HOUR]), advance: "healthy", opened: 0 } },
    local: { updateNow: true },
  }),
  asked("waves by severity open by time, whatever is shut", {
    versions: ["1.1.0"],
    stable: {
      rollout: {
        ...waves([1_000_000, HOUR]),
        advance: "manual",
        opened: 0,
        bySeverity: { security: { strategy: "steps", waves: [{ ppm: 1_000_000, after: 0 }] } },
      },
    },
    releases: signed({ "1.1.0": { severity: "security" } }),
  }),
  ...[undefined, 0, 1].map((opened) =>
    asked(`of an earlier promotion ${opened ?? "all"} waves were open`, {
      stable: {
        current: { version: "1.2.0", at: T0, commit: "c".repeat(40) },
        previous: [
          {
            version: "1.1.0",
            at: T0 - DAY,
            commit: "c".repeat(40),
            ...(opened === undefined ? {} : { opened }),
          },
        ],
        rollout: { ...waves([1_000_000, HOUR]), advance: "manual", opened: 0 },
      },
    }),
  ),
  asked("until then it takes the version before, whose wave had reached it", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 23 * HOUR]) },
  }),
  asked("but not the version before, whose wave would come only when the channel had moved on", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 24 * HOUR]) },
    now: T0 + HOUR,
  }),
  asked("nor the version before that", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 24 * HOUR]) },
    now: T0 + HOUR,
  }),
  asked("the end of a candidate is the start of what came after it, though that is yanked", {
    stable: {
      current: { version: "1.3.0", at: T0, commit: "c".repeat(40) },
      previous: [
        { version: "1.2.0", at: T0 - 2 * HOUR, commit: "c".repeat(40) },
        { version: "1.1.0", at: T0 - 4 * HOUR, commit: "c".repeat(40) },
      ],
      rollout: waves([1, 0], [1_000_000, 3 * HOUR]),
    },
    product: {},
    releases: signed({ "1.2.0": { active: false } }),
  }),
  asked("a turn at the very end of a candidate is none", {
    stable: {
      current: { version: "1.3.0", at: T0, commit: "c".repeat(40) },
      previous: [{ version: "1.1.0", at: T0 - HOUR, commit: "c".repeat(40) }],
      rollout: waves([1_000_000, HOUR]),
    },
  }),
  asked("a turn a second before its end is one", {
    stable: {
      current: { version: "1.3.0", at: T0 + 1, commit: "c".repeat(40) },
      previous: [{ version: "1.1.0", at: T0 - HOUR, commit: "c".repeat(40) }],
      rollout: waves([1_000_000, HOUR]),
    },
  }),
  asked("what stood for a fallback has no end", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 30 * HOUR]) },
    releases: signed({ "1.3.0": { active: false } }),
    now: T0 + 8 * HOUR,
  }),
  asked("the version before that is not newer than what is installed is not taken", {
    versions: ["1.0.0", "1.1.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 23 * HOUR]) },
  }),
  asked("the version before that is newer than the target is not taken", {
    versions: ["1.3.0", "1.2.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 23 * HOUR]) },
  }),
  asked("the version before that was not built for the platform is not taken", {
    versions: ["1.1.0", "1.2.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 23 * HOUR]) },
    releases: signed({ "1.1.0": artifacts("1.1.0", ["linux-arm64"]) }),
  }),
  asked("the version before to which no way leads is not taken", {
    versions: ["1.1.0", "1.2.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 23 * HOUR]) },
    releases: signed({ "1.1.0": { upgradeFrom: ">=1.0.1" } }),
  }),
  asked("the version before that failed here is waited for", {
    versions: ["1.1.0", "1.2.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 23 * HOUR]) },
    local: { blocked: [{ version: "1.1.0", reason: "x", until: T0 + 9 }] },
  }),
  asked("the version before keeps to the window", {
    versions: ["1.1.0", "1.2.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 23 * HOUR]) },
    tenant: { window: window() },
  }),
  asked("a channel that points to a version again need not make those wait who had their turn", {
    versions: ["1.1.0", "1.0.0", "1.1.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 23 * HOUR]) },
  }),
  asked("a halt holds them all the same", {
    versions: ["1.1.0", "1.0.0", "1.1.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 23 * HOUR]), halted: { reason: "bad", at: T0 } },
  }),
  asked("a turn of the earlier promotion that is still to come comes sooner", {
    stable: {
      current: { version: "1.1.0", at: T0 + 10 * HOUR, commit: "c".repeat(40) },
      previous: [{ version: "1.1.0", at: T0 - HOUR, commit: "c".repeat(40) }],
      rollout: waves([1_000_000, 2 * HOUR]),
    },
  }),
  asked("the soonest of several such turns counts", {
    stable: {
      current: { version: "1.1.0", at: T0 + 30 * HOUR, commit: "c".repeat(40) },
      previous: [
        { version: "1.1.0", at: T0 + 10 * HOUR, commit: "c".repeat(40) },
        { version: "1.2.0", at: T0 + 5 * HOUR, commit: "c".repeat(40) },
        { version: "1.1.0", at: T0 - HOUR, commit: "c".repeat(40) },
      ],
      rollout: waves([1_000_000, 2 * HOUR]),
    },
  }),
  asked("such a turn that comes later than its own does not count", {
    stable: {
      current: { version: "1.1.0", at: T0, commit: "c".repeat(40) },
      previous: [
        { version: "1.2.0", at: T0 + 10 * HOUR, commit: "c".repeat(40) },
        { version: "1.1.0", at: T0 + HOUR, commit: "c".repeat(40) },
      ],
      rollout: waves([1_000_000, 2 * HOUR]),
    },
  }),
  asked("a turn of another version that is still to come does not count", {
    stable: {
      current: { version: "1.1.0", at: T0 + 10 * HOUR, commit: "c".repeat(40) },
      previous: [{ version: "1.2.0", at: T0 - HOUR, commit: "c".repeat(40) }],
      rollout: waves([1_000_000, 2 * HOUR]),
    },
  }),
  asked("a wave of the earlier promotion that was never opened brings no such turn", {
    stable: {
      current: { version: "1.1.0", at: T0 + 10 * HOUR, commit: "c".repeat(40) },
      previous: [{ version: "1.1.0", at: T0 - HOUR, commit: "c".repeat(40), opened: 0 }],
      rollout: { ...waves([1_000_000, 2 * HOUR]), advance: "manual", opened: 1 },
    },
  }),
  asked("such a turn after its end is none", {
    stable: {
      current: { version: "1.1.0", at: T0 + HOUR, commit: "c".repeat(40) },
      previous: [{ version: "1.1.0", at: T0 - HOUR, commit: "c".repeat(40) }],
      rollout: waves([1_000_000, 2 * HOUR]),
    },
  }),
  asked("a shut wave waits for such a turn", {
    stable: {
      current: { version: "1.1.0", at: T0 + 10 * HOUR, commit: "c".repeat(40) },
      previous: [{ version: "1.1.0", at: T0 - HOUR, commit: "c".repeat(40) }],
      rollout: { ...waves([1_000_000, 2 * HOUR]), advance: "manual", opened: 0 },
    },
  }),
  asked("a new machine whose turn has come for nothing takes what began first", {
    versions: ["1.1.0", "1.2.0", "1.3.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 9 * DAY]) },
    installed: null,
  }),
  asked("a new machine takes the first of two that began together", {
    stable: {
      current: { version: "1.3.0", at: T0, commit: "c".repeat(40) },
      previous: [
        { version: "1.2.0", at: T0 - DAY, commit: "c".repeat(40) },
        { version: "1.1.0", at: T0 - DAY, commit: "c".repeat(40) },
      ],
      rollout: waves([1, 0], [1_000_000, 9 * DAY]),
    },
    installed: null,
  }),
  asked("a new machine takes a version whose turn has come rather than the first", {
    stable: {
      current: { version: "1.3.0", at: T0, commit: "c".repeat(40) },
      previous: [
        { version: "1.2.0", at: T0 - 10 * DAY, commit: "c".repeat(40) },
        { version: "1.1.0", at: T0 - 11 * DAY, commit: "c".repeat(40) },
      ],
      rollout: waves([1, 0], [1_000_000, 9 * DAY]),
    },
    installed: null,
  }),
  asked("a new machine waits where there is nothing else", {
    versions: ["1.1.0"],
    stable: { rollout: waves([1, 0], [1_000_000, 9 * DAY]) },
    installed: null,
  }),
  asked("a new machine takes what it can in a halt too", {
    versions: ["1.1.0", "1.2.0"],
    stable: { halted: { reason: "bad", at: T0 } },
    installed: null,
  }),
  asked("a halt without anything earlier waits without a time", {
    versions: ["1.1.0"],
    stable: { halted: { reason: "bad", at: T0 }, rollout: LATE },
    local: { updateNow: true },
  }),
  asked("a halt holds no one who has the version", {
    installed: "1.1.0",
    stable: { halted: { reason: "bad", at: T0 } },
  }),
  asked("in a halt the version before is taken, without waves as soon as it began", {
    versions: ["1.1.0", "1.2.0"],
    stable: { halted: { reason: "bad", at: T0 } },
  }),
  asked("in a halt with waves a turn after the end does not count", {
    versions: ["1.1.0", "1.2.0"],
    stable: { halted: { reason: "bad", at: T0 }, rollout: waves([1, 0], [1_000_000, 25 * HOUR]) },
    now: T0 + 2 * HOUR,
  }),
  asked("in a halt without waves several that began together all count", {
    stable: {
      current: { version: "1.3.0", at: T0, commit: "c".repeat(40) },
      previous: [{ version: "1.1.0", at: T0, commit: "c".repeat(40) }],
      halted: { reason: "bad", at: T0 },
    },
  }),
];

const quietTimes: readonly NamedCase[] = [
  ...(
    [
      ["fleet", { product: { fleet: { defaultChannel: "stable", freeze: [FREEZE] } } }],
      ["product", { product: { freeze: [FREEZE] } }],
      ["channel", { stable: { freeze: [FREEZE] } }],
      ["tenant", { tenant: { freeze: [FREEZE] } }],
      ["device", { tenant: { devices: { "d-1": { products: { agent: { freeze: [FREEZE] } } } } } }],
    ] as const
  ).map(([what, said]) => asked(`a freeze of the ${what} holds`, said)),
  asked("a nearer freeze lifts no wider one", {
    product: { freeze: [{ ...FREEZE, to: T0 + 9 * HOUR }] },
    tenant: { freeze: [{ ...FREEZE, to: T0 + HOUR }] },
  }),
  asked("a freeze that begins now holds", { product: { freeze: [{ ...FREEZE, from: T0 }] } }),
  asked("a freeze that begins in a second does not hold", {
    product: { freeze: [{ ...FREEZE, from: T0 + 1 }] },
  }),
  asked("a freeze that ends now does not hold", { product: { freeze: [{ ...FREEZE, to: T0 }] } }),
  asked("a freeze that follows another is waited for too", {
    product: { freeze: [FREEZE, { from: T0 + HOUR, to: T0 + 3 * HOUR, reason: "x" }] },
  }),
  asked("a freeze that begins a second later leaves that second", {
    product: { freeze: [FREEZE, { from: T0 + HOUR + 1, to: T0 + 3 * HOUR, reason: "x" }] },
  }),
  ...(["security", "normal"] as const).flatMap((severity) => [
    asked(`a freeze but for security, and a ${severity} release`, {
      product: { freeze: [{ ...FREEZE, except: "security" }] },
      releases: signed({ "1.1.0": { severity } }),
    }),
    asked(`a freeze but for security beside a shorter one for all, and a ${severity} release`, {
      product: { freeze: [{ ...FREEZE, to: T0 + 5 * HOUR, except: "security" }, FREEZE] },
      releases: signed({ "1.1.0": { severity } }),
    }),
  ]),
  asked("a person's request passes a freeze", { product: { freeze: [FREEZE] }, local: { updateNow: true } }),
  asked("after a freeze the window is waited for", { tenant: { freeze: [FREEZE], window: window() } }),
  asked("with `onReturn: now` it is not: the device was kept away", {
    tenant: { freeze: [FREEZE], window: window({ onReturn: "now" }) },
  }),
  asked("a window that is open lets pass", { tenant: { window: window() }, now: SATURDAY_2 + HOUR }),
  asked("a window is open from its first second", { tenant: { window: window() }, now: SATURDAY_2 }),
  asked("a window is open in its last second", {
    tenant: { window: window() },
    now: SATURDAY_2 + 4 * HOUR - 1,
  }),
  asked("a window is shut at its end", { tenant: { window: window() }, now: SATURDAY_2 + 4 * HOUR }),
  asked("the nearest window counts", {
    tenant: { window: window(), sites: { berlin: { window: window({ days: ["fri"], start: "00:00" }) } } },
  }),
  asked("a window that opens inside a freeze is waited out", {
    tenant: { window: window(), freeze: [{ from: SATURDAY_2 - HOUR, to: SATURDAY_2 + HOUR, reason: "x" }] },
  }),
  asked("a window that is all inside a freeze is waited out", {
    tenant: { window: window(), freeze: [{ from: SATURDAY_2, to: SATURDAY_2 + 5 * HOUR, reason: "x" }] },
  }),
  asked("with `onReturn: now` a frozen opening is named all the same", {
    tenant: {
      window: window({ onReturn: "now" }),
      freeze: [{ from: SATURDAY_2 - HOUR, to: SATURDAY_2 + HOUR, reason: "x" }],
    },
  }),
  asked("freezes that hold this release only move its window", {
    tenant: {
      window: window(),
      freeze: [{ from: SATURDAY_2 - HOUR, to: SATURDAY_2 + HOUR, reason: "x", except: "security" }],
    },
    releases: signed({ "1.1.0": { severity: "security" } }),
  }),
  asked("a person's request passes a window", { tenant: { window: window() }, local: { updateNow: true } }),
  ...[SATURDAY_2 - 7 * DAY - 1, SATURDAY_2 - 7 * DAY].flatMap((lastCheckAt) =>
    (["now", "window"] as const).map((onReturn) =>
      asked(
        `last seen ${SATURDAY_2 - 7 * DAY - lastCheckAt} seconds before the last opening, on return: ${onReturn}`,
        {
          tenant: { window: window({ onReturn }) },
          local: { lastCheckAt },
        },
      ),
    ),
  ),
  asked("with `onReturn: now` and never seen before it waits", {
    tenant: { window: window({ onReturn: "now" }) },
  }),
  asked("an opening that is still open is not the last closed one", {
    tenant: { window: window({ onReturn: "now", days: ["thu", "sat"], start: "20:00", duration: 5 * HOUR }) },
    local: { lastCheckAt: T0 - 5 * DAY },
    now: T0 + HOUR,
  }),
  asked("`autoUpdate: false` waits for a request", { tenant: { autoUpdate: false } }),
  asked("a nearer `autoUpdate: true` does not", {
    tenant: { autoUpdate: false, sites: { berlin: { autoUpdate: true } } },
  }),
  asked("a person's request passes `autoUpdate: false`", {
    tenant: { autoUpdate: false },
    local: { updateNow: true },
  }),
  asked("a window comes before `autoUpdate: false`", { tenant: { autoUpdate: false, window: window() } }),
  asked("windows that open only in freezes are not followed for ever", {
    tenant: {
      window: window({
        days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        start: "00:00",
        duration: HOUR,
      }),
      freeze: [{ from: T0 - HOUR, to: T0 + 40 * DAY, reason: "x" }],
    },
  }),
];

const DENIED = { defaultChannel: "stable", localOverrides: "deny" } as const;

/** What a machine chooses itself, beside its channel. */
const localChoices: readonly NamedCase[] = [
  asked("the machine's own pin counts past the channel", { local: { pin: "1.2.0" } }),
  asked("the machine's own pin is nearer than that of its device", {
    tenant: { devices: { "d-1": { pin: { version: "1.1.0" } } } },
    local: { pin: "1.2.0" },
  }),
  asked("the machine's own pin keeps what it has", { local: { pin: "1.0.0" } }),
  asked("the machine's own pin waits for no wave", {
    stable: { rollout: { strategy: "steps", waves: [{ ppm: 0, after: 0 }] } },
    local: { pin: "1.1.0" },
  }),
  asked("`localOverrides: deny` takes the machine's own pin away", {
    product: { fleet: DENIED },
    local: { pin: "1.2.0" },
  }),
  asked("with its own pin denied, the pin of policy counts", {
    product: { fleet: DENIED },
    tenant: { pin: { version: "1.3.0" } },
    local: { pin: "1.2.0" },
  }),
  asked("the machine's own pin passes no pause", { product: PAUSED, local: { pin: "1.2.0" } }),
  asked("the machine's own pin passes no halt", {
    stable: { halted: { reason: "x", at: T0 } },
    local: { pin: "1.1.0" },
  }),
  asked("the machine's own pin to a yanked version is refused", {
    product: { yanked: ["1.2.0"] },
    local: { pin: "1.2.0" },
  }),
  asked("the machine's own pin to what nobody signed is refused", { local: { pin: "9.9.9" } }),
  asked("the machine's own pin to what is no version is refused", { local: { pin: "latest" } }),
  asked("the machine's own pin below what is installed is refused", {
    installed: "1.1.0",
    local: { pin: "1.0.0" },
  }),
  asked("the machine's own pin below a minimum does not count", {
    product: { minVersion: "1.1.0" },
    local: { pin: "1.0.0" },
  }),
  asked("the machine's own pin at the minimum counts", {
    product: { minVersion: "1.2.0" },
    local: { pin: "1.2.0" },
  }),
  asked("the machine's own pin that is no version does not count where there is a minimum", {
    product: { minVersion: "1.1.0" },
    local: { pin: "latest" },
  }),
  asked("the machine's own pin to a version that stood halted is refused", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    stable: { previous: [{ version: "1.1.0", at: T0 - DAY, commit: "c".repeat(40), halted: true }] },
    local: { pin: "1.1.0" },
  }),
  asked("the machine's own pin to what the channel rolls back from is refused", {
    stable: { rollback: { from: ["1.2.0"], reason: "x" } },
    local: { pin: "1.2.0" },
  }),
  asked("the machine's own pin keeps a version that stood halted where it is installed", {
    versions: ["1.0.0", "1.1.0", "1.2.0"],
    stable: { previous: [{ version: "1.1.0", at: T0 - DAY, commit: "c".repeat(40), halted: true }] },
    installed: "1.1.0",
    local: { pin: "1.1.0" },
  }),
  asked("the machine's own `autoUpdate: false` waits for a request", { local: { autoUpdate: false } }),
  asked("a person's request passes the machine's own `autoUpdate: false`", {
    local: { autoUpdate: false, updateNow: true },
  }),
  asked("the machine's own `autoUpdate: true` is nearer than policy's", {
    tenant: { autoUpdate: false },
    local: { autoUpdate: true },
  }),
  asked("`localOverrides: deny` takes the machine's own `autoUpdate: false` away", {
    product: { fleet: DENIED },
    local: { autoUpdate: false },
  }),
  asked("`localOverrides: deny` takes the machine's own `autoUpdate: true` away", {
    product: { fleet: { ...DENIED, autoUpdate: false } },
    local: { autoUpdate: true },
  }),
  asked("below a minimum the machine's own `autoUpdate: false` does not hold", {
    product: { minVersion: "1.1.0" },
    local: { autoUpdate: false },
  }),
  asked("below a minimum policy's `autoUpdate: false` holds all the same", {
    product: { minVersion: "1.1.0" },
    tenant: { autoUpdate: false },
    local: { autoUpdate: false },
  }),
];

export const NAMED_CASES: readonly NamedCase[] = [
  ...pauses,
  ...channels,
  ...groups,
  ...pins,
  ...targets,
  ...minimums,
  ...rollbacks,
  ...ways,
  ...requirements,
  ...rollouts,
  ...quietTimes,
  ...localChoices,
];
