import { asMergedNow, type DesiredState } from "../../../controller/desired/desired-state.ts";
import type { InventoryRecord } from "../../../controller/inventory/inventory-record.ts";
import { computePlan } from "../../../controller/plan/compute-plan.ts";
import type { Plan, PlannedExpectation } from "../../../controller/plan/plan.ts";
import { scopeRecords } from "../../../controller/plan/scope-records.ts";
import type { ChannelPolicy, ProductPolicy, Rollout, TenantPolicy } from "../../../protocol/policy.ts";
import type { Releases } from "../../../protocol/release.ts";
import { channel, DAY, HOUR, RELEASES, release, T0, tenant } from "../../protocol/build-policies.ts";
import { state } from "../build-states.ts";

/** A Friday morning, on which these changes are merged. */
const NOW = T0 + 9 * HOUR;

const WAVES = {
  strategy: "steps",
  waves: [
    { ppm: 10_000, after: 0 },
    { ppm: 100_000, after: 4 * HOUR },
    { ppm: 500_000, after: DAY },
    { ppm: 1_000_000, after: 2 * DAY },
  ],
} as const satisfies Rollout;

function plan(
  before: DesiredState,
  after: DesiredState,
  records: readonly InventoryRecord[],
  expectations: readonly PlannedExpectation[] = [],
): Plan {
  const inventory = { kind: "devices", name: "fleet.csv", records } as const;
  return computePlan(before, asMergedNow(before, after, NOW), inventory, NOW, { expectations });
}

/** Machines of one tenant, in turn at each of its sites. */
function machines(count: number, rest: Partial<InventoryRecord> = {}, sites = ["berlin"]): InventoryRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    device: `${rest.tenant ?? "acme"}-${rest.installed ?? ""}${i}`,
    platform: i % 3 === 0 ? "linux-arm64" : "linux-x64",
    tenant: "acme",
    site: sites[i % sites.length] ?? "berlin",
    product: "agent",
    installed: "1.3.0",
    ...rest,
  }));
}

function tenants(given: readonly TenantPolicy[]): DesiredState["tenants"] {
  return new Map(given.map((one) => [one.tenant, one]));
}

const OLD = { channels: { stable: channel(["1.3.0"]) } } as const satisfies Partial<ProductPolicy>;
const NEW = {
  channels: { stable: channel(["1.3.0", "1.4.0"], { rollout: WAVES }) },
} as const satisfies Partial<ProductPolicy>;

const SITES = ["berlin", "oslo", "porto"];
const ACME: Partial<TenantPolicy> = {
  sites: { berlin: {}, oslo: { paused: { reason: "audit until Monday" } }, porto: {} },
  groups: [{ name: "press", devices: ["acme-3", "acme-6"], pin: { version: "1.3.0", reason: "certified" } }],
};

/** What most pull requests are: one version goes out in waves, some machines are held. */
function promotion(): Plan {
  const both = (rest: Partial<ProductPolicy>): DesiredState => ({
    ...state(rest),
    tenants: tenants([tenant(ACME), tenant({ tenant: "globex" })]),
  });
  const records = [...machines(1_150, {}, SITES), ...machines(50, { tenant: "globex" })];
  return plan(both(OLD), both(NEW), records);
}

function nothing(): Plan {
  return plan(state(NEW), state(NEW), machines(40));
}

function oneMachine(): Plan {
  const pinned = { devices: { "acme-7": { products: { agent: { pin: { version: "1.4.0" } } } } } };
  return plan(state(OLD), state(OLD, pinned), machines(40));
}

/** Back to the version before, for all of whom nobody waits. */
function rollback(): Plan {
  const releases = [
    release("1.2.0"),
    release("1.3.0", { rollbackTo: ">=1.3.0" }),
    release("1.4.0", { rollbackTo: ">=1.3.0" }),
  ];
  const back = channel(["1.3.0", "1.4.0", "1.3.0"], { rollback: { from: ["1.4.0"] }, rollout: WAVES });
  return plan(
    state({ channels: { stable: channel(["1.3.0", "1.4.0"], { rollout: WAVES }) } }, {}, releases),
    state({ channels: { stable: back } }, {}, releases),
    [...machines(312, { installed: "1.4.0" }), ...machines(88, { installed: "1.2.0" })],
  );
}

