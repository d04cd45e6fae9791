import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openRepository } from "../../controller/source/git-repository.ts";
import { readSnapshot } from "../../controller/source/read-snapshot.ts";
import { SourceError, type SourceErrorCode } from "../../controller/source/source-error.ts";
import { SNAPSHOT_LIMITS } from "../../controller/source/state-file.ts";
import { ScratchRepository } from "./scratch-repository.ts";

async function opened(t: TestContext, scratch: ScratchRepository) {
  const repository = await openRepository(scratch.folder);
  t.after(() => repository.close());
  return repository;
}

test("a snapshot holds the state files of the commit below the root, sorted, and nothing of the work tree", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.write("README.md", "top");
  scratch.write("other.yaml", "not: state");
  scratch.write("releases/fleet.yaml", "schemaVersion: 1\n");
  scratch.write("releases/README.md", "text");
  scratch.write("releases/products/agent/product.yml", "a: 1\n");
  scratch.write("releases/trust/targets.json", "{}");
  scratch.write("releases/artifacts/agent.yaml", "an artifact");
  scratch.write("releases/.github/ci.yaml", "not: state");
  const commit = scratch.commit("state");
  scratch.write("releases/fleet.yaml", "changed: true\n");

  const snapshot = await readSnapshot(await opened(t, scratch), scratch.head, "releases");

  assert.equal(snapshot.commit, commit);
  assert.equal(snapshot.committedAt, 1_700_000_060);
  assert.deepEqual(
    snapshot.files.map(({ path, bytes }) => [path, bytes.toString()]),
    [
      ["fleet.yaml", "schemaVersion: 1\n"],
      ["products/agent/product.yml", "a: 1\n"],
      ["trust/targets.json", "{}"],
    ],
  );
  assert.equal(snapshot.files[0]?.blob, scratch.git("rev-parse", "main:releases/fleet.yaml"));
  assert.deepEqual(snapshot.irregular, []);
});

const oddities = [
  { mode: "120000", path: "tenants/link.yaml", kind: "symlink" },
  { mode: "160000", path: "tenants/module", kind: "submodule" },
  { mode: "100644", path: "tenants/.../x.yaml", kind: "bad-name" },
  { mode: "100644", path: "tenants/con.yaml", kind: "bad-name" },
  { mode: "100644", path: "tenants/a\\b.yaml", kind: "bad-name" },
  { mode: "100644", path: "tenants/a\u0007.yaml", kind: "bad-name" },
] as const;
for (const { mode, path, kind } of oddities) {
  test(`${JSON.stringify(path)} of mode ${mode} is listed as ${kind} and not read`, async (t) => {
    const scratch = new ScratchRepository(t);
    scratch.write("fleet.yaml", "a: 1\n");
    scratch.commit("state");
    const commit = scratch.commitEntry(mode, path, "fleet.yaml");
    const snapshot = await readSnapshot(await opened(t, scratch), commit, "");
    assert.deepEqual(snapshot.irregular, [{ path, kind }]);
    assert.deepEqual(
      snapshot.files.map((file) => file.path),
      ["fleet.yaml"],
    );
  });
}

test("a tree that git itself would refuse to make, with `..` or bytes that are not UTF-8, is listed as bad names", async (t) => {
  const scratch = new ScratchRepository(t);
  const blob = scratch.gitWithInput("a: 1\n", "hash-object", "-w", "--stdin");
  const entry = (name: Buffer) =>
    Buffer.concat([Buffer.from("100644 "), name, Buffer.from([0]), Buffer.from(blob, "hex")]);
  const raw = Buffer.concat([
    entry(Buffer.from("..")),
    entry(Buffer.from([0x61, 0xff, 0x2e, 0x79, 0x61, 0x6d, 0x6c])),
  ]);
  const tree = scratch.gitWithInput(raw, "hash-object", "-t", "tree", "-w", "--literally", "--stdin");
  const commit = scratch.git("commit-tree", tree, "-m", "bad");
  const snapshot = await readSnapshot(await opened(t, scratch), commit, "");
  assert.deepEqual(
    snapshot.irregular.map(({ kind }) => kind),
    ["bad-name", "bad-name"],
  );
  assert.deepEqual(snapshot.files, []);
});

test("a YAML file over 256 KiB is not read and says its size", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.write("fleet.yaml", Buffer.alloc(256 * 1024, "a"));
  scratch.write("big.yaml", Buffer.alloc(256 * 1024 + 1, "a"));
  const commit = scratch.commit("big");
  const snapshot = await readSnapshot(await opened(t, scratch), commit, "");
  assert.deepEqual(snapshot.irregular, [
    { path: "big.yaml", kind: "too-large", size: 262_145, limit: 262_144 },
  ]);
  assert.equal(snapshot.files[0]?.bytes.length, 262_144);
});

