import assert from "node:assert/strict";
import { test } from "node:test";
import type { StandingStop } from "../../controller/desired/standing-lines.ts";
import { readChange } from "../../controller/http/preview-api/read-change.ts";
import { holdsBack } from "../../controller/overview/holds-back.ts";
import type { Need, NeedKind } from "../../controller/overview/need.ts";
import { overview } from "../../controller/overview/overview.ts";
import type { HeldSecurity } from "../../controller/overview/overview-input.ts";
import { commandOf } from "../../controller/propose/change-command.ts";
import type { ReconcileOutcome } from "../../controller/reconcile/outcome.ts";
import { needsReason } from "../../dashboard/parts/proposal-words.ts";
import { WEEKDAYS } from "../../protocol/policy.ts";
import { channel } from "../http/sample-manifest.ts";
import { DAY, gateResult, HOUR, NOW, rollout, runs, type SampleInput, sampleInput } from "./sample-input.ts";

const COMMIT = "b21e4d8".padEnd(40, "0");

function needsOf(more: SampleInput): readonly Need[] {
  return overview(sampleInput(more)).needs;
}

function only(more: SampleInput): Need {
  const needs = needsOf(more);
  const [first] = needs;
  assert.ok(first !== undefined && needs.length === 1, JSON.stringify(needs, undefined, 2));
  return first;
}

const halted = { reason: "37 of 187 failed", at: NOW - 720, by: "gate" } as const;

test("a halt by the gate says on which machines it failed, how, and what those run that it failed on", () => {
  const need = only({
    channels: { stable: channel("1.1.0", ["1.0.0"], { halted }) },
    fleet: {
      rollouts: [
        rollout({
          state: "halted",
          judgement: { strata: [], gate: gateResult(), checks: [], opening: null },
        }),
      ],
      failing: [{ product: "lantern", channel: "stable", version: "1.0.0", devices: 37 }],
    },
    causes: [
      {
        ...{
          product: "lantern",
          version: "1.1.0",
          signature: "GLIBC_# not found",
          cause: "self-test-failed",
        },
        ...{ example: "GLIBC_2.34 not found", firstAt: NOW, lastAt: NOW, devices: 37, byPlatform: {} },
      },
    ],
  });
  assert.equal(need.kind, "halted");
  assert.equal(need.isNow, true);
  assert.equal(need.since, NOW - 720);
  assert.equal(need.what, "lantern / stable 1.1.0");
  assert.equal(
    need.why,
    "linux-arm64: 37 of 108 failed with `GLIBC_# not found`. Those that failed run 1.0.0. Nobody else gets it.",
  );
  assert.equal(need.action.page, "/rollouts/lantern/stable");
  assert.match(need.action.commands[1] ?? "", /^fairlead resume --channel stable --product lantern --halt/);
});

test("whoever is limited to tenants hears of a halt what their own machines said, and no sentence of the gate", () => {
  const more: SampleInput = {
    tenants: ["acme"],
    channels: {
      stable: channel("1.1.0", ["1.0.0"], { halted: { ...halted, reason: "37 of globex failed" } }),
    },
    fleet: {
      tallies: [{ ...rollout(), offered: 10, confirmed: 6, failed: 2, excused: 0 }],
      rollouts: [rollout({ state: "halted", reason: "37 of globex failed" })],
    },
  };
  const need = only(more);
  assert.equal(need.why, "2 of 10 machines that were offered it failed. Nobody else gets it.");
  assert.ok(!JSON.stringify(overview(sampleInput(more))).includes("globex"));
});

test("a refused commit names the first mistake with its place, how many more there are, and what is served", () => {
  const diagnostic = (line: number) => ({
    ...{ rule: "value/bad-duration", severity: "error" as const, file: "tenants/globex.yaml" },
    ...{
      message: "`4 hours` is not a length of time",
      span: { line, column: 13, endLine: line, endColumn: 17 },
    },
    ...{ related: [], notes: [] },
  });
  const outcome: ReconcileOutcome = {
    kind: "refused",
    commit: COMMIT,
    at: NOW,
    diagnostics: [diagnostic(6), diagnostic(9)],
  };
  const need = only({ controller: { outcome, outcomeSince: NOW - 41 * 60 } });
  assert.equal(need.what, "Commit `b21e4d8` is not served");
  assert.equal(
    need.why,
    "`tenants/globex.yaml:6:13`: `4 hours` is not a length of time. And 1 more mistake. Served meanwhile: `c4d1e07`.",
  );
  assert.deepEqual(need.subject, { commit: COMMIT, file: "tenants/globex.yaml", line: 6 });
  assert.equal(need.since, NOW - 41 * 60);
  assert.deepEqual(needsOf({ tenants: ["acme"], controller: { outcome } }), []);
});

