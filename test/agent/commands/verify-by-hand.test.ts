import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { enrolledMachine } from "../enrolled-machine.ts";
import { program } from "../update-server.ts";

test("a file that came by hand is named, and tampering is one CRITICAL line, also without a network", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  assert.equal((await machine.agent("update", "--check")).code, 3);
  const file = join(machine.directory, "from-a-stick");
  const ask = (...more: string[]) => machine.agent("update", "--verify", file, ...more);

  writeFileSync(file, program("1.1.0"));
  const named = await ask();
  assert.deepEqual(
    [named.code, named.stdout, named.stderr],
    [0, `${file} is lantern 1.1.0 for ${process.platform}-${process.arch} (binary), as signed\n`, ""],
  );
  assert.equal((await ask("--version", "1.0.0")).code, 1, "it is not the version that was asked for");

  for (const path of [...server.repository.files.keys()]) {
    if (path.includes("timestamp")) server.repository.files.delete(path);
  }
  const offline = await ask();
  assert.equal(offline.code, 0, offline.stderr);
  assert.match(offline.stderr, /^warning: .*; compared with the last verified manifest\n$/);

  const tampered = program("1.1.0");
  tampered[12] = (tampered[12] ?? 0) ^ 1;
  writeFileSync(file, tampered);
  const refused = await ask();
  assert.deepEqual([refused.code, refused.stdout], [1, ""]);
  assert.match(refused.stderr.split("\n").at(-2) ?? "", /^CRITICAL: .*from-a-stick is not /);
  assert.equal(refused.stderr.split("CRITICAL").length, 2);
  assert.equal(JSON.parse((await ask("--json")).stdout).verdict, "tampered");

  writeFileSync(file, "something else altogether");
  const unknown = await ask();
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /error\[trust\/unknown-target\]: nobody signed .*from-a-stick/);
  assert.equal(JSON.parse((await ask("--json")).stdout).verdict, "unknown");
});

test("a yanked file is still the signed one, and said to be yanked", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  server.release("1.1.0", program("1.1.0"), { active: false });
  server.publish();
  const file = join(machine.directory, "file");
  writeFileSync(file, program("1.1.0"));
  const { code, stdout } = await machine.agent("update", "--verify", file);
  assert.equal(code, 0);
  assert.match(stdout, /as signed; it is yanked: do not install it/);
});
