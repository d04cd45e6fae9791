import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyOverlays } from "../../controller/desired/apply-overlays.ts";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import type { HaltOverlay } from "../../controller/desired/overlay.ts";
import { type DeviceCounts, wantedProposals } from "../../controller/propose/wanted-proposals.ts";
import { checkState } from "../../controller/rules/check-state.ts";
import {
  EXAMPLE_NOW,
  exampleFiles,
  snapshotOfFiles,
  versionFile,
} from "../../controller/rules/example-state.ts";
import type { ChannelHistories } from "../../controller/source/promotion-record.ts";

const NOW = EXAMPLE_NOW;
const COMMIT = "c".repeat(40);
const COUNTS: DeviceCounts = new Map([["agent", new Map([["1.1.0", 7]])]]);
const FOLLOWS = "version: 1.0.0\npromotion: {from: beta, soak: 1h, minHealthy: 5}\n";

/** What each channel pointed to, newest first, and since how many seconds. */
type Past = Readonly<Record<string, readonly (readonly [version: string, ago: number])[]>>;

const PAST: Past = {
  "agent/beta": [["1.1.0", 7200]],
  "agent/stable": [["1.0.0", 90_000]],
};

function wanted(
  channels: { readonly beta?: string; readonly stable?: string },
  more: { readonly past?: Past; readonly halts?: readonly string[]; readonly counts?: DeviceCounts } = {},
): string[] {
  const { beta = "version: 1.1.0\n", stable = FOLLOWS } = channels;
  const files = exampleFiles({
    "products/agent/channels/beta.yaml": beta,
    "products/agent/channels/stable.yaml": stable,
    "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "rollbackTo: '>=1.0.0'\n"),
  });
  const { model } = checkState(snapshotOfFiles(files), { now: NOW });
  assert.ok(model !== undefined);
  const past = { ...PAST, ...more.past };
  const histories: ChannelHistories = new Map(
    Object.entries(past).map(([key, entries]) => [
      key,
      entries.map(([version, ago]) => ({ version, at: NOW - ago, commit: COMMIT, author: "", subject: "" })),
    ]),
  );
  const overlays = (more.halts ?? []).map((channel): HaltOverlay => {
    const version = past[`agent/${channel}`]?.[0]?.[0] ?? "";
    return { kind: "halt", product: "agent", channel, version, commit: COMMIT, reason: "bad", at: NOW - 9 };
  });
  const products = applyOverlays(desiredPolicies(model, histories).products, overlays, undefined);
  const served = new Map([...products].map(([name, policy]) => [name, { policy }]));
  const counts = "counts" in more ? more.counts : COUNTS;
  return wantedProposals(served, model, counts, NOW).map(
    ({ kind, channel, version, since }) => `${kind} ${version} ${channel} ${NOW - since}`,
  );
}

describe("a promotion that is due", () => {
  test("is proposed since its version came to the channel that it follows", () => {
    assert.deepEqual(wanted({}), ["promotion 1.1.0 stable 7200"]);
  });

  test("waits for its soak time, for enough machines, and while nobody can count them", () => {
    assert.deepEqual(wanted({}, { past: { "agent/beta": [["1.1.0", 3599]] } }), []);
    assert.deepEqual(wanted({}, { counts: new Map([["agent", new Map([["1.1.0", 4]])]]) }), []);
    assert.deepEqual(wanted({}, { counts: undefined }), []);
  });

  test("is never of a version that its channel had and left for a lower one", () => {
    const past = {
      "agent/stable": [["1.0.0", 60] as const, ["1.1.0", 9000] as const, ["1.0.0", 90_000] as const],
    };
    assert.deepEqual(wanted({}, { past }), []);
  });

  test("is never of a version that a channel was rolled back from", () => {
    const stable = `${FOLLOWS}rollback: {from: [1.1.0], reason: it crashes}\n`;
    assert.deepEqual(wanted({ stable }), []);
  });

  test("is never of a version that is halted, by the gate or by a commit, wherever that is", () => {
    assert.deepEqual(wanted({}, { halts: ["beta"] }), ["halt 1.1.0 beta 9"]);
    assert.deepEqual(wanted({ beta: "version: 1.1.0\nhalted: {version: 1.1.0, reason: bad}\n" }), []);
  });
});

test("a halt by the gate is proposed until a commit says the same, also under a commit's own words", () => {
  const stable = "version: 1.0.0\n";
  assert.deepEqual(wanted({ stable }, { halts: ["stable"] }), ["halt 1.0.0 stable 9"]);
  const said = "version: 1.0.0\nhalted: {version: 1.0.0, reason: a person saw it first}\n";
  assert.deepEqual(wanted({ stable: said }, { halts: ["stable"] }), []);
});