test("a commit that does not descend is accepted by the command that its sentence names", () => {
  const outcome: ReconcileOutcome = {
    kind: "held",
    commit: COMMIT,
    at: NOW,
    hold: { cause: "not-descendant", servedCommit: "c".repeat(40) },
  };
  assert.deepEqual(only({ controller: { outcome } }).action.commands, [`fairlead accept ${COMMIT}`]);
});

test("a source that does not answer needs nobody for a quarter of an hour", () => {
  const outcome: ReconcileOutcome = {
    kind: "waiting",
    at: NOW,
    cause: { code: "source/unreachable", message: "the git server does not answer" },
  };
  assert.deepEqual(needsOf({ controller: { outcome, sourceSeenAt: NOW - 800 } }), []);
  const need = only({ controller: { outcome, sourceSeenAt: NOW - 2 * HOUR } });
  assert.equal(need.kind, "stalled");
  assert.match(need.why, /It is tried again by itself, for 2 hours now/);
});

test("a held rollout waits for the command that opens its wave, and one that is paused is told of as a pause alone", () => {
  const fleet = { rollouts: [rollout({ state: "held", reason: "wave 3 waits for a person" })] };
  const need = only({ fleet });
  assert.equal(need.why, "Wave 3 waits for a person.");
  assert.deepEqual(need.action.commands, ["fairlead advance stable --product lantern"]);
  const paused = { reason: "audit" };
  assert.deepEqual(needsOf({ fleet, product: { paused } }), []);
});

test("what the gate leaves to a person is told of, with the tenant that most of the failures are at", () => {
  const gate = gateResult({
    verdict: "inconclusive",
    reason: "8 of 35 failed, more than 2%, but too many of them at one tenant: a person decides",
    capped: [{ tenant: "globex", failures: 7, countAs: 1 }],
  });
  const { stratum: _, ...ofAll } = gate;
  const rollouts = [rollout({ judgement: { strata: [], gate: ofAll, checks: [], opening: null } })];
  const need = only({ fleet: { rollouts } });
  assert.equal(need.kind, "undecided");
  assert.match(
    need.why,
    /^8 of 35 failed, .+ a person decides\. Most of them at globex\. It goes on meanwhile\.$/,
  );
  assert.deepEqual(needsOf({ tenants: ["globex"], fleet: { rollouts } }), []);
});

test("machines below a minimum are told of with those that have no way, and who is refused", () => {
  const product = { minVersion: "1.1.0" };
  const fleet = {
    versions: [runs("1.1.0", 100), runs("1.0.0", 305), runs("0.9.0", 7)],
    refused: [{ minimum: "1.1.0", devices: 300 }],
  };
  const minimums = [
    {
      ...{ product: "lantern", version: "1.1.0", file: "products/lantern/product.yaml", line: 2 },
      origin: { commit: COMMIT, author: "Sven <sven@acme.example>", at: NOW - 3 * HOUR, subject: "raise" },
    },
  ];
  const stranded = [{ product: "lantern", channel: "stable", version: "0.9.0", devices: 7 }];
  const need = only({ product, fleet, stranded, controller: { minimums } });
  assert.equal(need.what, "312 machines below lantern 1.1.0");
  assert.equal(
    need.why,
    "305 are sent on; 7 have no way from 0.9.0. The check-ins of 300 are answered 426 until then.",
  );
  assert.equal(need.since, NOW - 3 * HOUR);
  assert.equal(need.action.label, "Show the 7");
  assert.equal(need.action.page, "/fleet?product=lantern&version=0.9.0");
});

