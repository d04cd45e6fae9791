import assert from "node:assert/strict";
import { test } from "node:test";
import { adoptionSentence, bandsOf } from "../../dashboard/rollouts/adoption-bands.ts";
import {
  linear,
  logarithmic,
  powersOfTen,
  roundAxis,
  spread,
  timeTicks,
} from "../../dashboard/rollouts/chart-scales.ts";
import { proposalsOf } from "../../dashboard/rollouts/choice-proposals.ts";
import { coverTable } from "../../dashboard/rollouts/cover-table.ts";
import { evidenceSentence, writeEvidence } from "../../dashboard/rollouts/evidence-words.ts";
import { namedMarks } from "../../dashboard/rollouts/named-marks.ts";
import { lanesOf } from "../../dashboard/rollouts/quiet-lanes-geometry.ts";
import { quietSentence } from "../../dashboard/rollouts/quiet-words.ts";
import type { ListedRollout, RolloutSeries } from "../../dashboard/rollouts/rollout-types.ts";
import { listAnswer, shortReason, whereWords } from "../../dashboard/rollouts/rollout-words.ts";
import { waveTrack } from "../../dashboard/rollouts/wave-track.ts";

const SERIES: RolloutSeries = {
  product: "agent",
  channel: "stable",
  version: "1.4.2",
  commit: "a".repeat(40),
  now: 1_000,
  adoption: {
    at: [0, 500, 1_000],
    versions: [
      { version: "1.4.2", machines: [0, 10, 25] },
      { version: "1.4.1", machines: [90, 85, 70] },
      { version: null, machines: [10, 5, 5] },
    ],
  },
  since: { at: [0, 500, 1_000], running: [0, 10, 25], allowed: [0, 20, 50], devices: [100, 100, 100] },
  quiet: [],
  marks: [],
};

test("bands stand on each other without a gap, what the channel points to first, and end at all machines", () => {
  const bands = bandsOf(SERIES);
  assert.deepEqual(
    bands.map(({ name, tone }) => [name, tone]),
    [
      ["1.4.2", "v1"],
      ["1.4.1", "v2"],
      ["not installed", "v3"],
    ],
  );
  for (const [index, band] of bands.entries()) {
    assert.deepEqual(band.low, bands[index - 1]?.high ?? [0, 0, 0]);
  }
  assert.deepEqual(bands.at(-1)?.high, [100, 100, 100]);
  assert.equal(
    adoptionSentence(SERIES),
    "Machines by version over 17 minutes: now 1.4.2 on 25.0 %, 1.4.1 on 70.0 %, not installed on 5.0 %",
  );
});

test("axes are round and hold what is drawn, ticks are no more than asked, and labels do not stand on each other", () => {
  assert.deepEqual(roundAxis(8.1, 4), { end: 10, at: [0, 2.5, 5, 7.5, 10] });
  assert.ok(roundAxis(0.03, 4).end >= 0.03);
  assert.deepEqual(
    timeTicks(34_200, 34_200 + 5 * 3_600, 5).map(({ label }) => label),
    ["10:00", "11:00", "12:00", "13:00", "14:00"],
  );
  for (const length of [20, 600, 86_400, 14 * 86_400, 400 * 86_400]) {
    assert.ok(timeTicks(0, length, 6).length <= 7, String(length));
  }
  assert.equal(linear(5, 5, 10, 90)(5), 10, "an empty span divides by nothing");
  assert.equal(logarithmic(0.1, 1_000, 100, 0)(10), 50);
  assert.equal(logarithmic(0.1, 1_000, 100, 0)(1e30), 0, "what is above is cut");
  assert.deepEqual(powersOfTen(0.1, 1_000, 8), [0.1, 1, 10, 100, 1_000]);
  const ys = spread([{ y: 50 }, { y: 51 }, { y: 52 }], 15, 0, 60).map(({ y }) => y);
  assert.deepEqual(ys, [30, 45, 60]);
});

