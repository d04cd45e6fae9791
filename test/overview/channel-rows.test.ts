import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelRow } from "../../controller/overview/channel-rows.ts";
import { overview } from "../../controller/overview/overview.ts";
import type { Rollout } from "../../protocol/policy.ts";
import { channel } from "../http/sample-manifest.ts";
import { DAY, gateResult, NOW, rollout, runs, type SampleInput, sampleInput } from "./sample-input.ts";

const waves = [
  { ppm: 10_000, after: 0 },
  { ppm: 100_000, after: 4 * 3600 },
  { ppm: 1_000_000, after: DAY },
];
const byTime: Rollout = { strategy: "steps", waves, gate: { maxFailure: 20_000, minReports: 20 } };
const opening = { waves: 2, at: NOW, offered: 0, answered: 0 };

function row(more: SampleInput): ChannelRow {
  const [product] = overview(sampleInput(more)).products;
  const [first] = product?.channels ?? [];
  assert.ok(first !== undefined);
  return first;
}

test("a channel shows what is allowed beside what is, and what comes next", () => {
  const versions = [runs("1.1.0", 81), runs("1.0.0", 919)];
  const said = row({
    channels: { stable: channel("1.1.0", ["1.0.0"], { rollout: byTime }) },
    fleet: {
      versions,
      rollouts: [
        rollout({
          allowed: 100_000,
          nextAt: NOW + 60,
          judgement: { strata: [], gate: gateResult({ verdict: "inconclusive" }), checks: [], opening },
        }),
      ],
    },
  });
  assert.deepEqual([said.version, said.from, said.machines, said.running], ["1.1.0", "1.0.0", 1000, 81]);
  assert.deepEqual([said.actual, said.allowed, said.waves], [81_000, 100_000, [10_000, 100_000, 1_000_000]]);
  assert.deepEqual(
    [said.state, said.standing, said.next],
    ["active", "8.1 % of 10 %", "100 % opens by itself"],
  );
  assert.equal(said.nextAt, NOW + 60);
  assert.deepEqual(said.failures, {
    ...{ failed: 37, counted: 187, rate: 197_860, limit: 20_000 },
    worst: { name: "linux-arm64", rate: 342_592 },
  });
});

test("the word of a channel is the first of what holds", () => {
  const held = rollout({ state: "held", judgement: { strata: [], gate: null, checks: [], opening } });
  const stable = (more: object) => ({ stable: channel("1.1.0", ["1.0.0"], { rollout: byTime, ...more }) });
  const halted = { reason: "it fails", at: NOW - 5 };
  const said = (more: SampleInput) => {
    const { state, standing, next } = row(more);
    return [state, standing, next];
  };
  const fleet = { rollouts: [held] };
  assert.deepEqual(said({ fleet, channels: stable({ halted, paused: {} }) }), [
    ...["halted", "Halted at 100 % of 10 %", "nothing until a commit decides"],
  ]);
  assert.deepEqual(said({ fleet, channels: stable({ paused: {} }) }), [
    ...["paused", "Paused at 100 % of 10 %", "nothing until it is resumed"],
  ]);
  assert.deepEqual(
    said({ fleet, channels: stable({ rollout: { ...byTime, advance: "manual", opened: 2 } }) }),
    [...["held", "Held at 100 % of 10 %", "100 % opens by hand"]],
  );
  assert.deepEqual(said({}), ["done", "100 %", "all have it"]);
});

test("while all are frozen a channel says until when, and a pause whose end has come is none", () => {
  const freeze = (except?: "security") => [
    { from: NOW - 60, to: NOW + 600, reason: "a fair", ...(except === undefined ? {} : { except }) },
  ];
  const next = (product: SampleInput["product"], running: number) => {
    const {
      next: said,
      nextAt,
      state,
    } = row({
      ...(product === undefined ? {} : { product }),
      channels: { stable: channel("1.1.0", ["1.0.0"], { rollout: byTime }) },
      fleet: { versions: [runs("1.1.0", running), runs("1.0.0", 100 - running)], rollouts: [rollout()] },
    });
    return [state, said.replace(/ \d\d:\d\d UTC$/, ""), nextAt];
  };
  assert.deepEqual(next({ freeze: freeze() }, 10).slice(2), [NOW + 600]);
  assert.match(String(next({ freeze: freeze("security") }, 10)[1]), /^frozen until /);
  assert.doesNotMatch(String(next({ freeze: freeze() }, 100)[1]), /frozen/, "all have it");
  assert.equal(next({ paused: { until: NOW } }, 10)[0], "active");
  assert.equal(next({ paused: { until: NOW + 1 } }, 10)[0], "paused");
});

test("a stale channel says so, and the channel that it waits for says where its version may go", () => {
  const lag = {
    ...{ product: "lantern", channel: "stable", version: "1.1.0", waiting: "1.2.0", from: "beta" },
    ...{ since: NOW - 34 * DAY, freshUntil: NOW - 4 * DAY },
  };
  const said = overview(
    sampleInput({
      channels: { stable: channel("1.1.0"), beta: channel("1.2.0") },
      fleet: { versions: [runs("1.1.0", 100), runs("1.2.0", 20, "beta")] },
      controller: { lags: [lag] },
    }),
  );
  assert.deepEqual(
    said.products[0]?.channels.map(({ channel: name, state, standing, next }) => [
      name,
      state,
      standing,
      next,
    ]),
    [
      ["stable", "stale", "Stale since 4 days", "1.2.0 waits on beta"],
      ["beta", "done", "100 %", "may go to stable"],
    ],
  );
});

test("who promoted is told where all tenants may be seen, and channels of others' machines are not", () => {
  const author = "Mira <mira@acme.example>";
  const promoters = [{ ...rollout(), author, subject: "promote 1.1.0", at: NOW }];
  const channels = { stable: channel("1.1.0"), beta: channel("1.1.0") };
  const controller = { promoters };
  assert.equal(row({ channels, controller }).author, author);
  const limited = overview(sampleInput({ tenants: ["acme"], channels, controller }));
  assert.deepEqual(
    limited.products[0]?.channels.map(({ channel: name, author: who }) => [name, who]),
    [["stable", undefined]],
  );
  assert.deepEqual(limited.products[0]?.runs.versions[0]?.channels, ["stable"]);
});

test("versions come newest first, with those below a minimum counted and the many old ones in one line", () => {
  const versions = Array.from({ length: 14 }, (_, n) => runs(`1.${n}.0`, n + 1));
  const { runs: said } =
    overview(sampleInput({ product: { minVersion: "1.1.0" }, fleet: { versions } })).products[0] ?? {};
  assert.equal(said?.machines, 105);
  assert.deepEqual(
    said?.versions.map(({ version }) => version),
    [13, 12, 11, 10, 9, 8, 7, 6, 5, 1].map((n) => `1.${n}.0`),
    "1.1.0 is what stable points to",
  );
  assert.deepEqual(said?.older, { versions: 4, machines: 13, share: Math.floor((13 * 1e6) / 105) });
  const few = overview(
    sampleInput({ product: { minVersion: "1.1.0" }, fleet: { versions: [runs("1.0.0", 3)] } }),
  );
  assert.equal(few.products[0]?.runs.versions[0]?.belowMinimum, 3);
});
