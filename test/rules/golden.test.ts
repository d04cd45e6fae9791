/**
 * Golden pairs: each rule has a bad state folder beside the exact output for it. `UPDATE_GOLDEN=1` writes both from
 * the rule's failing example; look at the difference before you commit it.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, test } from "node:test";
import { printPretty } from "../../controller/diagnostics/print-pretty.ts";
import { checkState } from "../../controller/rules/check-state.ts";
import {
  EXAMPLE_NOW,
  exampleArtifacts,
  exampleFiles,
  exampleHistories,
  snapshotOfFiles,
} from "../../controller/rules/example-state.ts";
import type { RuleExample } from "../../controller/rules/rule.ts";
import { RULES } from "../../controller/rules/rules.ts";
import { readWorktreeSnapshot } from "../../controller/source/read-worktree-snapshot.ts";
import { readState } from "../../controller/state/read-state.ts";
import { fleetModelOf } from "../../controller/state/sound-state.ts";
import { expectedOf } from "./check-example.ts";

const GOLDEN = join(import.meta.dirname, "..", "golden", "rules");
const IS_UPDATE = process.env.UPDATE_GOLDEN === "1";

describe("golden pairs of the rules", () => {
  for (const { id, failing } of RULES) {
    test(`${id} prints exactly what is expected for its bad state`, async () => {
      const folder = join(GOLDEN, ...id.split("/"));
      if (IS_UPDATE) writeExample(folder, failing);
      const output = await outputFor(folder, failing);
      if (IS_UPDATE) writeFileSync(join(folder, "expected.txt"), output);
      assert.equal(output, readFileSync(join(folder, "expected.txt"), "utf8"));
    });
  }

  test("have no folder left over from a rule that is gone", () => {
    const folders = readdirSync(GOLDEN, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith("expected.txt"))
      .map((path) => dirname(path).replaceAll("\\", "/"));
    assert.deepEqual(folders.sort(), RULES.map(({ id }) => id).sort());
  });
});

function writeExample(folder: string, { files, before }: RuleExample): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, state] of Object.entries({ state: files, before })) {
    if (state === undefined) continue;
    for (const [path, bytes] of exampleFiles(state)) {
      const file = join(folder, name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  }
}

/** What `validate` prints for the folder. What no folder can hold (entries of git, history) comes from the example. */
async function outputFor(folder: string, example: RuleExample): Promise<string> {
  const read = await readWorktreeSnapshot(join(folder, "state"), EXAMPLE_NOW);
  const files = new Map(read.files.map(({ path, bytes }) => [path, bytes]));
  const snapshot = snapshotOfFiles(files, [...read.irregular, ...(example.irregular ?? [])]);
  const beforeFolder = join(folder, "before");
  const before = existsSync(beforeFolder)
    ? fleetModelOf(readState(await readWorktreeSnapshot(beforeFolder, EXAMPLE_NOW)).sound)
    : undefined;
  const histories = exampleHistories(example);
  const artifacts = exampleArtifacts(example);
  const checked = checkState(snapshot, {
    now: EXAMPLE_NOW,
    ...(before === undefined ? {} : { before }),
    ...(histories === undefined ? {} : { histories }),
    ...(artifacts === undefined ? {} : { artifacts }),
  });
  const diagnostics = [...checked.diagnostics, ...expectedOf(checked.model, histories)];
  assert.ok(diagnostics.length > 0, relative(GOLDEN, folder));
  return printPretty(diagnostics, {
    textOf: (file) => files.get(file)?.toString("utf8"),
    pathPrefix: "",
    colour: false,
    toolVersion: "0.0.0",
  });
}