test("10,000 files are read, each with its own bytes, and one more than allowed refuses them all", async (t) => {
  const scratch = new ScratchRepository(t);
  for (let index = 0; index < 10_000; index += 1) scratch.write(`tenants/t${index}.yaml`, `n: ${index}\n`);
  const commit = scratch.commit("many");
  const repository = await opened(t, scratch);
  const snapshot = await readSnapshot(repository, commit, "");
  assert.equal(snapshot.files.length, 10_000);
  for (const { path, bytes } of snapshot.files) {
    assert.equal(bytes.toString(), `n: ${/\d+/.exec(path)?.[0]}\n`);
  }
  const limits = { ...SNAPSHOT_LIMITS, files: 9_999 };
  const refused = await readSnapshot(repository, commit, "", { limits });
  assert.deepEqual(refused.files, []);
  assert.deepEqual(refused.irregular, [{ path: "", kind: "too-many", size: 10_000, limit: 9_999 }]);
});

test("a blob that the last snapshot had is the same buffer again, and a changed one is read", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.write("a.yaml", "a: 1\n");
  scratch.write("b.yaml", "b: 1\n");
  const first = scratch.commit("one");
  scratch.write("b.yaml", "b: 2\n");
  const second = scratch.commit("two");
  const repository = await opened(t, scratch);
  const before = await readSnapshot(repository, first, "");
  const after = await readSnapshot(repository, second, "");
  assert.equal(after.files[0]?.bytes, before.files[0]?.bytes);
  assert.equal(after.files[1]?.bytes.toString(), "b: 2\n");
});

test("going on from the last snapshot gives the same as reading everything, whatever the commit did", async (t) => {
  const scratch = new ScratchRepository(t);
  for (const name of ["a", "b", "c", "d"]) scratch.write(`tenants/${name}.yaml`, `a: ${name}\n`);
  scratch.write("fleet.yaml", "schemaVersion: 1\n");
  const commits = [scratch.commit("begin")];
  const steps: (() => void)[] = [
    () => scratch.write("tenants/a.yaml", "a: changed\n"),
    () => scratch.write("tenants/new/deep.yaml", "a: 1\n"),
    () => rmSync(join(scratch.folder, "tenants/b.yaml")),
    () => {
      rmSync(join(scratch.folder, "tenants/c.yaml"));
      symlinkSync("d.yaml", join(scratch.folder, "tenants/c.yaml"));
    },
    () => scratch.write("tenants/d.yaml", "#".repeat(300 * 1024)),
    () => scratch.write("tenants/con.yaml", "a: 1\n"),
    () => scratch.write("artifacts/tool", "no state"),
    () => {
      rmSync(join(scratch.folder, "tenants"), { recursive: true });
      scratch.write("tenants", "a file where a folder was\n");
    },
    () => {
      rmSync(join(scratch.folder, "tenants"));
      scratch.write("tenants/e.yaml", "a: e\n");
    },
  ];
  for (const [index, step] of steps.entries()) {
    step();
    commits.push(scratch.commit(`step ${index}`));
  }
  const continued = await opened(t, scratch);
  for (const commit of [...commits, ...commits.toReversed()]) {
    const whole = await readSnapshot(await opened(t, scratch), commit, "");
    const { change, ...after } = await readSnapshot(continued, commit, "");
    assert.deepEqual(after, whole);
    if (change === undefined) continue;
    const changed = new Map(change.since.map((file): [string, unknown] => [file.path, file]));
    for (const [path, file] of change.files) {
      if (file === undefined) changed.delete(path);
      else changed.set(path, file);
    }
    assert.deepEqual(changed, new Map(after.files.map((file) => [file.path, file])), "the change says all");
  }
});

const noProc = existsSync("/proc/self/cmdline") ? false : "finds the process in /proc";
test("a reader whose git process was killed starts another", { skip: noProc }, async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.write("a.yaml", "a: 1\n");
  const commit = scratch.commit("one");
  const repository = await opened(t, scratch);
  await readSnapshot(repository, commit, "");
  const reader = readdirSync("/proc").find((pid) =>
    commandLine(pid).includes(`--git-dir=${repository.gitDir}`),
  );
  assert.ok(reader !== undefined);
  process.kill(Number(reader), "SIGKILL");
  // A read that meets the death may fail, the one after it may not.
  await readSnapshot(repository, commit, "").catch(() => {});
  assert.equal((await readSnapshot(repository, commit, "")).files.length, 1);
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}

test("a commit, a folder or a repository that does not exist is named by its code", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.write("fleet.yaml", "a: 1\n");
  scratch.commit("one");
  const repository = await opened(t, scratch);
  const withCode = (code: SourceErrorCode) => (error: unknown) =>
    error instanceof SourceError && error.code === code;
  await assert.rejects(readSnapshot(repository, "0".repeat(40), ""), withCode("source/commit-not-found"));
  await assert.rejects(readSnapshot(repository, scratch.head, "releases"), withCode("source/path-not-found"));
  await assert.rejects(
    readSnapshot(repository, scratch.head, "fleet.yaml"),
    withCode("source/path-not-found"),
  );
  await assert.rejects(
    openRepository(`${scratch.folder}/nowhere`),
    withCode("source/repository-unreachable"),
  );
});
