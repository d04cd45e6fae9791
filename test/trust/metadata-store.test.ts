import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { MetadataStore } from "../../agent/trust/metadata-store.ts";
import { storedRoleFile } from "../../agent/trust/stored-role-file.ts";
import { TrustError } from "../../agent/trust/trust-error.ts";
import { run, runOk } from "../support/run-command.ts";
import { makeClient, makeDirectory, makeRepository, PRODUCT, RELEASES, withCode } from "./made-repository.ts";

test("a file is read back byte for byte, from a directory that only its owner can enter", (t) => {
  const directory = join(makeDirectory(t), "deep", "store");
  const store = new MetadataStore(directory);
  store.write("timestamp.json", Buffer.from([0, 1, 255]));
  assert.deepEqual(store.read("timestamp.json", 3), Buffer.from([0, 1, 255]));
  assert.equal(store.read("timestamp.json", 2), undefined);
  assert.equal(store.read("snapshot.json", 2), undefined);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  assert.equal(statSync(join(directory, "timestamp.json")).mode & 0o777, 0o600);
});

test("a writer that is killed at any moment leaves the old file or the new one, whole", async (t) => {
  const directory = makeDirectory(t);
  const size = 200_000;
  const module = new URL("../../agent/trust/metadata-store.ts", import.meta.url).href;
  const program = `
    const { MetadataStore } = await import(${JSON.stringify(module)});
    const store = new MetadataStore(process.argv[1]);
    for (let i = 0; ; i++) {
      store.write("targets.json", Buffer.alloc(${size}, 97 + (i % 26)));
      if (i % 5 === 0) process.stdout.write("x");
    }`;
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program, directory]);
    t.after(() => child.kill("SIGKILL"));
    await once(child.stdout, "data");
    for (let turn = 0; turn < round * 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    child.kill("SIGKILL");
    await once(child, "exit");
    const bytes = readFileSync(join(directory, "targets.json"));
    assert.equal(bytes.length, size);
    assert.ok(bytes.every((byte) => byte === bytes[0]));
  }
});

test("what a killed writer left is swept once it is old, and not before", (t) => {
  const directory = makeDirectory(t);
  const old = join(directory, ".tmp-0123");
  writeFileSync(old, "half");
  utimesSync(old, 1000, 1000);
  writeFileSync(join(directory, ".tmp-4567"), "another process at work");
  new MetadataStore(directory);
  assert.deepEqual(readdirSync(directory), [".tmp-4567"]);
});

test("a failed write leaves what was there and no temporary file", (t) => {
  const directory = makeDirectory(t);
  const store = new MetadataStore(directory);
  mkdirSync(join(directory, "root.json"));
  assert.throws(() => store.write("root.json", Buffer.from("new")), withCode("trust/store-unusable"));
  assert.deepEqual(readdirSync(directory), ["root.json"]);
});

test("a full disk and a read-only one are named, with the folder and what to do", async (t) => {
  const directory = makeDirectory(t);
  const mounted = await run("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory]);
  if (mounted.code !== 0) {
    t.skip("this test mounts a small tmpfs, which is not allowed here");
    return;
  }
  try {
    const store = new MetadataStore(directory);
    store.write("root.json", Buffer.from("old"));
    const refused = (act: () => void, remedy: RegExp) =>
      assert.throws(act, (error) => {
        assert.ok(error instanceof TrustError && error.code === "trust/store-unusable", String(error));
        assert.match(error.message, new RegExp(directory));
        assert.match(error.help ?? "", remedy);
        return true;
      });
    refused(() => store.write("root.json", Buffer.alloc(200_000)), /make room/);
    assert.deepEqual(readdirSync(directory), ["root.json"]);
    assert.equal(store.read("root.json", 10)?.toString(), "old");
    await runOk("mount", ["-o", "remount,ro", directory]);
    refused(() => store.write("root.json", Buffer.from("new")), /mounted read-only/);
    refused(() => new MetadataStore(join(directory, "deep")), /mounted read-only/);
  } finally {
    await runOk("umount", [directory]);
  }
});

test("a symbolic link in the store is not followed", (t) => {
  const directory = makeDirectory(t);
  const store = new MetadataStore(directory);
  writeFileSync(join(directory, "elsewhere"), "secret");
  symlinkSync("elsewhere", join(directory, "root.json"));
  assert.throws(() => store.read("root.json", 100), withCode("trust/store-unusable"));
});

test("no two roles share a file, also where a file system does not tell upper from lower case", () => {
  for (const [one, other] of [
    ["releases-a", "releases-A"],
    ["A", "a"],
    ["\u017f", "s"],
    ["a/b", "a%2Fb"],
    ["policy", "policy "],
  ] as const) {
    assert.notEqual(storedRoleFile(one).toLowerCase(), storedRoleFile(other).toLowerCase());
  }
  for (const name of ["root", "policy", "policy-a3", "releases-lantern"]) {
    assert.equal(storedRoleFile(name), `${name}.json`);
  }
  const name = fc.string({ unit: "binary", minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(name, name, (one, other) => {
      const same = storedRoleFile(one).toLowerCase() === storedRoleFile(other).toLowerCase();
      assert.equal(same, one === other);
      assert.match(storedRoleFile(one), /^[%a-z0-9][a-z0-9._-]{0,199}\.json$/);
    }),
  );
  assert.match(storedRoleFile("con"), /^%/);
});

test("a role's file that the snapshot does not list is swept, and enrolling again leaves nothing old", async (t) => {
  const made = makeRepository();
  const { repository, directory } = await makeClient(t, made);
  await repository.refresh();
  await repository.productPolicy(PRODUCT);
  await repository.releases(PRODUCT);
  writeFileSync(join(directory, "releases-gone.json"), "left over");
  made.bump();
  made.publish();
  await repository.refresh();
  const kept = readdirSync(directory);
  assert.ok(!kept.includes("releases-gone.json"));
  assert.ok(kept.includes("policy.json") && kept.includes(`${RELEASES}.json`));
  assert.ok(kept.some((name) => name.startsWith("document-")));
  repository.init(made.root());
  assert.deepEqual(readdirSync(directory), ["root-1", "root.json", "root.spare"]);
});
