import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { enrolledMachine } from "../enrolled-machine.ts";

test("unenroll leaves no trace but the product, and asks for --yes where nobody can be asked", async (t) => {
  const { machine } = await enrolledMachine(t);
  const asked = await machine.agent("unenroll");
  assert.equal(asked.code, 2);
  assert.match(asked.stderr, /--yes is not given/);
  assert.ok(existsSync(machine.home));
  const { code, stdout } = await machine.agent("unenroll", "--yes");
  assert.equal(code, 0, stdout);
  assert.ok(!existsSync(machine.home));
  assert.deepEqual(readdirSync(join(machine.directory, "bin")), ["lantern"]);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  const status = await machine.agent("status");
  assert.equal(status.code, 1);
  assert.match(status.stderr, /^error\[config\/not-enrolled\]/);
});

test("what others put into the home stays and is named, and the product goes where that was asked for", async (t) => {
  const { machine } = await enrolledMachine(t);
  writeFileSync(join(machine.home, "thesis.txt"), "mine");
  const { code, stdout } = await machine.agent("unenroll", "--yes", "--remove-product");
  assert.equal(code, 1);
  assert.match(stdout, /stays: others put thesis\.txt there/);
  assert.deepEqual(readdirSync(machine.home), ["thesis.txt"]);
  assert.deepEqual(readdirSync(join(machine.directory, "bin")), []);
});
