import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { diffTrees } from "../../controller/source/diff-trees.ts";
import { openRepository } from "../../controller/source/git-repository.ts";
import { seeded } from "../replay/random-history.ts";
import { ScratchRepository } from "./scratch-repository.ts";

/** Names whose order differs with and without the slash that stands behind a folder's. */
const NAMES = ["a", "a-b", "a.b", "a0", "ab", "b", "b.yaml", "é", "z"];

/** What git says of the same two folders, by path. */
function differingByGit(scratch: ScratchRepository, before: string, after: string): Map<string, string> {
  const tokens = scratch.git("diff-tree", "-r", "-z", "--no-renames", before, after).split("\0");
  const changes = new Map<string, string>();
  for (let at = 0; at + 1 < tokens.length; at += 2) {
    const [, mode = "", , id = ""] = (tokens[at] ?? "").split(" ");
    changes.set(tokens[at + 1] ?? "", mode === "000000" ? "gone" : `${mode} ${id}`);
  }
  return changes;
}

test("the files that differ between two commits are those that git itself finds, whatever came, went or changed its kind", async (t) => {
  const random = seeded(5);
  const below = (most: number): number => Math.floor(random() * most);
  const oneOf = (): string => NAMES[below(NAMES.length)] ?? "a";
  const scratch = new ScratchRepository(t);
  // Long enough that its beginning and its end are passed over in strides.
  for (let index = 0; index < 600; index++) scratch.write(`many/tenant-${index}.yaml`, `n: ${index}\n`);
  const commits = [scratch.commit("begin")];
  for (let step = 0; step < 40; step++) {
    for (let change = 0; change <= below(3); change++) {
      const path = Array.from({ length: 1 + below(3) }, oneOf).join("/");
      const tenant = `many/tenant-${below(620)}.yaml`;
      const target = join(scratch.folder, below(2) === 0 ? path : tenant);
      if (below(3) === 0) rmSync(target, { recursive: true, force: true });
      else if (target.endsWith(tenant)) scratch.write(tenant, `n: ${below(4)}\n`);
      else {
        // Whatever stands in the way goes: a file becomes a folder, and a folder a file.
        const parts = path.split("/");
        for (const end of parts.keys()) {
          const place = join(scratch.folder, ...parts.slice(0, end + 1));
          if (end === parts.length - 1 || below(4) === 0) rmSync(place, { recursive: true, force: true });
        }
        try {
          scratch.write(path, `n: ${below(4)}\n`);
        } catch {
          // A file of that name is still where a folder is needed.
        }
      }
    }
    commits.push(scratch.commit(`step ${step}`));
  }
  const repository = await openRepository(scratch.folder);
  t.after(() => repository.close());
  const trees = commits.map((commit) => scratch.git("rev-parse", `${commit}^{tree}`));
  for (const after of trees) {
    const before = trees[below(trees.length)] ?? "";
    const found = await diffTrees(repository, before, after);
    const changes = new Map<string, string>();
    for (const { path, mode, blob } of found) {
      // A file in the place of another kind is told twice; what is there counts.
      if (mode !== undefined || !changes.has(path))
        changes.set(path, mode === undefined ? "gone" : `${mode} ${blob}`);
    }
    assert.deepEqual(changes, differingByGit(scratch, before, after));
    const all = (await diffTrees(repository, undefined, after)).map(({ path }) => path).sort();
    assert.deepEqual(
      all,
      scratch.git("ls-tree", "-r", "-z", "--name-only", after).split("\0").filter(Boolean).sort(),
    );
  }
});
