import assert from "node:assert/strict";
import { test } from "node:test";
import { arrowOf, linesOf, placeIn, stepsOf, toneOf } from "../../dashboard/device/device-words.ts";

const NOW = 1_800_000_000;
const installation = {
  ...{ product: "agent", format: "binary", installed: { version: "1.4.0", digest: "d" }, since: NOW - 60 },
  ...{ journal: "idle", appliedChannel: "stable", failedCause: null, blocked: [] },
};
const request = {
  ...({ id: "1".repeat(32), device: "d-1", kind: "update", product: "agent", askedBy: "ada" } as const),
  ...{ askedAt: NOW - 120, expiresAt: NOW + 99, deliveries: 0, deliveredAt: null, endedAt: null },
  ...{ result: null, text: null },
};
const may = { action: "update", target: "1.4.1", next: "1.4.1" } as const;

test("the arrow is ready, asked, told, under way, blocked with its reason, and gone when there is nothing newer", () => {
  const waits = { action: "wait", target: "1.4.1", reason: "wave", eligibleAt: NOW + 7200 } as const;
  const ready = { ...installation, offer: waits, ifAsked: may };
  assert.deepEqual(arrowOf(ready, [], NOW), { kind: "ready", to: "1.4.1", note: "by itself in 2 h" });
  const far = { ...ready, ifAsked: { ...may, target: "1.6.0" } };
  assert.deepEqual(arrowOf(far, [], NOW), {
    ...{ kind: "ready", to: "1.4.1", note: "on the way to 1.6.0; by itself in 2 h" },
  });
  const asked = arrowOf(ready, [request], NOW);
  assert.ok(asked.kind === "asked" && asked.note === "asked by ada 2 min ago; at its next poll", asked.kind);
  const told = arrowOf(ready, [{ ...request, deliveries: 1, deliveredAt: NOW - 60 }], NOW);
  assert.ok(told.kind === "asked" && told.note.endsWith("told 1 min ago, waits for its answer"), told.kind);
  assert.equal(
    arrowOf(ready, [{ ...request, product: "edge" }], NOW).kind,
    "ready",
    "another product's request",
  );
  assert.deepEqual(arrowOf({ ...ready, journal: "downloading" }, [request], NOW), {
    ...{ kind: "under-way", to: "1.4.1", step: "downloading" },
  });
  const halted = { action: "wait", target: "1.4.2", reason: "halt", why: "1.4.2 is halted" } as const;
  assert.deepEqual(arrowOf({ ...installation, offer: halted, ifAsked: halted }, [], NOW), {
    ...{ kind: "blocked", to: "1.4.2", reason: "1.4.2 is halted" },
  });
  const stays = {
    ...({ action: "stay", target: "1.4.0" } as const),
    misfit: {
      target: "1.4.2",
      version: "1.4.2",
      unmet: [{ name: "glibc", required: ">=2.34", got: "2.31" }],
    },
  };
  assert.deepEqual(arrowOf({ ...installation, offer: stays, ifAsked: stays }, [], NOW), {
    ...{ kind: "blocked", to: "1.4.2", reason: "it needs glibc >=2.34: this machine has 2.31" },
  });
  const current = { action: "stay", target: "1.4.0" } as const;
  assert.deepEqual(arrowOf({ ...installation, offer: current, ifAsked: current }, [], NOW), { kind: "gone" });
});

test("an attempt shows the step that failed: the one that it was at, or the one after what it had reached", () => {
  const standing = (
    step: Parameters<typeof stepsOf>[0]["step"],
    outcome: Parameters<typeof stepsOf>[0]["outcome"],
  ) =>
    stepsOf({ step, outcome })
      .map(({ standing: one }) => one[0])
      .join("");
  assert.equal(standing("confirmed", "confirmed"), "ddddddd");
  assert.equal(standing("downloading", "failed"), "boooooo");
  assert.equal(standing("staged", "failed"), "dddbooo");
  assert.equal(stepsOf({ step: "staged", outcome: "failed" })[3]?.name, "self-tested");
  assert.equal(stepsOf({ step: "confirming", outcome: "rolled-back" }).at(-1)?.name, "rolled back");
  assert.equal(standing("confirming", "rolled-back"), "dddddb" + "b");
  assert.equal(stepsOf({ step: "swapped", outcome: "not-restored" }).at(-1)?.name, "not restored");
});

test("what ended a decision well is quiet, what held it is loud, and names in sentences stand apart", () => {
  const line = (outcome: "set" | "stop") => ({ rule: "compare", outcome, text: "" });
  const stays = { action: "stay", trail: [line("stop"), line("set"), line("stop")] } as const;
  const decision = { ...stays, trail: [...stays.trail] };
  assert.deepEqual(
    [0, 1, 2].map((index) => toneOf(decision, index)),
    ["stop", "set", "end"],
  );
  assert.equal(toneOf({ ...decision, action: "wait" }, 2), "stop");
  assert.deepEqual(placeIn("tenants/acme.yaml#/devices/a~1b/channel"), {
    ...{ file: "tenants/acme.yaml", pointer: "devices › a/b › channel" },
  });
});

test("a trail takes its lines from an answer about the same commit alone", () => {
  const where = "tenants/acme.yaml#/channel";
  const found = { commit: "a".repeat(40), lines: [{ where, line: 6 }] };
  assert.equal(linesOf(found, found.commit)(where), 6);
  assert.equal(linesOf(found, found.commit)("fleet.yaml#/paused"), undefined);
  assert.equal(linesOf(found, "b".repeat(40))(where), undefined, "the manifest has changed between the two");
  assert.equal(linesOf(undefined, found.commit)(where), undefined, "git did not answer");
});
