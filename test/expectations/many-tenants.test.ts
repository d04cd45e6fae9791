import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { DesiredState } from "../../controller/desired/desired-state.ts";
import {
  checkExpectations,
  type ExpectationResult,
} from "../../controller/expectations/check-expectations.ts";
import { type Expectation, expectationsOf } from "../../controller/expectations/expectation.ts";
import { readDocument } from "../../controller/state/read-document.ts";
import type { GroupPolicy, ScopePolicy, TenantPolicy } from "../../protocol/policy.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { ExpectationsState } from "../../schemas/state.generated.ts";
import { state } from "../plan/build-states.ts";
import { askedCase } from "../protocol/arbitrary-policies.ts";
import { channel, DAY, HOUR, T0, tenant } from "../protocol/build-policies.ts";

const DEMANDS = [
  'decides: {version: ">=1.1.0 <1.3.0"}',
  "never: {channel: beta}",
  "never: {version: 1.3.0}",
  "decides: {action: stay}",
  'notDuring: {days: [fri, sat], start: "12:00", duration: 12h, timeZone: Europe/Berlin}',
  "atMost: {share: 20%, of: tenant, within: 6h}",
  "atMost: {share: 20%, of: group, within: 6h}",
  "atMost: {share: 20%, of: site, within: 6h}",
];

/** What a file of expectations says, read as the state is read. */
function expecting(...lines: string[]): Expectation[] {
  const bytes = Buffer.from(["expect:", ...lines.map((line) => `  - {that: it, ${line}}`), ""].join("\n"));
  const read = readDocument("expectations", { path: "expectations/it.yaml", blob: "", bytes });
  assert.ok(read.ok, read.ok ? "" : JSON.stringify(read.diagnostics));
  const document = { ...read.document, value: read.document.value as ExpectationsState };
  return expectationsOf({ expectations: new Map([["it", document]]) });
}

function withTenants(desired: DesiredState, tenants: readonly TenantPolicy[]): DesiredState {
  return { ...desired, tenants: new Map(tenants.map((each) => [each.tenant, each])) };
}

/** Two days after the promotion; the last wave opens after one. */
const ARRIVED = `from: ${formatTime(T0 + 2 * DAY)}, decides: {version: 1.4.0}`;

function tills(says: ScopePolicy = {}): GroupPolicy {
  return { name: "tills", devices: [], match: { kind: ["till"] }, ...says };
}

