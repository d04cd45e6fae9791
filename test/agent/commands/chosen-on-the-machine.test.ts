import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../../support/wait-until.ts";
import { type EnrolledMachine, enrolledMachine, setInConfig } from "../enrolled-machine.ts";
import { program } from "../update-server.ts";

async function offered(t: Parameters<typeof enrolledMachine>[0]): Promise<EnrolledMachine> {
  const made = await enrolledMachine(t);
  for (const version of ["1.1.0", "1.2.0"]) made.server.release(version, program(version));
  made.server.promote("1.2.0");
  return made;
}

function config({ machine }: EnrolledMachine): string {
  return readFileSync(join(machine.home, "config.yaml"), "utf8");
}

test("a check tells by its exit code whether there is nothing to do, an update, one that waits, or a failure", async (t) => {
  const { server, machine } = await offered(t);
  const check = async () => {
    const { code, stdout } = await machine.agent("update", "--check", "--json");
    return [code, JSON.parse(stdout).status];
  };
  assert.deepEqual(await check(), [3, "available"]);
  server.fleet = { freeze: [{ from: 1, to: 9_999_999_999, reason: "stocktaking" }] };
  server.publish();
  assert.deepEqual(await check(), [4, "waiting"]);
  server.fleet = { paused: { reason: "an incident" } };
  server.publish();
  assert.deepEqual(await check(), [0, "nothing-to-do"]);
  server.fleet = { defaultChannel: "none" };
  server.publish();
  assert.deepEqual(await check(), [1, "refused"]);
  server.repository.files.delete("metadata/timestamp.json");
  server.repository.files.delete("timestamp.json");
  assert.equal((await machine.agent("update", "--check")).code, 1);
});

test("a pin is kept, holds in the same run and for the daemon's rules, and goes by --unpin", async (t) => {
  const made = await offered(t);
  const { machine } = made;
  const pinned = await machine.agent("update", "--pin", "v1.1.0");
  assert.equal(pinned.code, 0, pinned.stderr);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.match(config(made), /^pin: 1\.1\.0$/m);
  const { decision, choices } = JSON.parse((await machine.agent("status", "--json")).stdout);
  assert.deepEqual([decision.action, decision.target, choices.pin], ["stay", "1.1.0", "1.1.0"]);
  assert.equal((await machine.agent("update", "--unpin")).code, 0);
  assert.equal(await machine.installedVersion(), "lantern 1.2.0");
  assert.doesNotMatch(config(made), /pin/);
});

test("exactly the version that was asked for is installed, once, or nothing", async (t) => {
  const made = await offered(t);
  const { server, machine } = made;
  assert.equal((await machine.agent("update", "--version", "v1.1.0")).code, 0);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.doesNotMatch(config(made), /pin/);
  const refusals: readonly (readonly [version: string, said: RegExp])[] = [
    [
      "1.0.0",
      /config\/version-unavailable.*lower than the installed.*\n {2}= help: `fairlead-agent rollback`/,
    ],
    ["1.2", /nobody has signed lantern 1\.2\n {2}= help: did you mean 1\.2\.0\?/],
  ];
  for (const [version, said] of refusals) {
    const refused = await machine.agent("update", "--version", version);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, said);
  }
  server.fleet = { minVersion: "1.2.0" };
  server.release("1.3.0", program("1.3.0"));
  server.publish();
  assert.equal((await machine.agent("update", "--version", "1.1.0")).code, 1, "a minimum holds over it");
  server.fleet = { paused: {} };
  server.publish();
  assert.equal((await machine.agent("update", "--version", "1.3.0")).code, 1, "and a pause");
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

test("where policy denies local choices none is kept, and one made before does not count", async (t) => {
  const made = await offered(t);
  const { server, machine } = made;
  assert.equal((await machine.agent("update", "--pin", "1.0.0", "--check")).code, 0);
  server.fleet = { localOverrides: "deny" };
  server.publish();
  for (const choice of [
    ["--pin", "1.1.0"],
    ["--channel", "stable"],
    ["--auto", "off"],
    ["--version", "1.1.0"],
  ]) {
    const refused = await machine.agent("update", ...choice);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^error\[config\/choice-denied\]: .*fleet\.yaml#\/localOverrides/);
  }
  assert.match(config(made), /^pin: 1\.0\.0$/m);
  assert.equal((await machine.agent("update", "--check")).code, 3);
  assert.equal(
    (await machine.agent("update", "--unpin", "--check")).code,
    3,
    "to take one back is always possible",
  );
  assert.doesNotMatch(config(made), /pin/);
});

test("--auto and --interval alone only set that, and --channel names one that there is", async (t) => {
  const made = await offered(t);
  const { machine } = made;
  const set = await machine.agent("update", "--auto", "off", "--interval", "24h");
  assert.deepEqual(
    [set.code, set.stdout],
    [0, "lantern is updated on request only\nthis machine looks every 24h\n"],
  );
  assert.match(config(made), /^auto_update: false$/m);
  assert.match(config(made), /^update_check_interval: 24h$/m);
  assert.equal((await machine.agent("update", "--check")).code, 4);
  assert.equal((await machine.agent("update")).code, 0, "a person's update is the request");
  assert.equal((await machine.agent("update", "--interval", "0s")).code, 0);
  assert.match((await machine.agent("status")).stdout, /next {7}never by itself/);
  const wrong = await machine.agent("update", "--channel", "stabel");
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /error\[config\/unknown-channel\].*\n {2}= help: did you mean `stable`\?/);
  assert.doesNotMatch(config(made), /channel/);
  const bad = await machine.agent("update", "--interval", "soon");
  assert.deepEqual([bad.code, bad.stderr.includes("--interval: `soon`")], [2, true]);
});

test("a daemon that does not look by itself takes up what a person sets while it runs", async (t) => {
  const { machine } = await offered(t);
  setInConfig(machine, "update_check_interval: 0s");
  machine.run();
  await waitUntil("the daemon to run", () => (machine.daemonOutput.includes('"started"') ? true : undefined));
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  const set = await machine.agent("update", "--interval", "1s");
  assert.equal(set.code, 0, set.stderr);
  await waitUntil("the update", async () =>
    (await machine.installedVersion()) === "lantern 1.2.0" ? true : undefined,
  );
});

test("what a person rolled back from stays away until a person names it, and what failed itself even then", async (t) => {
  const { server, machine, updateTo } = await enrolledMachine(t);
  assert.equal((await updateTo("1.1.0", program("1.1.0"))).code, 0);
  assert.equal((await machine.agent("update", "--rollback")).code, 0);
  assert.equal((await machine.agent("update")).code, 1);
  const named = await machine.agent("update", "--version", "v1.1.0");
  assert.equal(named.code, 0, named.stdout + named.stderr);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  server.release("1.2.0", program("9.9.9"));
  server.promote("1.2.0");
  assert.match((await machine.agent("update")).stderr, /install\/wrong-version/);
  assert.match((await machine.agent("update", "--version", "1.2.0")).stderr, /not tried before/);
});
