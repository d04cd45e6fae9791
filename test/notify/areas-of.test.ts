import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "../../controller/diagnostics/diagnostic.ts";
import type { ServedManifest } from "../../controller/http/manifest/served-manifest.ts";
import type { StandingRollout } from "../../controller/http/rollout-metrics.ts";
import { NOTHING_SERVED, type ServedState } from "../../controller/http/served-state.ts";
import { areasForTenants, areasOf } from "../../controller/notify/areas-of.ts";
import type { EventName, Fact, News } from "../../controller/notify/fact.ts";
import { nextNews, type ToldFacts } from "../../controller/notify/next-news.ts";
import { isRouted, routedAreas } from "../../controller/notify/receiver.ts";
import type { MachineCounts, Situation } from "../../controller/notify/situation.ts";
import type { ReconcileOutcome } from "../../controller/reconcile/outcome.ts";
import { channel, NOW, release } from "../http/sample-manifest.ts";
import { servedManifest } from "./served-manifest.ts";

const COMMIT = "3f9c2ab0".repeat(5);
const DAY = 86_400;

const PUBLISHED: ReconcileOutcome = {
  ...{ kind: "published", commit: COMMIT, version: 7, at: NOW },
  ...{ diagnostics: [], acknowledged: 0 },
};

function situation(state: Partial<ServedState>, more: Partial<Situation> = {}): Situation {
  return {
    served: { ...NOTHING_SERVED, outcome: PUBLISHED, ...state },
    ...{ standing: undefined, machines: undefined, startedAt: NOW - 60, now: NOW, ...more },
  };
}

function factsOf(seen: Situation, event?: EventName): Fact[] {
  const facts = areasOf(seen).flatMap((area) => area.facts);
  return event === undefined ? facts : facts.filter((fact) => fact.event === event);
}

/** What a receiver hears that sees these, one a minute; the first is where it begins. */
function heard(seen: readonly Situation[]): News[] {
  let told: ToldFacts | undefined;
  return seen.flatMap((each, minute) => {
    const next = nextNews(told, areasOf(each), DAY, NOW + minute * 60);
    told = next.told;
    return minute === 0 ? [] : next.news;
  });
}

function mistake(file: string, line: number, message: string): Diagnostic {
  const span = { line, column: 1, endLine: line, endColumn: 2 };
  return { rule: "a/b", severity: "error", message, file, span, related: [], notes: [] };
}

test("a refused commit is told with the places of its mistakes, and its end when a commit is served", () => {
  const diagnostics = Array.from({ length: 7 }, (_, index) =>
    mistake("tenants/acme.yaml", index + 1, `no ${index}`),
  );
  const refused = situation({ outcome: { kind: "refused", commit: "a".repeat(40), at: NOW, diagnostics } });
  const waiting = situation({
    outcome: { kind: "waiting", at: NOW, cause: { code: "x/y", message: "no answer" } },
  });
  const news = heard([situation({}), refused, waiting, refused, situation({})]);
  assert.deepEqual(
    news.map(({ event, phase }) => `${event} ${phase}`),
    ["refused began", "refused ended"],
    "that the source did not answer in between says nothing of the commit",
  );
  assert.equal(news[0]?.title, "commit aaaaaaaaaa is refused: 7 mistakes");
  assert.deepEqual(news[0]?.lines.slice(0, 1), ["tenants/acme.yaml:1: no 0"]);
  assert.equal(news[0]?.lines.at(-1), "and 2 more");
  assert.match(news[1]?.title ?? "", /^commit 3f9c2ab03f is served/);
});

test("an unreachable source is told after a quarter of an hour, also when it was never seen, and that it is back", () => {
  const outcome: ReconcileOutcome = {
    kind: "waiting",
    at: NOW,
    cause: { code: "x/y", message: "no answer" },
  };
  const unseen = (age: number): Situation => situation({ outcome, sourceSeenAt: NOW - age });
  assert.deepEqual(
    factsOf(unseen(899), "source-unseen").map(({ isFaint }) => isFaint),
    [true],
  );
  assert.deepEqual(
    factsOf(unseen(900), "source-unseen").map(({ isFaint }) => isFaint),
    [undefined],
  );
  assert.equal(factsOf(situation({ outcome }, { startedAt: NOW - 1_000 }), "source-unseen").length, 1);
  const news = heard([situation({}), unseen(60), unseen(900), unseen(5), situation({})]);
  assert.deepEqual(
    news.map(({ event, phase }) => `${event} ${phase}`),
    ["source-unseen began", "source-unseen ended"],
  );
});

function withStable(current: Parameters<typeof channel>[2], version = "1.1.0"): ServedManifest {
  return servedManifest({ policy: { channels: { stable: channel(version, ["1.0.0"], current) } } });
}