test("silence says at which site most of the machines are, and whether they fell quiet at once", () => {
  const at = NOW - 35 * HOUR;
  const states = { ...sampleInput().fleet.states, silent: 18 };
  const lagos = { tenant: "initech", site: "lagos", devices: 11, firstAt: at - 50, lastAt: at };
  const other = { tenant: "acme", site: null, devices: 7, firstAt: at - 9 * DAY, lastAt: at - DAY };
  const need = only({ fleet: { states, silent: [lagos, other] } });
  assert.equal(need.what, "18 machines gone silent");
  assert.match(need.why, /^11 of them at initech \/ lagos, all within one minute on \w{3} \d\d:\d\d UTC\.$/);
  assert.equal(need.action.page, "/fleet?state=silent");
  assert.equal(need.link?.page, "/fleet?tenant=initech&site=lagos&state=silent");
});

test("a site that fell quiet is told of before a day has passed", () => {
  const quiet = { tenant: "acme", site: "oslo", firstAt: NOW - 1500, lastAt: NOW - 1300 };
  const need = only({ fleet: { disappeared: [{ ...quiet, devices: 12, ofDevices: 12 }] } });
  assert.equal(need.what, "12 machines at acme / oslo stopped reporting");
  assert.match(need.why, /^All within 3 minutes, the last on .+ No other is there; no other site/);
});

test("a stale channel says what waits where, and for whom it is good already", () => {
  const lag = {
    ...{ product: "lantern", channel: "stable", version: "1.1.0", waiting: "1.2.0", from: "beta" },
    ...{ since: NOW - 34 * DAY, freshUntil: NOW - 4 * DAY },
  };
  const channels = { stable: channel("1.1.0"), beta: channel("1.2.0") };
  const fleet = { versions: [runs("1.1.0", 100), runs("1.2.0", 240, "beta")] };
  const need = only({ channels, fleet, controller: { lags: [lag] } });
  assert.equal(need.what, "lantern / stable stays on 1.1.0");
  assert.equal(
    need.why,
    "lantern / beta has had 1.2.0 for 34 days, 240 of 240 run it; its `staleAfter` is 30 days.",
  );
  assert.deepEqual(need.action.commands, ["fairlead promote --from beta --to stable --product lantern"]);
  assert.deepEqual(needsOf({ channels, fleet, controller: { lags: [{ ...lag, freshUntil: NOW }] } }), []);
});

test("a role is told of from its alarm on, and one that has expired cannot wait", () => {
  const expiring = (role: string, seconds: number): SampleInput => ({
    serving: { expiries: new Map([[role, NOW + seconds]]) },
  });
  assert.deepEqual(needsOf(expiring("root", 91 * DAY)), []);
  assert.deepEqual(needsOf(expiring("timestamp", 2 * DAY)), [], "it is signed anew by itself");
  const soon = only(expiring("root", 41 * DAY));
  assert.equal(soon.what, "Root expires in 41 days");
  assert.equal(soon.since, NOW - 49 * DAY);
  assert.equal(soon.isNow, false);
  const over = only(expiring("releases-lantern", -HOUR));
  assert.equal(over.what, "The release index of lantern has expired");
  assert.match(over.why, /No agent updates lantern until it is renewed; other products go on\./);
  assert.equal(over.isNow, true);
});

test("pins that end within a fortnight, pauses without an end, damage and clones are told of; other pauses are not", () => {
  const place = { file: "tenants/acme.yaml", line: 4 };
  const pin = { ...place, scope: "device d-1", tenant: "acme", product: "lantern", version: "1.0.0" };
  const kinds = needsOf({
    controller: {
      pins: [
        { ...pin, expires: NOW - DAY },
        { ...pin, scope: "tenant acme", expires: NOW + 13 * DAY },
        { ...pin, scope: "device d-2", expires: NOW + 15 * DAY },
      ],
      holds: [
        { ...place, kind: "paused", scope: "site acme/berlin", tenant: "acme", reason: "audit" },
        { ...place, kind: "paused", scope: "fleet", until: NOW + DAY },
        { ...place, kind: "no-auto-update", scope: "group acme/lab", tenant: "acme" },
      ],
      damagedArtifacts: [{ target: "t", path: "lantern-1.0.0", problem: "has another length" }],
    },
    fleet: { cloned: [{ id: "d-9", tenant: "acme", site: null, since: NOW - 5 }] },
  }).map(({ kind, action: { commands } }) => [kind, commands.at(-1)]);
  assert.deepEqual(kinds, [
    ["pin-expired", "fairlead unpin --tenant acme --device d-1 --product lantern"],
    ["pin-expires", "fairlead unpin --tenant acme --product lantern"],
    ["damaged", "fairlead validate"],
    ["cloned", "fairlead agents show d-9"],
    ["paused", "fairlead resume --tenant acme --site berlin"],
  ]);
});

