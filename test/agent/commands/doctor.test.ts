import assert from "node:assert/strict";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Finding } from "../../../agent/doctor/finding.ts";
import { lookAtRoom } from "../../../agent/doctor/look-at-folders.ts";
import { lookAtClock, lookAtProxy } from "../../../agent/doctor/look-at-server.ts";
import { lookAtUnit } from "../../../agent/doctor/look-at-unit.ts";
import { type EnrolledMachine, enrolledMachine, setInConfig } from "../enrolled-machine.ts";

async function problems({ machine }: EnrolledMachine): Promise<readonly (readonly [string, string])[]> {
  const { code, stdout } = await machine.agent("doctor", "--json");
  const { findings }: { findings: readonly Finding[] } = JSON.parse(stdout);
  const found = findings.filter(({ result }) => result === "problem");
  assert.equal(code, found.length === 0 ? 0 : 1);
  for (const { text, help } of found) assert.ok(help !== undefined && help !== "", text);
  return found.map(({ check, text }) => [check, text] as const);
}

test("a sound machine has no problems, and doctor leaves nothing behind", async (t) => {
  const made = await enrolledMachine(t);
  const before = made.leftovers();
  assert.deepEqual(await problems(made), []);
  assert.deepEqual(made.leftovers(), before);
  const said = await made.machine.agent("doctor");
  assert.match(said.stdout, /^ok {7}install {3}.*can be written to$/m);
  assert.match(said.stdout, /^nothing stands in the way$/m);
});

test("keys of config.yaml that nobody knows stop no agent, and are named with what was probably meant", async (t) => {
  const made = await enrolledMachine(t);
  setInConfig(made.machine, "slef_test: [x]", "from_the_future: {a: 1}");
  const found = await problems(made);
  assert.deepEqual(
    found.map(([check, text]) => [check, /`(\w+)`/.exec(text)?.[1]]),
    [
      ["config", "slef_test"],
      ["config", "from_the_future"],
    ],
  );
  const status = await made.machine.agent("status");
  assert.match(status.stdout, /^warning {4}`slef_test` .*did you mean `self_test`\?/m);
  const update = await made.machine.agent("update");
  assert.equal(update.code, 0);
  assert.match(update.stderr, /warning: `from_the_future` in config\.yaml is not known/);
});

test("a server that is not there, a product that nobody knows and a damaged config are told apart", async (t) => {
  const made = await enrolledMachine(t);
  const config = join(made.machine.home, "config.yaml");
  made.server.repository.files.delete("metadata/timestamp.json");
  made.server.repository.files.delete("timestamp.json");
  const [first] = await problems(made);
  assert.deepEqual([first?.[0], first?.[1].includes("status 404")], ["server", true]);
  made.server.publish();
  chmodSync(config, 0o666);
  assert.deepEqual(
    (await problems(made)).map(([check]) => check),
    ["config"],
  );
});

test("a folder that is gone, and another updater's lock, are seen", async (t) => {
  const made = await enrolledMachine(t);
  rmSync(join(made.machine.directory, "bin"), { recursive: true });
  assert.deepEqual(
    (await problems(made)).map(([check]) => check),
    ["install"],
  );
  mkdirSync(join(made.machine.directory, "bin"));
  assert.deepEqual(await problems(made), []);
});

test("a unit that may not write where the agent has to is seen, however it says so", () => {
  const look = (text: string, ...folders: string[]) => lookAtUnit("a.service", text, folders).result;
  const strict = "[Service]\nProtectSystem=strict\n";
  assert.equal(look("[Service]\n", "/opt/a"), "fine");
  assert.equal(look(strict, "/opt/a"), "problem");
  assert.equal(look(`${strict}ReadWritePaths=/var/lib -/opt/a\n`, "/opt/a", "/var/lib/x"), "fine");
  assert.equal(look(`${strict}ReadWritePaths="/opt/with space"\n`, "/opt/with space/bin"), "fine");
  assert.equal(look(`${strict}ReadWritePaths=/opt/a\nReadWritePaths=\n`, "/opt/a"), "problem");
  assert.equal(look(`${strict}ReadWritePaths=/opt/ab\n`, "/opt/a"), "problem");
  assert.equal(look("ProtectSystem=full\n", "/usr/lib/a"), "problem");
  assert.equal(look("ProtectSystem=full\n", "/opt/a"), "fine");
});

test("a clock that is minutes off is a problem, and a server without one tells nothing", () => {
  const date = "Sun, 22 Nov 2026 01:00:00 GMT";
  const there = Date.parse(date) / 1000;
  assert.equal(lookAtClock(date, there + 100).result, "fine");
  assert.match(lookAtClock(date, there + 300).text, /300 seconds ahead of/);
  assert.match(lookAtClock(date, there - 300).text, /300 seconds behind/);
  assert.equal(lookAtClock(undefined, there).result, "unknown");
});

test("room is for two versions, and proxies are shown without their passwords", () => {
  assert.equal(lookAtRoom("/", 1).result, "fine");
  assert.equal(lookAtRoom("/", 2 ** 60).result, "problem");
  assert.equal(lookAtRoom("/", undefined).result, "unknown");
  const { text } = lookAtProxy({ HTTPS_PROXY: "http://ada:secret@proxy.example:3128" });
  assert.match(text, /https_proxy=http:\/\/\.\.\.@proxy\.example:3128/);
});