test("a halt is told with its reason, its end with who resumed it, or with what the channel moved on to", () => {
  const halted = situation({
    serving: withStable({ halted: { reason: "9 of 10 fail", at: NOW, by: "gate" } }),
  });
  const resumed = situation({ serving: withStable({ resumed: { reason: "the proxy is mended", at: NOW } }) });
  const moved = situation({ serving: withStable({}, "1.2.0") });
  const news = heard([situation({ serving: withStable({}) }), halted, resumed]);
  assert.deepEqual(
    news.map(({ event, phase, title }) => [event, phase, title]),
    [
      ["halted", "began", "lantern 1.1.0 on stable is halted by its gate"],
      ["halted", "ended", "lantern 1.1.0 on stable is resumed: the proxy is mended"],
    ],
  );
  assert.equal(news[0]?.lines[0], "9 of 10 fail");
  const [, ended] = heard([situation({ serving: withStable({}) }), halted, moved]).filter(
    ({ event }) => event === "halted",
  );
  assert.equal(ended?.title, "lantern: stable has moved on to 1.2.0");
});

test("a commit that repeats a gate's halt is the same halt", () => {
  const gate = { reason: "9 of 10 fail", at: NOW - 60 };
  const byGate = situation({ serving: withStable({ halted: { ...gate, by: "gate" } }) });
  const byCommit = situation({ serving: withStable({ halted: { reason: "seen", at: NOW, gate } }) });
  assert.equal(heard([situation({ serving: withStable({}) }), byGate, byCommit]).length, 1);
});

test("a promotion is told with what was before it and what is new, a security release as such, a way back as one", () => {
  const releases = [
    release("1.0.0"),
    release("1.1.0"),
    release("1.2.0", { severity: "security", releaseNotes: "Mends\na hole." }),
  ];
  const at = (current: string, before: string, more = {}): Situation => {
    const stable = channel(current, [before], more);
    return situation({ serving: servedManifest({ releases, policy: { channels: { stable } } }) });
  };
  const [news] = heard([at("1.1.0", "1.0.0"), at("1.2.0", "1.1.0")]);
  assert.deepEqual([news?.event, news?.phase], ["promoted", "happened"]);
  assert.equal(news?.title, "lantern: stable gets 1.2.0 (security)");
  assert.deepEqual(news?.lines, ["it had 1.1.0", "Mends a hole."]);
  const [back] = heard([at("1.1.0", "1.0.0"), at("1.0.0", "1.1.0", { rollback: { from: ["1.1.0"] } })]);
  assert.equal(back?.title, "lantern: stable goes back to 1.0.0");
});

function standing(more: Partial<StandingRollout>): StandingRollout {
  return {
    ...{ product: "lantern", channel: "stable", version: "1.1.0", commit: COMMIT },
    ...{ state: "active", reason: "r", since: NOW, nextAt: null, share: 0.1, failures: 0, counted: 0 },
    ...more,
  };
}

const WAVES = [{ ppm: 100_000, after: 0 }];

test("a rollout that waits for a person is told at once, one that waits for proof after an hour", () => {
  const seen = (advance: "manual" | "healthy", since: number): Situation => {
    const rollout = { strategy: "steps", waves: WAVES, advance, opened: 1 } as const;
    return situation(
      { serving: withStable({ rollout }) },
      { standing: [standing({ state: "held", since, reason: "needs a word" })] },
    );
  };
  assert.deepEqual(
    factsOf(seen("manual", NOW), "held").map(({ isFaint, title }) => [isFaint, title]),
    [[undefined, "lantern 1.1.0 on stable waits for a person"]],
  );
  assert.deepEqual(
    factsOf(seen("healthy", NOW - 3_599), "held").map(({ isFaint }) => isFaint),
    [true],
  );
  assert.deepEqual(
    factsOf(seen("healthy", NOW - 3_600), "held").map(({ isFaint }) => isFaint),
    [undefined],
  );
});

test("a rollout that has reached all is told where it had waves, once", () => {
  const done = [standing({ state: "done", failures: 1, counted: 40 })];
  const rollout = { strategy: "steps", waves: WAVES } as const;
  const active = situation({ serving: withStable({ rollout }) }, { standing: [standing({})] });
  const through = situation({ serving: withStable({ rollout }) }, { standing: done });
  const news = heard([active, through, through]);
  assert.deepEqual(
    news.map(({ title, lines }) => [title, ...lines]),
    [["lantern 1.1.0 has reached all of stable", "1 failure of 40 machines that count"]],
  );
  assert.deepEqual(factsOf(situation({ serving: withStable({}) }, { standing: done }), "finished"), []);
});