/** Machines that cannot take it, for three kinds of reasons, beside some that can. */
function refused(): Plan {
  const built = release("2.0.0", { upgradeFrom: ">=1.3.0" });
  const artifacts = built.artifacts.map((artifact) => ({ ...artifact, requires: { glibc: ">=2.34" } }));
  const releases = [
    ...[release("1.2.0"), release("1.3.0")],
    release("1.3.9", {
      deadEnd: { reason: "its updater is broken", url: "https://docs.acme.example/reinstall_1" },
    }),
    { ...built, artifacts },
  ];
  const after = { channels: { stable: channel(["1.3.0", "2.0.0"], { rollout: WAVES }) } };
  return plan(state(OLD, {}, releases), state(after, {}, releases), [
    ...machines(60, { facts: { glibc: "2.36" } }),
    ...machines(25, { installed: "1.2.0", facts: { glibc: "2.36" } }),
    ...machines(9, { facts: { glibc: "2.31" }, site: "porto" }).map((one) => ({
      ...one,
      device: `old-${one.device}`,
    })),
    ...machines(4, { facts: { glibc: "2.17" }, site: "oslo" }).map((one) => ({
      ...one,
      device: `older-${one.device}`,
    })),
    ...machines(2, { installed: "1.3.9", facts: { glibc: "2.36" } }),
  ]);
}

/** Forty sites that are paused, each for a reason of its own. */
function held(): Plan {
  const names = Array.from({ length: 40 }, (_, i) => `site-${i}`);
  const sites = Object.fromEntries(
    names.map((name, i) => [name, { paused: { reason: `stocktaking ${i + 1}` } }]),
  );
  return plan(state(OLD, { sites }), state(NEW, { sites }), machines(400, {}, [...names, "berlin"]));
}

/** Every wave opens at once, in the middle of a rollout. */
function sooner(): Plan {
  const open = { ...WAVES, waves: [{ ppm: 1_000_000, after: 0 }] } as const;
  const stable = (rollout: Rollout): Partial<ProductPolicy> => ({
    channels: { stable: channel(["1.3.0", "1.4.0"], { rollout }) },
  });
  return plan(state(stable(WAVES)), state(stable(open)), machines(200));
}

function stopped(): Plan {
  return plan(state(NEW), state({ ...NEW, paused: { reason: "a strike" } }), machines(150));
}

function openedByHand(): Plan {
  const stable = (opened: number): Partial<ProductPolicy> => ({
    channels: { stable: channel(["1.3.0", "1.4.0"], { rollout: { ...WAVES, advance: "manual", opened } }) },
  });
  return plan(state(stable(1)), state(stable(3)), machines(500));
}

function expectation(i: number, kind: PlannedExpectation["kind"]): PlannedExpectation {
  return {
    ...{ kind, rule: "expectation/not-met", file: "expectations/promises.yaml", line: 2 + i * 4 },
    that: `no clinic gets what is in test (${i})`,
    message: `\`no clinic gets what is in test (${i})\` is broken: device \`acme-${i}\` of tenant acme follows channel \`beta\` from 2026-11-20T09:00:00Z on`,
    decidedBy: { file: "tenants/acme.yaml", line: 3 + i, text: "channel `beta`, from site acme/berlin" },
  };
}

function brokenExpectations(): Plan {
  const kinds = ["broken", "broken", "broken", "broken", "dropped", "unmet"] as const;
  return plan(
    state(OLD),
    state(NEW),
    machines(80),
    kinds.map((kind, i) => expectation(i, kind)),
  );
}

/** A tenant under another name, whose machines go on, and a site that is gone, whose machines are stranded. */
function renamed(): Plan {
  const rome = { berlin: {}, rome: {} };
  const before = { ...state(OLD), tenants: tenants([tenant({ sites: rome }), tenant({ tenant: "globex" })]) };
  const after = {
    ...state(NEW),
    tenants: tenants([
      tenant({ tenant: "acme-labs", formerly: ["acme"], sites: { berlin: {} } }),
      tenant({ renamedTo: "acme-labs", sites: { berlin: {} } }),
    ]),
  };
  return plan(before, after, [...machines(30, {}, ["berlin", "rome"]), ...machines(7, { tenant: "globex" })]);
}