test("evidence is written as people read it, and said with the line that it crossed", () => {
  assert.deepEqual([0.008, 0.23, 1.44, 22, 1_400, 3e7, 1e12].map(writeEvidence), [
    ..."0.008 0.23 1.4 22 1,400 10⁷".split(" "),
    "over 10¹²",
  ]);
  const test = { needed: 40, failures: 6, counted: 67, evidence: [1, 0.5, 60], platform: "linux-arm64" };
  const other = { needed: 40, failures: 0, counted: 10, evidence: [null, 1, 0.2] };
  assert.equal(
    evidenceSentence({ at: [1, 2, 3], tests: [test, other] }),
    "Evidence over time on a logarithmic axis: linux-arm64 crossed the line at 40, 1 others did not",
  );
});

test("names of marks stand where there is room, and never on another mark", () => {
  const mark = (at: number, kind: "began" | "halt") => ({ at, kind, text: "", version: "1.4.1", commit: "" });
  const named = namedMarks([mark(0, "began"), mark(20, "halt"), mark(300, "began")], (at) => at, 340);
  assert.deepEqual(
    named.map(({ label, side }) => [label, side]),
    [
      [undefined, "right"],
      ["halted", "right"],
      ["1.4.1 promoted", "left"],
    ],
  );
});

test("where machines failed is said by platform and place, and as a number where there are many", () => {
  const place = (site: string, devices: number) => ({
    platform: "linux-arm64",
    tenant: "initech",
    site,
    devices,
  });
  assert.equal(
    whereWords({ where: [place("pune", 29), place("lagos", 8)], places: 2, devices: 37 }),
    "linux-arm64: initech / pune 29, initech / lagos 8",
  );
  const many = ["a", "b", "c", "d", "e"].map((site) => place(site, 1));
  assert.equal(whereWords({ where: many, places: 5, devices: 5 }), "linux-arm64: 5 sites");
  assert.equal(
    shortReason(
      "halted by the gate at 2026-11-22T02:15:21Z: 6 of 46 failed, more than 2%; it ends when the channel moves on, or by x",
    ),
    "6 of 46 failed, more than 2 %",
  );
});

test("the list says what needs a person before what moves", () => {
  const one = (state: ListedRollout["state"]): ListedRollout => ({
    ...{ product: "agent", channel: "stable", version: "1", commit: "", reason: "", since: 0, allowed: 0 },
    ...{ state, isCurrent: true, beganAt: null, endedAt: null, halts: 0 },
  });
  assert.equal(listAnswer([one("active"), one("halted"), one("done")]), "One is halted, one moves");
  assert.equal(listAnswer([one("done")]), "Nothing moves: every channel is done");
  assert.equal(listAnswer([]), "Nothing was promoted yet");
});

test("each choice opens the commits that its commands make, in their order", () => {
  const report = { product: "agent", channel: "stable", version: "1.4.2" } as const;
  const next = { kind: "halted", headline: "", text: "", choices: [] } as const;
  const choice = (kind: "leave-out" | "roll-back" | "unpause", commands: string[]) =>
    proposalsOf(
      { kind, title: "", text: "", machines: 0, commands },
      { ...report, next: { ...next, choices: [] } },
    );
  assert.deepEqual(
    choice("leave-out", ["fairlead yank 1.4.2 --platform linux-arm64 --reason x"]).map(
      ({ proposal }) => proposal,
    ),
    [
      {
        ...{ kind: "yank", product: "agent", version: "1.4.2", platforms: ["linux-arm64"] },
        reason: "fails on linux-arm64",
      },
      {
        ...{ kind: "resume-halt", product: "agent", channel: "stable" },
        reason: "only linux-arm64 failed, which is left out",
      },
    ],
  );
  assert.equal(choice("roll-back", ["fairlead rollback stable --to 1.4.1"])[0]?.proposal.version, "1.4.1");
  assert.deepEqual(choice("unpause", ["fairlead resume --fleet"])[0]?.proposal, {
    kind: "resume",
    fleet: true,
  });
});