test("what is said of another tenant, of commits, keys and files reaches nobody who is limited to tenants", () => {
  const place = { file: "tenants/globex.yaml", line: 4 };
  const origin = { commit: COMMIT, author: "Globex <ops@globex.example>", at: NOW, subject: "for globex" };
  const input = sampleInput({
    tenants: ["acme"],
    serving: { expiries: new Map([["root", NOW - 1]]) },
    controller: {
      pins: [
        {
          ...place,
          scope: "device d-1",
          tenant: "globex",
          product: "lantern",
          version: "1.0.0",
          expires: NOW,
        },
      ],
      holds: [
        { ...place, kind: "paused", scope: "site globex/oslo", tenant: "globex", origin },
        { kind: "paused", scope: "tenant acme", tenant: "acme", file: "tenants/acme.yaml", line: 1, origin },
      ],
      damagedArtifacts: [{ target: "t", path: "globex-1.0.0", problem: "is missing" }],
      promoters: [{ ...rollout(), ...origin, version: "1.1.0", commit: rollout().commit }],
      minimums: [{ version: "1.1.0", file: "fleet.yaml", line: 3, origin }],
    },
    product: { minVersion: "1.1.0" },
    fleet: { versions: [runs("1.0.0", 3)] },
  });
  const said = overview(input);
  assert.deepEqual(
    said.needs.map(({ kind }) => kind),
    ["below-minimum", "paused"] satisfies NeedKind[],
  );
  assert.ok(!JSON.stringify(said).toLowerCase().includes("globex"), JSON.stringify(said));
});