test("offline roles are told thirty days, seven days and none before their end, online ones when nobody signs them", () => {
  const serving = servedManifest();
  const expiring = (role: string, left: number): string[] => {
    const state = { serving: { ...serving, expiries: new Map([[role, NOW + left]]) } };
    return factsOf(situation(state)).flatMap(({ event, variant }) =>
      event === "expiring" || event === "expired" ? [`${event} ${variant.split(" ")[0]}`] : [],
    );
  };
  assert.deepEqual(expiring("root", 31 * DAY), []);
  assert.deepEqual(expiring("root", 29 * DAY), ["expiring expiring"]);
  assert.deepEqual(expiring("releases-lantern", 6 * DAY), ["expiring soon"]);
  assert.deepEqual(expiring("targets", 0), ["expired expired"]);
  assert.deepEqual(expiring("timestamp", 2 * DAY), []);
  assert.deepEqual(expiring("timestamp", DAY), ["expiring soon"]);
});

function machines(silent: number, all = 100, stranded: MachineCounts["stranded"] = []): Situation {
  return situation({}, { machines: { all, silent, stranded } });
}

test("machines that go silent en masse are told from a tenth on, and are back below a twentieth", () => {
  assert.deepEqual(
    heard([machines(0), machines(9), machines(10), machines(12), machines(6), machines(4)]).map(
      ({ event, phase, title }) => `${event} ${phase}: ${title}`,
    ),
    [
      "silent began: 10 of 100 machines have been silent for a day",
      "silent ended: most machines that had gone silent are back",
    ],
  );
  assert.deepEqual(factsOf(machines(4, 4), "silent"), [], "four machines of a tester are no alarm");
});

test("machines below the minimum without a way are told by product, with what they run and why", () => {
  const kind = { product: "lantern", version: "0.9.0", platform: "linux-x64", devices: 3, text: "no way up" };
  const [only] = factsOf(
    machines(0, 10, [kind, { ...kind, platform: "linux-arm64", devices: 4 }]),
    "below-minimum",
  );
  assert.equal(only?.title, "7 machines of lantern are below the minimum version and have no way on");
  assert.deepEqual(only?.lines[0], "4 at 0.9.0 on linux-arm64: no way up");
});

test("a stale channel is told when its time is over, and that it caught up", () => {
  const lag = {
    ...{ product: "lantern", channel: "stable", version: "1.0.0", waiting: "1.1.0" },
    ...{ from: "beta", since: NOW - 31 * DAY, freshUntil: NOW - 1 },
  };
  const news = heard([situation({}), situation({ lags: [lag] }), situation({})]);
  assert.deepEqual(
    news.map(({ phase, title }) => [phase, title]),
    [
      ["began", "lantern: stable is stale at 1.0.0"],
      ["ended", "lantern: stable is stale no more"],
    ],
  );
  assert.deepEqual(factsOf(situation({ lags: [{ ...lag, freshUntil: NOW }] }), "stale"), []);
});

test("who is limited to tenants hears of versions, without reasons that count others' machines, and of no commit", () => {
  const outcome: ReconcileOutcome = {
    ...{ kind: "refused", commit: "a".repeat(40), at: NOW },
    diagnostics: [mistake("tenants/rival.yaml", 1, "no")],
  };
  const halted = { reason: "9 of 10 of rival's machines fail", at: NOW } as const;
  const seen = situation(
    { outcome, serving: withStable({ halted }) },
    { standing: [standing({ state: "held" })] },
  );
  const areas = areasForTenants(seen);
  const said = JSON.stringify(areas);
  assert.ok(!said.includes("rival") && !said.includes("aaaa"), said);
  assert.deepEqual(
    areas.flatMap(({ facts }) => facts.map(({ event }) => event)),
    ["promoted", "halted", "held"],
  );
  assert.ok(JSON.stringify(areasOf(seen)).includes("rival"));
});

test("a route takes what it names by event, product and channel, and nothing else", () => {
  const areas = areasOf(situation({ serving: servedManifest() }));
  const taken = (route: Parameters<typeof routedAreas>[1]): string[] =>
    routedAreas(areas, route).flatMap(({ facts }) =>
      facts.map(({ event, subject }) => `${event} ${subject.channel}`),
    );
  assert.deepEqual(taken({ events: ["halted"] }), []);
  assert.deepEqual(taken({ channels: ["lantern/beta"] }), ["promoted beta"]);
  assert.deepEqual(taken({ channels: ["beta"], products: ["other"] }), []);
  assert.equal(taken({ products: ["lantern"], events: ["promoted"] }).length, 2);
  assert.equal(isRouted({ products: ["lantern"] }, "refused", {}), false, "a commit is of no product");
});
