import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const TOP = join(import.meta.dirname, "..", "..");

test("docs/rules.md says what the rules say", () => {
  const { status, stderr } = spawnSync(process.execPath, ["tools/generate-rule-docs.ts", "--check"], {
    cwd: TOP,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
});