test("rows propose commits that the route takes, one for each thing that a person may decide, to nobody who is limited to tenants", () => {
  const gate = gateResult();
  const stable = (more: object) => ({ stable: channel("1.1.0", ["1.0.0"], more) });
  const place = { file: "tenants/acme.yaml", line: 4 };
  const pin = { ...place, scope: "device d-1", tenant: "acme", product: "lantern", version: "1.0.0" };
  const { stratum: _, ...ofAll } = { ...gate, verdict: "inconclusive" as const };
  const judged = (result: typeof gate) => ({ strata: [], gate: result, checks: [], opening: null });
  // The fleet as a whole halts it, and most of what failed is one platform's, or just not.
  const halts = (platform: string, failures: number): typeof gate => {
    const { stratum: __, ...ofFleet } = gate;
    const other = {
      dimension: "platform",
      value: platform,
      failures,
      counted: 90,
      evidence: 1,
      needed: 40,
    } as const;
    return { ...ofFleet, failures: 37 + failures, tests: [...gate.tests, other] };
  };
  const renewed = new Date((NOW + 103 * DAY) * 1_000).toISOString().slice(0, 10);
  const inputs: SampleInput[] = [
    {
      channels: stable({ halted }),
      fleet: { rollouts: [rollout({ state: "halted", judgement: judged(gate) })] },
    },
    {
      channels: stable({ halted }),
      fleet: { rollouts: [rollout({ state: "halted", judgement: judged(halts("linux-x64", 12)) })] },
    },
    {
      channels: stable({ halted }),
      fleet: { rollouts: [rollout({ state: "halted", judgement: judged(halts("linux-x64", 13)) })] },
    },
    { channels: stable({ halted: { reason: "by hand", at: NOW } }) },
    { fleet: { rollouts: [rollout({ judgement: judged(ofAll) })] } },
    { fleet: { rollouts: [rollout({ state: "held", reason: "wave 3 waits for a person" })] } },
    {
      channels: { stable: channel("1.1.0"), beta: channel("1.2.0") },
      controller: {
        lags: [
          {
            ...{ product: "lantern", channel: "stable", version: "1.1.0", waiting: "1.2.0", from: "beta" },
            ...{ since: NOW - 34 * DAY, freshUntil: NOW - 4 * DAY },
          },
        ],
      },
    },
    {
      controller: {
        pins: [
          { ...pin, expires: NOW - DAY },
          { ...pin, scope: "site acme/berlin", reason: "audit", expires: NOW + 13 * DAY },
        ],
        holds: [
          { ...place, kind: "paused", scope: "group acme/lab", tenant: "acme", reason: "audit" },
          {
            file: "products/lantern/channels/stable.yaml",
            line: 2,
            kind: "paused",
            scope: "channel lantern/stable",
          },
          { file: "fleet.yaml", line: 2, kind: "paused", scope: "fleet" },
        ],
      },
    },
  ];
  const said = inputs.flatMap((input) =>
    needsOf(input).map(({ kind, action: { proposals = [] } }) => [
      kind,
      // As the page's dialog sends it, once somebody has said why.
      proposals.map(({ change }) =>
        commandOf(readChange(needsReason(change.kind) ? { reason: "audit", ...change } : change)),
      ),
    ]),
  );
  assert.deepEqual(said, [
    [
      "halted",
      [
        "fairlead yank 1.1.0 --product lantern --platform linux-arm64 --reason 'fails on linux-arm64'",
        "fairlead resume --channel stable --product lantern --halt --reason audit",
      ],
    ],
    [
      "halted",
      [
        "fairlead yank 1.1.0 --product lantern --platform linux-arm64 --reason 'fails on linux-arm64'",
        "fairlead resume --channel stable --product lantern --halt --reason audit",
      ],
    ],
    ...Array.from({ length: 2 }, () => [
      "halted",
      [
        "fairlead yank 1.1.0 --product lantern --reason audit",
        "fairlead resume --channel stable --product lantern --halt --reason audit",
      ],
    ]),
    [
      "undecided",
      [
        "fairlead yank 1.1.0 --product lantern --reason audit",
        "fairlead pause --product lantern --channel stable --reason audit",
      ],
    ],
    ["held", ["fairlead advance stable --product lantern"]],
    ["stale", ["fairlead promote 1.2.0 --to stable --product lantern"]],
    ["pin-expired", ["fairlead unpin --product lantern --tenant acme --device d-1"]],
    [
      "pin-expires",
      [
        `fairlead pin 1.0.0 --product lantern --tenant acme --site berlin --reason audit --expires ${renewed}`,
        "fairlead unpin --product lantern --tenant acme --site berlin",
      ],
    ],
    ["paused", ["fairlead resume --product lantern --channel stable"]],
    ["paused", ["fairlead resume --fleet"]],
    ["paused", ["fairlead resume --tenant acme --group lab"]],
  ]);
  for (const input of inputs) {
    for (const { action } of needsOf({ ...input, tenants: ["acme"] }))
      assert.equal(action.proposals, undefined);
  }
});

test("kinds come in their order, the oldest of one kind first, and what nobody knows the age of last", () => {
  const place = { kind: "paused", file: "fleet.yaml", line: 1 } as const;
  const origin = (at: number) => ({ commit: COMMIT, author: "A <a@b>", at, subject: "s" });
  const needs = needsOf({
    controller: {
      holds: [
        { ...place, scope: "tenant a" },
        { ...place, scope: "tenant b", origin: origin(NOW - 5) },
        { ...place, scope: "tenant c", origin: origin(NOW - 50) },
      ],
    },
    serving: { expiries: new Map([["root", NOW + DAY]]) },
    channels: { stable: channel("1.1.0", [], { halted }) },
  });
  assert.deepEqual(
    needs.map(({ kind, what }) => `${kind} ${what.split(" ")[1]}`),
    ["halted /", "expires expires", "paused c", "paused b", "paused a"],
  );
});

test("more than eight fold from the least urgent kind on, and the count of a row is that of its members", () => {
  const place = { kind: "paused", file: "fleet.yaml", line: 1 } as const;
  const holds = Array.from({ length: 60 }, (_, n) => ({ ...place, scope: `tenant t${n}` }));
  const clones = Array.from({ length: 4 }, (_, n) => ({
    id: `d-${n}`,
    tenant: "acme",
    site: null,
    since: NOW - n,
  }));
  const said = overview(sampleInput({ controller: { holds }, fleet: { cloned: clones } }));
  assert.equal(said.waiting, 64);
  assert.deepEqual(
    said.needs.map(({ kind, folded, members }) => [kind, folded, members?.length]),
    [...clones.map(() => ["cloned", undefined, undefined]), ["paused", 60, 50]],
  );
  assert.equal(said.needs.at(-1)?.what, "60 scopes paused");
  assert.equal(said.heading, "64 things need a person");
});