test("the canary table has a row a site and a column a platform, and the platforms where it failed are never left out", () => {
  const cell = (platform: string, failed = 0) => ({
    ...{ platform, tenant: "acme", site: "berlin", devices: 3, canaries: 1, failed },
  });
  const platforms = Array.from({ length: 9 }, (_, n) => `p${n}`);
  const table = coverTable({ platforms, cells: [cell("p0"), cell("p8", 2)] });
  assert.deepEqual([table.platforms[0], table.platforms.length, table.morePlatforms], ["p8", 6, 3]);
  assert.deepEqual([table.rows.length, table.rows[0]?.cells[0]?.failed], [1, 2]);
});

test("names of waves do not stand on each other, and the last is always named", () => {
  const waves = [10_000, 20_000, 100_000, 1_000_000].map((ppm) => ({ ppm, label: "Wed 09:30" }));
  const { ticks } = waveTrack(waves, { devices: 100, running: 5, allowed: 10, open: 2 }, 320);
  assert.deepEqual(
    ticks.map(({ isOpen }) => isOpen),
    [true, true, false, false],
  );
  assert.equal(ticks.at(-1)?.isNamed, true);
  assert.ok(ticks.filter(({ isNamed }) => isNamed).length < 4);
});

test("freezes, pauses and windows stand along the time of a chart, those that touch it, with their names", () => {
  const x = linear(0, 1_000, 0, 100);
  const spans = (...each: [number, number | null][]) => each.map(([from, to]) => ({ from, to }));
  const quiet: RolloutSeries["quiet"] = [
    { kind: "freeze", whom: "the fleet", reason: "a fair", spans: spans([-500, 100]) },
    { kind: "freeze", whom: "agent", reason: "later", spans: spans([2_000, 3_000]) },
    { kind: "pause", whom: "acme", machines: 40, spans: spans([900, null]) },
    {
      kind: "window",
      whom: "globex",
      alike: 2,
      machines: 9,
      spans: spans([0, 10], [400, 600], [1_400, 1_600]),
    },
  ];
  assert.deepEqual(lanesOf(quiet, 0, 1_000, x), [
    { kind: "freeze", name: "frozen: the fleet", isOfAll: true, bars: [{ x: 0, width: 10 }] },
    { kind: "pause", name: "paused: acme", isOfAll: false, bars: [{ x: 90, width: 10 }] },
    {
      ...{ kind: "window", name: "window of globex and 2 more", isOfAll: false },
      bars: [
        { x: 0, width: 2 },
        { x: 40, width: 20 },
      ],
    },
  ]);
});

test("each of them is a sentence: what was, what is and what will be", () => {
  /** Fri 15 Jan 2027 08:00 UTC */
  const now = 1_800_000_000;
  const hour = 3_600;
  const freeze = (from: number, to: number): RolloutSeries["quiet"][number] => ({
    ...{ kind: "freeze", whom: "the fleet", reason: "a fair", spans: [{ from: now + from, to: now + to }] },
  });
  const pause: RolloutSeries["quiet"][number] = {
    ...{ kind: "pause", whom: "agent / stable", spans: [{ from: now - hour, to: null }] },
  };
  const window = (from: number): RolloutSeries["quiet"][number] => ({
    ...{ kind: "window", whom: "acme", machines: 1 },
    spans: [{ from: now + from, to: now + from + 2 * hour }],
  });
  const said = [
    freeze(-2 * hour, -hour),
    freeze(-hour, hour),
    freeze(30 * hour, 40 * hour),
    pause,
    window(-hour),
    window(hour),
  ].map((each) => quietSentence(each, now));
  assert.deepEqual(said, [
    "The fleet was frozen from 06:00 until 07:00: a fair.",
    "The fleet is frozen until 09:00: a fair.",
    "The fleet will be frozen from Sat 14:00 until Sun 00:00: a fair.",
    "Agent / stable is paused since 07:00, until somebody resumes it.",
    "The window of acme (1 machine) is open until 09:00.",
    "The window of acme (1 machine) opens 09:00, for 2 h.",
  ]);
});
