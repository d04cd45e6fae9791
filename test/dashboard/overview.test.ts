import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelRow, ProductOverview } from "../../dashboard/api/types.ts";
import { holdRows } from "../../dashboard/overview/held-rows.ts";
import { foldedSentence, machinesOf, matrixGroups } from "../../dashboard/overview/matrix-groups.ts";
import { versionLines } from "../../dashboard/overview/running-versions.ts";

const rows = (...ids: readonly string[]) => ids.map((id) => ({ id }));

test("while somebody is in a list no row comes, goes or moves, and each says the newest of itself", () => {
  const before = [
    { id: "a", text: "old" },
    { id: "b", text: "old" },
  ];
  const now = [
    { id: "new", text: "new" },
    { id: "b", text: "new" },
  ];
  assert.deepEqual(holdRows(before, now), {
    rows: [
      { row: { id: "a", text: "old" }, isOver: true },
      { row: { id: "b", text: "new" }, isOver: false },
    ],
    fresh: 1,
  });
  assert.deepEqual(holdRows(undefined, rows("new", "b")), {
    rows: rows("new", "b").map((row) => ({ row, isOver: false })),
    fresh: 0,
  });
});

function channel(name: string, state: ChannelRow["state"]): ChannelRow {
  return {
    ...{ channel: name, version: "1.0.0", since: 0, commit: "c", machines: 10, running: 10, actual: 1e6 },
    ...{ waves: [], state, reason: "", standing: "", next: "" },
  };
}

function product(name: string, channels: readonly ChannelRow[]): ProductOverview {
  return { name, isCompanion: false, channels: [...channels], runs: { machines: 10, versions: [] } };
}

test("of many channels those at rest become one line a product, until somebody opens it", () => {
  const rest = Array.from({ length: 7 }, (_, n) => channel(`rest-${n}`, "done"));
  const few = [product("agent", [channel("stable", "halted"), ...rest])];
  assert.equal(matrixGroups(few, new Set())[0]?.folded.length, 0, "24 rows can be read");
  const many = [...few, ...Array.from({ length: 11 }, (_, n) => product(`p${n}`, rest))];
  const [agent, other] = matrixGroups(many, new Set(["p0"]));
  assert.deepEqual(
    [agent?.rows.map((row) => row.channel), agent?.folded.length, other?.rows.length, other?.folded.length],
    [["stable"], 7, 7, 0],
  );
  const shown = matrixGroups(many, new Set()).reduce((sum, group) => sum + group.rows.length, 0);
  assert.equal(shown, 1, "84 channels, and one row for the one that matters");
  assert.equal(foldedSentence(rest), "7 channels at rest: rest-0, rest-1, rest-2, rest-3 and 3 more");
  assert.equal(foldedSentence(rest.slice(0, 2)), "2 channels at rest: rest-0 and rest-1");
  assert.equal(machinesOf(product("p", rest)), 70);
});

test("one channel at rest is shown, since a line for it would say less", () => {
  const many = Array.from({ length: 30 }, (_, n) => product(`p${n}`, [channel("stable", "done")]));
  assert.ok(matrixGroups(many, new Set()).every(({ folded }) => folded.length === 0));
});

test("bars of versions are as long as their machines, and what is below a minimum has its own colour", () => {
  const version = (name: string, machines: number, channels: string[] = [], belowMinimum = 0) => {
    return { version: name, machines, share: machines * 1_000, channels, belowMinimum };
  };
  const lines = versionLines(
    {
      machines: 1_000,
      versions: [
        version("1.4.2", 99, ["stable", "beta", "lts", "oem"]),
        version("1.4.1", 800),
        version("1.4.0", 100),
        version("1.2.0", 1, [], 1),
      ],
    },
    200,
  );
  assert.deepEqual(
    lines.map(({ length, shade, note }) => [length, shade, note]),
    [
      [25, "v1", "stable, beta and 2 more"],
      [200, "v2", ""],
      [25, "v3", ""],
      [1, "warn-fill", "below the minimum"],
    ],
  );
});
