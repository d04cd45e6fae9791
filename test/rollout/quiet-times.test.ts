import assert from "node:assert/strict";
import { test } from "node:test";
import { type QuietQuestion, quietTimes } from "../../controller/rollout/quiet-times.ts";
import type { ProductPolicy, TenantPolicy, UpdateWindow } from "../../protocol/policy.ts";
import { channel } from "../http/sample-manifest.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** Fri 15 Jan 2027 08:00:00 UTC */
const NOW = 1_800_000_000;
/** Fri and Sat, 02:00 to 06:00. */
const NIGHTS: UpdateWindow = {
  days: ["fri", "sat"],
  start: "02:00",
  duration: 4 * HOUR,
  timeZone: "UTC",
  onReturn: "window",
};
const AT_TWO = NOW - 6 * HOUR;

function question(
  product: Partial<ProductPolicy>,
  tenants: Readonly<Record<string, Partial<TenantPolicy>>> = {},
  more: Partial<QuietQuestion> = {},
): QuietQuestion {
  const document = { schemaVersion: 1, commit: "c".repeat(40) } as const;
  return {
    policy: {
      ...{ ...document, kind: "product", product: "agent", versionScheme: "semver", yanked: [] },
      ...{ fleet: { defaultChannel: "stable" }, channels: { stable: channel("1.1.0") } },
      ...product,
    },
    channel: "stable",
    severity: "normal",
    tenants: Object.entries(tenants).map(([tenant, said], index) => ({
      ...{ tenant, machines: 10 * (index + 1) },
      said: { ...document, kind: "tenant", tenant, sites: {}, groups: [], devices: {}, ...said },
    })),
    pausedSince: () => undefined,
    ...{ from: NOW - 7 * DAY, now: NOW },
    ...more,
  };
}

test("freezes are told of that touch what is drawn or come within a fortnight, and not to what they let pass", () => {
  const freeze = (from: number, to: number, reason: string) => ({ from, to, reason });
  const said = {
    fleet: {
      defaultChannel: "stable",
      freeze: [
        freeze(NOW - 9 * DAY, NOW - 8 * DAY, "long over"),
        freeze(NOW - 2 * DAY, NOW - DAY, "stocktaking"),
        freeze(NOW + 20 * DAY, NOW + 21 * DAY, "far away"),
      ],
    },
    freeze: [{ ...freeze(NOW - HOUR, NOW + HOUR, "an audit"), except: "security" }],
  } as const;
  const acme = { acme: { freeze: [freeze(NOW + DAY, NOW + 2 * DAY, "a fair")] } };
  const words = (asked: QuietQuestion) =>
    quietTimes(asked).map(({ kind, whom, reason, machines }) => [kind, whom, reason, machines]);
  assert.deepEqual(words(question(said, acme)), [
    ["freeze", "the fleet", "stocktaking", undefined],
    ["freeze", "agent", "an audit", undefined],
    ["freeze", "acme", "a fair", 10],
  ]);
  assert.deepEqual(words(question(said, {}, { severity: "security" })), [
    ["freeze", "the fleet", "stocktaking", undefined],
  ]);
});

test("a pause begins with its commit and has no end, and one that has ended is none", () => {
  const since = (scope: string) => (scope === "channel agent/stable" ? NOW - 2 * HOUR : undefined);
  const paused = { reason: "audit" };
  const channels = { stable: { ...channel("1.1.0"), paused } };
  assert.deepEqual(quietTimes(question({ channels }, {}, { pausedSince: since })), [
    {
      ...{ kind: "pause", whom: "agent / stable", reason: "audit" },
      spans: [{ from: NOW - 2 * HOUR, to: null }],
    },
  ]);
  const over = question({ paused: { until: NOW } }, { acme: { paused: { until: NOW + HOUR } } });
  assert.deepEqual(quietTimes(over), [
    { kind: "pause", whom: "acme", machines: 10, spans: [{ from: NOW, to: NOW + HOUR }] },
  ]);
});

test("windows are drawn by their openings up to the next one, those that are alike once", () => {
  const globex = { products: { agent: { window: NIGHTS } } };
  const [one, ...more] = quietTimes(
    question({}, { acme: { window: NIGHTS }, globex, initech: {} }, { from: NOW - 2 * DAY }),
  );
  assert.deepEqual(more, []);
  assert.deepEqual(one, {
    ...{ kind: "window", whom: "globex", alike: 1, machines: 30 },
    spans: [
      { from: AT_TWO, to: AT_TWO + 4 * HOUR },
      { from: AT_TWO + DAY, to: AT_TWO + DAY + 4 * HOUR },
    ],
  });
});