/** 76 channels, each with a version and waves of its own, and 300 tenants on them. */
function manyChannels(): Plan {
  const names = Array.from({ length: 76 }, (_, i) => `line-${String(i + 1).padStart(2, "0")}`);
  const channelsOf = (promoted: boolean): Record<string, ChannelPolicy> =>
    Object.fromEntries(
      names.map((name, i) => {
        const versions = i % 2 === 0 ? ["1.2.0", "1.3.0"] : ["1.3.0", "1.4.0"];
        const rollout = { ...WAVES, waves: WAVES.waves.slice(i % 4) };
        return [name, channel(promoted ? versions : versions.slice(0, 1), { rollout })];
      }),
    );
  const all = Array.from({ length: 300 }, (_, i) =>
    tenant({ tenant: `customer-${i}`, channel: names[i % names.length] ?? "" }),
  );
  const of = (promoted: boolean): DesiredState => ({
    ...state({ channels: channelsOf(promoted), fleet: { defaultChannel: "line-01" } }),
    tenants: tenants(all),
  });
  const records = all.flatMap(({ tenant: name }, i) =>
    machines(1 + (i % 9), { tenant: name, installed: (i % names.length) % 2 === 0 ? "1.2.0" : "1.3.0" }),
  );
  return plan(of(false), of(true), records);
}

const HOSTILE =
  "| <img src=x onerror=alert(1)> <b>bold</b> @everybody fixes #12 and !34, GH-56 [x](javascript:alert(1)) ![y](z) `code` ``` *a* _b_ ~~c~~ $d$ &lt; </details> <!-- 50%, see https://jira.acme.example/browse/OPS_1?a=b|c. \u202e";

/** Of sites: each is somewhere in the comment. */
export const HOSTILE_NAMES = ["a|b", "`tick", "@mention", "#12", "<b>bold</b>", "x".repeat(120), HOSTILE];

/** Names and reasons that would be markup, mention people, or end what they stand in. */
function hostile(): Plan {
  const releases: Releases = RELEASES.map((one) =>
    one.version === "1.4.0" ? { ...one, upgradeFrom: ">=1.3.0" } : one,
  );
  const sites = Object.fromEntries(
    HOSTILE_NAMES.map((name, i) => [name, i % 2 === 0 ? {} : { paused: { reason: HOSTILE } }]),
  );
  return plan(
    state(OLD, { sites }, releases),
    state(NEW, { sites }, releases),
    [
      ...HOSTILE_NAMES.flatMap((site) => machines(3, { site, platform: `linux-x64` })),
      ...machines(2, { installed: "1.2.0" }),
      ...machines(2, { tenant: "@someone|<i>" }),
      ...machines(2, { product: "#99 `x`" }),
    ],
    [{ ...expectation(0, "broken"), message: HOSTILE, file: "expectations/a`b|c.yaml" }],
  );
}

/** More than a comment holds: 400 products, of which each has machines that move, are held and are refused. */
function huge(): Plan {
  const products = (promoted: boolean): DesiredState["products"] =>
    new Map(
      Array.from({ length: 400 }, (_, i) => {
        const name = `product-with-a-long-name-${i}`;
        const { policy, releases } = state(promoted ? NEW : OLD).products.get("agent") ?? {};
        if (policy === undefined || releases === undefined) throw new Error("the sample has a product");
        return [name, { policy: { ...policy, product: name }, releases }];
      }),
    );
  const long = "reason ".repeat(40);
  const sites = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [
      `site-${i}`,
      i % 2 === 0 ? {} : { paused: { reason: `${i} ${long}` } },
    ]),
  );
  const of = (promoted: boolean): DesiredState => ({
    ...state({}, { sites }),
    products: products(promoted),
  });
  const records = Array.from({ length: 1_600 }, (_, i) =>
    machines(1, {
      ...{ product: `product-with-a-long-name-${i % 400}`, site: `site-${i % 300}` },
      platform: i >= 1_200 ? "plan9-x64" : "linux-x64",
    }),
  ).flat();
  const kinds = ["broken", "dropped"] as const;
  const expectations = Array.from({ length: 240 }, (_, i) => expectation(i, kinds[i % 2] ?? "broken"));
  return plan(of(false), of(true), records, expectations);
}

function withoutInventory(): Plan {
  const scopes = { sites: { berlin: {}, rome: { paused: { reason: "a fair" } } } };
  const before = state(OLD, scopes);
  const after = asMergedNow(before, state(NEW, scopes), NOW);
  const name = "the scopes that state names; give --inventory or --controller for devices";
  return computePlan(before, after, { kind: "scopes", name, records: scopeRecords(before, after, NOW) }, NOW);
}

/** Plans of changes that are real but for their size, by the name of what they show. */
export const EXAMPLE_PLANS: Readonly<Record<string, () => Plan>> = {
  promotion,
  nothing,
  "one-machine": oneMachine,
  rollback,
  refused,
  held,
  sooner,
  stopped,
  "opened-by-hand": openedByHand,
  "broken-expectations": brokenExpectations,
  renamed,
  "many-channels": manyChannels,
  hostile,
  huge,
  "without-inventory": withoutInventory,
};
