import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { deflateSync } from "node:zlib";
import { isDescendant } from "../../controller/source/fast-forward.ts";
import { type GitRepository, openRepository } from "../../controller/source/git-repository.ts";
import { readSnapshot } from "../../controller/source/read-snapshot.ts";
import type { Snapshot } from "../../controller/source/snapshot.ts";
import { SourceError, type SourceErrorCode } from "../../controller/source/source-error.ts";
import { ScratchRepository } from "./scratch-repository.ts";

async function opened(t: TestContext, scratch: ScratchRepository): Promise<GitRepository> {
  const repository = await openRepository(scratch.folder);
  t.after(() => repository.close());
  return repository;
}

function sample(t: TestContext): ScratchRepository {
  const scratch = new ScratchRepository(t);
  scratch.write("releases/fleet.yaml", "schemaVersion: 1\n");
  scratch.write("releases/products/agent/product.yaml", "description: an agent\n");
  scratch.commit("state");
  return scratch;
}

/** Gives the loose object `id` other content, as a sound file of another object has it. */
function overwrite(scratch: ScratchRepository, id: string, type: string, content: Buffer): void {
  const file = join(scratch.folder, ".git", "objects", id.slice(0, 2), id.slice(2));
  chmodSync(file, 0o644);
  writeFileSync(file, deflateSync(Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])));
}

/** A commit whose tree at `releases` has exactly these entries, in this order. */
function commitTree(
  scratch: ScratchRepository,
  entries: readonly (readonly [mode: string, name: string, id: string])[],
): string {
  const bytes = entries.map(([mode, name, id]) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")]),
  );
  const make = (type: string, content: Buffer): string =>
    scratch.gitWithInput(content, "hash-object", "-w", "-t", type, "--stdin", "--literally");
  const releases = make("tree", Buffer.concat(bytes));
  const top = make("tree", Buffer.concat([Buffer.from("40000 releases\0"), Buffer.from(releases, "hex")]));
  const commit = scratch.git("commit-tree", top, "-p", "HEAD", "-m", "by hand");
  scratch.git("update-ref", "refs/heads/main", commit);
  return commit;
}

async function refused(
  reading: Promise<Snapshot | boolean>,
  code: SourceErrorCode,
  message: RegExp,
): Promise<void> {
  await assert.rejects(reading, (error) => {
    assert.ok(error instanceof SourceError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.ok(error.help !== undefined);
    return true;
  });
}

test("a loose object that is not what its id names is refused with its path, be it a file or a folder", async (t) => {
  const cases = [
    [
      "HEAD:releases/fleet.yaml",
      "blob",
      Buffer.from("schemaVersion: 2\n"),
      /^the file `fleet\.yaml` is damaged.* [0-9a-f]{40} /,
    ],
    ["HEAD:releases/products", "tree", "HEAD:releases/products/agent", /^the folder `products` is damaged/],
    ["HEAD:releases", "tree", "HEAD:releases/products", /^the folder `releases` is damaged/],
  ] as const;
  for (const [name, type, content, message] of cases) {
    for (const isIncremental of [false, true]) {
      const scratch = sample(t);
      const repository = await opened(t, scratch);
      if (isIncremental) {
        await readSnapshot(repository, scratch.git("rev-parse", "HEAD"), "releases");
        scratch.write("releases/fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\n");
        scratch.write("releases/products/agent/product.yaml", "description: another\n");
        scratch.commit("more");
      }
      const id = scratch.git("rev-parse", name);
      overwrite(scratch, id, type, typeof content === "string" ? rawTree(scratch, content) : content);
      await refused(
        readSnapshot(repository, scratch.git("rev-parse", "main"), "releases"),
        "source/corrupt-repository",
        message,
      );
    }
  }
});

test("two entries of one name, an entry with a slash, and names out of order are refused with the folder's path", async (t) => {
  const scratch = sample(t);
  const [fleet, other] = ["schemaVersion: 1\n", "schemaVersion: 1\npaused: true\n"].map((text) =>
    scratch.gitWithInput(text, "hash-object", "-w", "--stdin"),
  );
  assert.ok(fleet !== undefined && other !== undefined);
  const products = scratch.git("rev-parse", "HEAD:releases/products");
  const cases = [
    [
      [
        ["100644", "fleet.yaml", fleet],
        ["100644", "fleet.yaml", other],
      ],
      /^the folder `releases` .* names `fleet\.yaml` twice/,
    ],
    [
      [
        ["100644", "products", fleet],
        ["40000", "products", products],
      ],
      / names `products` twice/,
    ],
    [
      [
        ["100644", "fleet.yaml", fleet],
        ["40000", "products", products],
        ["100644", "products/agent/product.yaml", other],
      ],
      / an entry that is called `products\/agent\/product\.yaml`/,
    ],
    [
      [
        ["40000", "products", products],
        ["100644", "fleet.yaml", fleet],
      ],
      / names `fleet\.yaml` out of order/,
    ],
  ] as const;
  for (const [entries, message] of cases) {
    const before = scratch.git("rev-parse", "HEAD");
    const repository = await opened(t, scratch);
    const commit = commitTree(scratch, entries);
    await refused(readSnapshot(repository, commit, "releases"), "source/corrupt-repository", message);
    const continued = await opened(t, scratch);
    await readSnapshot(continued, before, "releases");
    await refused(readSnapshot(continued, commit, "releases"), "source/corrupt-repository", message);
    scratch.git("update-ref", "refs/heads/main", before);
  }
});

test("a commit with a message of megabytes is refused by its id, and what comes after it is read", async (t) => {
  const scratch = sample(t);
  const before = scratch.git("rev-parse", "HEAD");
  const repository = await opened(t, scratch);
  const tree = scratch.git("rev-parse", "HEAD^{tree}");
  const large = scratch.gitWithInput("x".repeat(5_000_000), "commit-tree", tree, "-p", "HEAD");
  scratch.git("update-ref", "refs/heads/main", large);
  const message = new RegExp(`^commit ${large} has a message of 5000\\d{3} bytes`);
  await refused(readSnapshot(repository, large, "releases"), "source/limit-exceeded", message);
  const next = scratch.commit("a short one");
  assert.equal((await readSnapshot(repository, next, "releases")).files.length, 2);
  assert.equal(await isDescendant(repository, before, next), true);
});

/** A tree as it is stored. */
function rawTree(scratch: ScratchRepository, name: string): Buffer {
  const entries = scratch
    .git("ls-tree", name)
    .split("\n")
    .map((line) => /^0*(\d+) \w+ ([0-9a-f]+)\t(.*)$/.exec(line) ?? []);
  return Buffer.concat(
    entries.map(([, mode, id = "", path]) =>
      Buffer.concat([Buffer.from(`${mode} ${path}\0`), Buffer.from(id, "hex")]),
    ),
  );
}
