import assert from "node:assert/strict";
import { test } from "node:test";
import { between, mergeRows } from "../../dashboard/fleet/fleet-rows.ts";
import { doneSentence, selectionSentence, summary } from "../../dashboard/fleet/fleet-words.ts";

const rows = (...ids: readonly string[]) => ids.map((id) => ({ id, at: 1 }));

test("while somebody is at the list no row moves: what came or left waits, and what is new of a row shows", () => {
  const fresh = [
    { id: "new", at: 2 },
    { id: "c", at: 2 },
    { id: "a", at: 2 },
  ];
  const merged = mergeRows(rows("a", "b", "c"), fresh, true);
  assert.deepEqual(merged.rows, [
    { id: "a", at: 2 },
    { id: "b", at: 1 },
    { id: "c", at: 2 },
  ]);
  assert.deepEqual([merged.news, [...merged.left]], [1, ["b"]]);
  assert.deepEqual(mergeRows(rows("a", "b"), fresh, false).rows, fresh);
  assert.deepEqual(mergeRows([], fresh, true).rows, fresh, "an empty list has no row to move");
});

test("a row of which nothing is new stays the same object, so that only those that changed are drawn again", () => {
  const before = rows("a", "b", "c");
  for (const isBusy of [true, false]) {
    const merged = mergeRows(
      before,
      [
        { id: "c", at: 1 },
        { id: "a", at: 1 },
        { id: "b", at: 2 },
      ],
      isBusy,
    );
    const same = merged.rows.filter((row) => before.includes(row)).map(({ id }) => id);
    assert.deepEqual(same.toSorted(), ["a", "c"]);
    assert.equal(merged.rows.find(({ id }) => id === "b")?.at, 2);
  }
});

test("a range goes from the row that was chosen last to this one, in either direction", () => {
  const ids = ["a", "b", "c", "d"];
  assert.deepEqual(between(ids, "b", "d"), ["b", "c", "d"]);
  assert.deepEqual(between(ids, "d", "b"), ["b", "c", "d"]);
  assert.deepEqual(between(ids, undefined, "c"), ["c"]);
  assert.deepEqual(between(ids, "gone", "c"), ["c"]);
  assert.deepEqual(between(ids, "a", "gone"), []);
});

const none = { machines: 0, unknown: 0, moving: 0, moves: [], stays: [], asked: 0, already: 0 };

test("a selection says how many go where, and why the others stay", () => {
  const moves = [{ product: "agent", to: "1.4.1", devices: 7 }];
  const stays = [
    { product: "agent", reason: "paused", why: "", devices: 1 },
    { product: "agent", reason: "current", why: "", devices: 3 },
  ];
  assert.equal(
    selectionSentence({ ...none, moves, stays, unknown: 2 }),
    "7 go to 1.4.1, past waves and windows. 1 is paused. 3 are there already. 2 are gone.",
  );
  assert.equal(
    selectionSentence({ ...none, moves: [...moves, { product: "edge", to: "1.3.6", devices: 1 }] }),
    "7 go to agent 1.4.1, 1 goes to edge 1.3.6, past waves and windows.",
  );
  assert.equal(selectionSentence({ ...none, stays: stays.slice(1) }), "Nothing moves. 3 are there already.");
  assert.equal(
    doneSentence({ ...none, asked: 7, already: 2 }),
    "7 machines asked: each goes at its next poll. 2 had been asked before.",
  );
});

test("the sentence of a list says what somebody should know, or that there is nothing", () => {
  const facets = {
    ...{ total: 10, tenant: [], site: [], platform: [], product: [], version: [], channel: [], cause: [] },
    ...{ group: [], left: {} },
  };
  const state = [
    { value: "current", devices: 6 },
    { value: "silent", devices: 3 },
    { value: "refused", devices: 1 },
  ];
  assert.equal(summary({ ...facets, state }, undefined), "Of these 1 below a minimum and 3 silent.");
  assert.equal(summary({ ...facets, state }, ["silent"]), "Of these 3 silent.", "others are not in the list");
  assert.match(summary({ ...facets, state: state.slice(0, 1) }, undefined), /^None of them failed/);
});
