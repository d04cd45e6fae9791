import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import { PublishError } from "../../controller/publish/publish-error.ts";
import { Publisher } from "../../controller/publish/publisher.ts";
import type { FleetModel } from "../../controller/state/fleet-model.ts";
import { runOk } from "../support/run-command.ts";
import { runRefusing, whyNoStrace } from "../support/strace.ts";
import { NO_HISTORY, SAMPLE, sampleModel } from "./sample-model.ts";
import { temporaryFolder } from "./sample-publisher.ts";

const NOW = 1_795_000_000;
const FIRST = sampleModel(SAMPLE, "1".repeat(40));
const SECOND = sampleModel(SAMPLE, "2".repeat(40));
const CHILD = join(import.meta.dirname, "publish-in-child.ts");

function open(stateFolder: string): ReturnType<typeof Publisher.open> {
  return Publisher.open({ stateFolder, devKeys: true, onlineKeyFile: undefined });
}

function publish(publisher: Publisher, model: FleetModel, now: number): number {
  return publisher.publish(model, desiredPolicies(model, NO_HISTORY), now).version;
}

test("a folder, a pipe or nothing in the place of a stored file is put aside, and the commit is published anew", async (t) => {
  const base = temporaryFolder(t);
  const version = publish(open(base).publisher, FIRST, NOW);
  const names = readdirSync(join(base, "manifest-dev"));
  assert.equal(names.length, 2);
  const put: readonly ((path: string) => Promise<void> | void)[] = [
    (path) => {
      mkdirSync(path);
      writeFileSync(join(path, "kept"), "whose is this?");
    },
    async (path) => void (await runOk("mkfifo", [path])),
    (path) => writeFileSync(path, ""),
    () => undefined,
  ];
  for (const name of names) {
    for (const [index, place] of put.entries()) {
      const folder = temporaryFolder(t);
      cpSync(base, folder, { recursive: true });
      const path = join(folder, "manifest-dev", name);
      rmSync(path);
      await place(path);
      const what = `${name} ${index}`;
      const { publisher, restored } = open(folder);
      assert.equal(restored.manifest, undefined, what);
      assert.ok(publish(publisher, FIRST, NOW + 5) > version, what);
      assert.equal(open(folder).restored.damage, undefined, what);
      assert.equal(open(folder).restored.manifest?.commit, FIRST.commit, what);
    }
  }
});

test("a file in the place of the store, and folders between its files, hold nothing up", (t) => {
  const folder = temporaryFolder(t);
  publish(open(folder).publisher, FIRST, NOW);
  rmSync(join(folder, "manifest-dev"), { recursive: true });
  writeFileSync(join(folder, "manifest-dev"), "no folder");
  const { publisher, restored } = open(folder);
  assert.equal(restored.damage?.code, "publish/store-damaged");
  publish(publisher, FIRST, NOW);
  assert.equal(readFileSync(join(folder, "manifest-dev.damaged"), "utf8"), "no folder");

  for (const name of ["17.pack", "lost+found", `${NOW + 60}.pack`]) {
    mkdirSync(join(folder, "manifest-dev", name, "deep"), { recursive: true });
  }
  const version = publish(open(folder).publisher, SECOND, NOW + 10);
  assert.ok(version > NOW + 60, "a number that anything carries is never used");
  assert.equal(open(folder).restored.manifest?.version, version);
});

test("a stored file that the disk does not give back (EIO) is put aside; the start and the publish go on", async (t) => {
  const missing = await whyNoStrace();
  if (missing !== undefined) return t.skip(missing);
  const base = temporaryFolder(t);
  publish(open(base).publisher, FIRST, NOW);
  const store = join(base, "manifest-dev");
  for (const name of [...readdirSync(store), ""]) {
    for (const calls of name === "" ? ["getdents64"] : ["openat", "read,pread64"]) {
      const folder = temporaryFolder(t);
      cpSync(base, folder, { recursive: true });
      const paths = [join(folder, "manifest-dev", name).replace(/\/$/, "")];
      const command = [process.execPath, CHILD, folder, SECOND.commit, String(NOW + 10)];
      const { code, stderr } = await runRefusing({ paths, calls, errno: "EIO" }, command);
      // What stands there stays unreadable in this trace: also the timestamp that is written anew, before its rename.
      assert.equal(code, 0, `${name} ${calls}: ${stderr}`);
      assert.equal(open(folder).restored.manifest?.commit, SECOND.commit, `${name} ${calls}`);
    }
  }
});

test("what this user may not read is no damage: it is told with its path, and stays where it is", async (t) => {
  const missing = await whyNoStrace();
  if (missing !== undefined) return t.skip(missing);
  const folder = temporaryFolder(t);
  publish(open(folder).publisher, FIRST, NOW);
  const path = join(folder, "manifest-dev", `${NOW}.pack`);
  const command = [process.execPath, CHILD, folder, SECOND.commit, String(NOW + 10)];
  const { code, stderr } = await runRefusing({ paths: [path], calls: "openat", errno: "EACCES" }, command);
  assert.notEqual(code, 0);
  assert.ok(stderr.includes(`\`${path}\` cannot be read: this user may not (EACCES)`), stderr);
  assert.equal(open(folder).restored.manifest?.commit, FIRST.commit);
});

test("of two publishers that follow the same manifest, only one gets in; the other changes nothing", (t) => {
  const folder = temporaryFolder(t);
  publish(open(folder).publisher, FIRST, NOW);
  const [one, other] = [open(folder).publisher, open(folder).publisher];
  const version = publish(one, SECOND, NOW + 10);
  const stored = () =>
    readdirSync(join(folder, "manifest-dev"))
      .sort()
      .map((name) => [name, readFileSync(join(folder, "manifest-dev", name), "hex")]);
  const before = stored();
  const third = sampleModel(SAMPLE, "3".repeat(40));
  for (const now of [NOW + 5, NOW + 10, NOW + 20]) {
    assert.throws(() => publish(other, third, now), superseded);
  }
  assert.deepEqual(stored(), before);
  const { manifest } = open(folder).restored;
  assert.ok(manifest !== undefined && manifest.version === version);
  publish(one, third, NOW + 20);
  assert.throws(() => one.resign(manifest, NOW + 2 * 86_400), superseded);
  assert.ok(
    publish(open(folder).publisher, FIRST, NOW + 30) > NOW + 20,
    "who opens it anew goes on from there",
  );
});

test("a store that was removed under a running controller is stored whole by the next publish", (t) => {
  const folder = temporaryFolder(t);
  const { publisher } = open(folder);
  publish(publisher, FIRST, NOW);
  publish(publisher, SECOND, NOW + 5);
  rmSync(join(folder, "manifest-dev"), { recursive: true });
  const version = publish(publisher, sampleModel(SAMPLE, "3".repeat(40)), NOW + 10);
  const { manifest, damage } = open(folder).restored;
  assert.deepEqual([damage, manifest?.version], [undefined, version]);
});

function superseded(error: unknown): boolean {
  return error instanceof PublishError && error.code === "publish/superseded";
}