test("machines below a security release are told of by what holds them: how many, since when, and what ends it", () => {
  const origin = { commit: COMMIT, author: "Ada Example <ada@acme.example>", at: NOW - 3 * DAY, subject: "" };
  const line = { file: "tenants/acme.yaml", line: 4, origin };
  const site = { scope: "site acme/berlin", tenant: "acme", site: "berlin", ...line };
  const offer = { product: "lantern", channel: "stable", version: "1.1.0", since: NOW - 9 * DAY };
  const paused: HeldSecurity = { ...offer, devices: 14, stop: { kind: "pause", ...site } };
  const need = only({ heldSecurity: [paused] });
  assert.equal(need.kind, "security-held");
  assert.equal(need.what, "14 machines of site acme/berlin stay below lantern 1.1.0, a security release");
  assert.equal(
    need.why,
    "Site acme/berlin is paused for 3 days, by Ada Example in `b21e4d8`. stable offers it for 9 days.",
  );
  assert.equal(need.since, NOW - 3 * DAY, "held since the pause, which came after the release");
  assert.deepEqual(need.action.commands, ["fairlead resume --tenant acme --site berlin"]);
  assert.equal(
    need.action.page,
    "/fleet?product=lantern&channel=stable&tenant=acme&site=berlin&version=%3C1.1.0",
  );

  const wayOut = (stop: HeldSecurity["stop"]) =>
    only({ heldSecurity: [{ ...paused, stop }] }).action.commands;
  const tenant = { scope: "tenant acme", tenant: "acme", ...line };
  assert.deepEqual(wayOut({ kind: "pin", ...tenant, product: "lantern", version: "1.0.0" }), [
    "fairlead unpin --tenant acme --product lantern",
  ]);
  assert.deepEqual(wayOut({ kind: "freeze", scope: "fleet", ...line, until: NOW + DAY }), [
    'fairlead unfreeze --fleet --reason "..."',
  ]);
  assert.deepEqual(wayOut({ kind: "window", ...tenant }), [
    "fairlead agents update --product lantern --runs '<1.1.0' --tenant acme --dry-run",
  ]);
  const hidden = only({ tenants: ["acme"], heldSecurity: [paused] });
  assert.ok(!JSON.stringify(hidden).includes("Ada"));
});

test("what holds a security release back is what holds now: not what is over, opens in time, or is about something else", () => {
  const offer = { product: "lantern", channel: "stable", version: "1.1.0" };
  const at = { scope: "tenant acme", tenant: "acme", file: "tenants/acme.yaml", line: 1 };
  const holds = (stop: Omit<StandingStop, keyof typeof at>, since = NOW - DAY) =>
    holdsBack({ ...at, ...stop }, offer, "semver", since, NOW);
  assert.equal(holds({ kind: "pause" }), true);
  assert.equal(holds({ kind: "pause", until: NOW }), false);
  assert.equal(holds({ kind: "pause", product: "viewer" }), false);
  assert.equal(holds({ kind: "pause", channel: "beta" }), false);
  assert.equal(holds({ kind: "freeze", from: NOW + 1, until: NOW + DAY }), false);
  assert.equal(holds({ kind: "freeze", from: NOW, until: NOW + DAY }), true);
  assert.equal(holds({ kind: "pin", product: "lantern", version: "1.0.9" }), true);
  assert.equal(holds({ kind: "pin", product: "lantern", version: "1.1.0" }), false);
  const opening = (after: number): NonNullable<StandingStop["window"]> => {
    const opens = Temporal.Instant.fromEpochMilliseconds((NOW + after) * 1000).toZonedDateTimeISO("UTC");
    const day = WEEKDAYS[opens.dayOfWeek - 1];
    assert.ok(day !== undefined);
    const start = opens.toPlainTime().toString().slice(0, 5);
    return { days: [day], start, duration: 7200, timeZone: "UTC", onReturn: "window" };
  };
  assert.equal(holds({ kind: "window", window: opening(3 * DAY) }), true);
  assert.equal(holds({ kind: "window", window: opening(HOUR) }, NOW - HOUR), false, "it opens soon");
  assert.equal(holds({ kind: "window", window: opening(-12 * HOUR) }), false, "it was open since");
});
