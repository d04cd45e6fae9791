import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { lookAtExpectations } from "../../controller/expectations/look-at-expectations.ts";
import { checkState } from "../../controller/rules/check-state.ts";
import { EXAMPLE_NOW } from "../../controller/rules/example-state.ts";
import { readWorktreeSnapshot } from "../../controller/source/read-worktree-snapshot.ts";
import { TOP } from "../support/run-command.ts";

test("the fleet of `npm start` and the example of the reference keep what they expect of themselves", async () => {
  for (const [folder, count] of [
    ["releases", 2],
    ["docs/example-state", 6],
  ] as const) {
    const snapshot = await readWorktreeSnapshot(join(TOP, folder), EXAMPLE_NOW);
    const { model } = checkState(snapshot, { now: EXAMPLE_NOW });
    const options = { now: EXAMPLE_NOW, inventory: undefined, pathPrefix: "" };
    const { results, diagnostics } = lookAtExpectations({ model, histories: undefined }, undefined, options);
    assert.deepEqual(diagnostics, []);
    assert.equal(results.filter(({ kind }) => kind === "holds").length, count, folder);
  }
});