describe("an expectation for many tenants, where no inventory tells of machines", () => {
  test("comes out as it does for each of them alone", () => {
    const demand = fc.constantFrom(...DEMANDS);
    fc.assert(
      fc.property(askedCase, askedCase, demand, (asked, other, text) => {
        const { policy, releases, now } = asked;
        const known = [policy.tenant, other.policy.tenant].flatMap((each) => each ?? []);
        // Those that say the same are looked at together, but for groups of one that are canaries by name.
        const tenants = known.flatMap((each, index) =>
          ["acme", "bolt", "crux"].map((name) => ({ ...each, tenant: index === 0 ? name : `${name}-two` })),
        );
        const products = new Map([["agent", { policy: policy.product, releases }]]);
        const desired = withTenants({ commit: "c", products, tenants: new Map() }, tenants);
        const names = tenants.map(({ tenant: name }) => name);
        const [whole, ...alone] = checkExpectations(
          desired,
          expecting(
            `for: {platform: linux-x64}, ${text}`,
            ...names.map((name) => `for: {tenant: ${name}, platform: linux-x64}, ${text}`),
            `for: {platform: linux-x64, except: {tenants: [${names.join(", ")}]}}, ${text}`,
          ),
          undefined,
          now,
        );
        assert.ok(whole !== undefined);
        assert.deepEqual(told(whole), toldTogether(alone));
      }),
      { numRuns: 100 },
    );
  });

  const window = {
    days: ["sat"],
    start: "02:00",
    duration: HOUR,
    timeZone: "UTC",
    onReturn: "window",
  } as const;
  for (const [what, says, text, canaries] of [
    ["a window", { window }, 'notDuring: {days: [sat], start: "02:00", duration: 1h, timeZone: UTC}'],
    ["a group of canaries", {}, "atMost: {share: 95%, of: group, within: 1h}", ["bolt/tills"]],
    ["a freeze", { freeze: [{ from: T0 - DAY, to: T0 + 9 * DAY, reason: "audit" }] }, ARRIVED],
    ["no updates by itself", { autoUpdate: false }, ARRIVED],
    ["a pause", { paused: {} }, "never: {action: paused}"],
    ["another channel", { channel: "nightly" }, "never: {channel: nightly}"],
    ["a pin", { products: { agent: { pin: { version: "1.5.0" } } } }, "never: {version: 1.5.0}"],
    ["a pin for its groups", { groups: [tills({ pin: { version: "1.5.0" } })] }, "never: {version: 1.5.0}"],
    ["a pin for a site", { sites: { x: { pin: { version: "1.5.0" } } } }, "never: {version: 1.5.0}"],
  ] as const) {
    test(`tells a tenant with ${what} from one without`, () => {
      const waves = [
        { ppm: 100_000, after: 0 },
        { ppm: 1_000_000, after: DAY },
      ];
      const canary = canaries === undefined ? {} : { canary: { devices: [], groups: canaries } };
      const rollout = { strategy: "steps", waves, ...canary } as const;
      const channels = { stable: channel(["1.3.0", "1.4.0"], { rollout }), nightly: channel(["1.4.0"]) };
      const alike = { sites: { x: {} }, groups: [tills()] };
      const desired = state({ channels });
      const result = (last: TenantPolicy): ExpectationResult["kind"] | undefined => {
        const tenants = [tenant({ ...alike, tenant: "acme" }), last];
        return checkExpectations(withTenants(desired, tenants), expecting(text), undefined, T0)[0]?.kind;
      };
      assert.equal(result(tenant({ ...alike, tenant: "crux" })), "holds");
      assert.match(result(tenant({ ...alike, tenant: "bolt", ...says })) ?? "", /^(broken|too-many)$/);
    });
  }

  test("asks for each kind of machine once, however many tenants have such", () => {
    const reads = readsOf(100, () => ({ channel: "stable" }));
    const first = reads[0] ?? 0;
    assert.ok(first > 0);
    for (const others of reads.slice(1)) assert.ok(others * 5 < first, `${others} of ${first}`);
  });

  test("costs each tenant as much as every other, where all say something else", () => {
    const pinned = (index: number) => ({
      products: { agent: { pin: { version: "1.3.0", expires: T0 + DAY + index } } },
    });
    const sum = (count: number): number => readsOf(count, pinned).reduce((all, reads) => all + reads, 0);
    assert.ok(sum(200) <= sum(50) * 4.1);
  });
});

/** How often a fleet-wide limit reads what each of many tenants says, which every decision does many times. */
function readsOf(count: number, say: (index: number) => Partial<TenantPolicy>): number[] {
  const waves = Array.from({ length: 20 }, (_, index) => ({
    ppm: (index + 1) * 50_000,
    after: index * HOUR,
  }));
  const stable = channel(["1.3.0", "1.4.0"], { rollout: { strategy: "steps", waves } });
  const reads = Array.from({ length: count }, () => 0);
  const tenants = reads.map((_, index) => {
    const said = tenant({ tenant: `tenant-${index}`, ...say(index) });
    return new Proxy(said, {
      get(target, key) {
        reads[index] = (reads[index] ?? 0) + 1;
        return Reflect.get(target, key);
      },
    });
  });
  const desired = withTenants(state({ channels: { stable } }), tenants);
  const [result] = checkExpectations(
    desired,
    expecting("atMost: {share: 10%, of: tenant, within: 1h}"),
    undefined,
    T0,
  );
  assert.ok(result?.kind === "holds" || result?.kind === "too-many");
  assert.ok(result.machines >= count * waves.length);
  return reads;
}

interface Told {
  readonly machines: number;
  readonly breaking: number;
  /** Of the first breach. */
  readonly at: number;
  /** The largest that goes at once. */
  readonly share: number;
}

function told(result: ExpectationResult): Told {
  const nothing = { machines: 0, breaking: 0, at: Number.POSITIVE_INFINITY, share: 0 };
  switch (result.kind) {
    case "holds":
      return { ...nothing, machines: result.machines };
    case "broken":
      return { ...nothing, machines: result.machines, breaking: result.breaking, at: result.breach.at };
    case "too-many":
      return { ...nothing, machines: result.machines, share: result.worst.share };
    case "nobody":
      return nothing;
    case "over":
    case "too-large":
      assert.fail(result.kind);
  }
}

function toldTogether(results: readonly ExpectationResult[]): Told {
  const all = results.map(told);
  return {
    machines: all.reduce((sum, { machines }) => sum + machines, 0),
    breaking: all.reduce((sum, { breaking }) => sum + breaking, 0),
    at: Math.min(...all.map(({ at }) => at)),
    share: Math.max(...all.map(({ share }) => share)),
  };
}
