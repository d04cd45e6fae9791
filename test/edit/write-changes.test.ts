import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { EditError } from "../../controller/edit/edit-error.ts";
import { writeChanges } from "../../controller/edit/write-changes.ts";

test("files are replaced with their mode kept, and put back as they were, new folders included", (t) => {
  const root = mkdtempSync(join(tmpdir(), "fairlead-write-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, "a.yaml"), "a: 1\n");
  chmodSync(join(root, "a.yaml"), 0o640);
  const restore = writeChanges(root, [
    { path: "a.yaml", before: "a: 1\n", after: "a: 2\n" },
    { path: "new/deep/b.yaml", before: undefined, after: "b: 1\n" },
  ]);
  assert.equal(readFileSync(join(root, "a.yaml"), "utf8"), "a: 2\n");
  assert.equal(statSync(join(root, "a.yaml")).mode & 0o777, 0o640);
  assert.equal(readFileSync(join(root, "new/deep/b.yaml"), "utf8"), "b: 1\n");
  restore();
  assert.equal(readFileSync(join(root, "a.yaml"), "utf8"), "a: 1\n");
  assert.deepEqual(readdirSync(root), ["a.yaml"]);
});

test("a file that goes is put back as it was", (t) => {
  const root = mkdtempSync(join(tmpdir(), "fairlead-write-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, "a.yaml"), "a: 1\n");
  chmodSync(join(root, "a.yaml"), 0o640);
  const restore = writeChanges(root, [
    { path: "a.yaml", before: "a: 1\n", after: undefined },
    { path: "b.yaml", before: undefined, after: "a: 1\n", renamedFrom: "a.yaml" },
  ]);
  assert.deepEqual(readdirSync(root), ["b.yaml"]);
  restore();
  assert.deepEqual(readdirSync(root), ["a.yaml"]);
  assert.equal(readFileSync(join(root, "a.yaml"), "utf8"), "a: 1\n");
  assert.equal(statSync(join(root, "a.yaml")).mode & 0o777, 0o640);
});

test("when one file cannot be written, none is changed", (t) => {
  const root = mkdtempSync(join(tmpdir(), "fairlead-write-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, "a.yaml"), "a: 1\n");
  writeFileSync(join(root, "in-the-way"), "");
  const changes = [
    { path: "a.yaml", before: "a: 1\n", after: "a: 2\n" },
    { path: "in-the-way/b.yaml", before: undefined, after: "b: 1\n" },
  ];
  assert.throws(
    () => writeChanges(root, changes),
    (error) => error instanceof EditError && error.code === "edit/write-failed",
  );
  assert.equal(readFileSync(join(root, "a.yaml"), "utf8"), "a: 1\n");
  assert.deepEqual(readdirSync(root).sort(), ["a.yaml", "in-the-way"]);
});
