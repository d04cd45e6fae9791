import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { unifiedDiff } from "../../controller/edit/unified-diff.ts";
import { runOk } from "../support/run-command.ts";

test("git can apply every diff that is shown", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-diff-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "a.yaml");
  const lines = fc.array(fc.constantFrom("a: 1", "b: 2", "c:", "  d: 3", ""), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(lines, lines, async (before, after) => {
      const [old, now] = [`${before.join("\n")}\n`, `${after.join("\n")}\n`];
      fc.pre(old !== now);
      await writeFile(file, old);
      const input = unifiedDiff({ path: "a.yaml", before: old, after: now });
      await runOk("git", ["apply", "--whitespace=nowarn", "-"], { cwd: folder, input });
      assert.equal(await readFile(file, "utf8"), now);
    }),
    { numRuns: 60 },
  );
});

test("a small change of a long file shows three lines around it", () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `line-${index}`);
  const before = `${lines.join("\n")}\n`;
  const diff = unifiedDiff({ path: "a.yaml", before, after: before.replace("line-500\n", "other\n") });
  assert.equal(diff.split("\n").length, 2 + 1 + 3 + 2 + 3 + 1);
  assert.match(diff, /^@@ -498,7 \+498,7 @@$/m);
});

test("two long files with little in common are shown as one replaced by the other, which git can apply", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-diff-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "a.yaml");
  const before = `same: 0\n${Array.from({ length: 3000 }, (_, index) => `old-${index}: 1\n`).join("")}`;
  const after = `same: 0\n${Array.from({ length: 3000 }, (_, index) => `new-${index}: 1`).join("\n")}`;
  await writeFile(file, before);
  const input = unifiedDiff({ path: "a.yaml", before, after });
  assert.match(input, /^@@ -1,3001 \+1,3001 @@$/m);
  await runOk("git", ["apply", "-"], { cwd: folder, input });
  assert.equal(await readFile(file, "utf8"), after);
});
