import assert from "node:assert/strict";
import { test } from "node:test";
import { CommitRecords, commitRecordsFile } from "../../controller/preview/commit-records.ts";
import { acceptHeldCommit } from "../../controller/reconcile/accepted-commit.ts";
import { FleetController } from "../fleet/fleet-controller.ts";
import { runOk } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { threeVersions } from "./asking.ts";

test("of a commit that is served and moves no machine there is no note, unless one says that it is not served", async (t) => {
  const controller = await FleetController.start(t, {}, threeVersions);
  const { state, options } = controller;
  const file = commitRecordsFile(options.stateFolder);
  const stateOf = (commit: string) => new CommitRecords(file).get(commit)?.state;
  const noted = (commit: string, as: string): Promise<true> =>
    waitUntil(`a note that ${commit} is ${as}`, async () => (stateOf(commit) === as ? true : undefined));

  await state.point("stable", "1.1.0");
  const promotion = await state.commit("promote lantern 1.1.0 to stable");
  await controller.serves(promotion);
  await state.write("fleet.yaml", "schemaVersion: 1\n");
  const refused = await state.commit("a mistake");
  await noted(refused, "refused");
  assert.equal(
    stateOf(promotion),
    undefined,
    "nobody is enrolled: history says nothing more of it with a note",
  );

  await runOk("git", ["reset", "-q", "--hard", "HEAD~2"], { cwd: state.directory });
  const held = await state.commit("another line");
  await noted(held, "held");
  // The process that noted it need not be the one that serves it.
  await controller.restart();
  acceptHeldCommit(options.stateFolder, held);
  await noted(held, "served");
});
