import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CONTROLLER, run, runOk } from "../support/run-command.ts";

test("a new repository is sound where git is told to turn line ends, as on Windows", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-line-ends-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const made = join(folder, "made");
  const cloned = join(folder, "cloned");
  await runOk(process.execPath, [CONTROLLER, "init", made]);
  await runOk("git", ["clone", "-q", "-c", "core.autocrlf=true", made, cloned]);
  const { code, stdout } = await run(process.execPath, [
    CONTROLLER,
    "validate",
    "--artifacts",
    "--root",
    cloned,
  ]);
  assert.equal(code, 0, stdout);
});
