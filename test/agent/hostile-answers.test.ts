import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { enrolledMachine } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

/** A root that nobody signed, as any mirror and whoever is on the way can serve it. */
function unsignedRoot(members: object): Buffer {
  const signed = {
    _type: "root",
    spec_version: "1.0.31",
    version: 2,
    expires: "2099-01-01T00:00:00Z",
    consistent_snapshot: true,
    keys: {},
    roles: {},
  };
  return Buffer.from(JSON.stringify({ signatures: [], signed: { ...signed, ...members } }));
}

const LONG = "x".repeat(300_000);
const LONG_ANSWERS: Readonly<Record<string, Buffer>> = {
  "a spec_version of 300 kB": unsignedRoot({ spec_version: LONG }),
  "a member name of 300 kB": unsignedRoot({ keys: { [LONG]: 5 } }),
  "a role type of 300 kB": unsignedRoot({ _type: LONG }),
  "an expiry of 300 kB": unsignedRoot({ expires: LONG }),
  "a key id of 300 kB": Buffer.from(
    JSON.stringify({ signatures: [{ keyid: LONG, sig: "00" }], signed: { spec_version: "1.0.31" } }),
  ),
};

for (const [what, answer] of Object.entries(LONG_ANSWERS)) {
  test(`${what} in a root from a mirror is refused, and the next commands work`, async (t) => {
    const { server, machine, updateTo } = await enrolledMachine(t);
    server.repository.files.set("metadata/2.root.json", answer);
    const refused = await updateTo("1.1.0", program("1.1.0"));
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /error\[trust\/(malformed|spec-version)\]/);
    assert.ok(refused.stdout.length < 2000, `${refused.stdout.length} characters`);

    const check = await machine.agent("update", "--check");
    assert.equal(check.code, 1);
    assert.match(check.stderr, /error\[trust\//);
    const state = join(machine.home, "state.json");
    assert.ok(statSync(state).size < 16_384, `${statSync(state).size} bytes`);
    JSON.parse(readFileSync(state, "utf8"));

    assert.equal((await machine.agent("status")).code, 0);
    server.repository.files.delete("metadata/2.root.json");
    assert.equal((await machine.agent("update")).code, 0);
    assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  });
}

const FAKED = "error[trust/expired]: all is lost";
const STEERING = `\u001b]0;title\u0007\u009b2J\u202e\n${FAKED}\r${FAKED}\u2028${FAKED}`;

function requireHarmless(printed: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
  assert.doesNotMatch(printed, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
  assert.ok(!printed.split("\n").some((line) => line.startsWith(FAKED)), printed);
}

test("what an unsigned answer says steers no terminal and fakes no line", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  for (const members of [{ keys: { [STEERING]: 5 } }, { spec_version: STEERING }, { _type: STEERING }]) {
    server.repository.files.set("metadata/2.root.json", unsignedRoot(members));
    server.publish();
    for (const form of ["human", "json"]) {
      const { code, stdout, stderr } = await machine.agent("update", "--log", form);
      assert.equal(code, 1);
      requireHarmless(stdout + stderr);
    }
  }
});

test("what the online key signed steers no terminal either, and its JSON still says the same", async (t) => {
  const { server, machine } = await enrolledMachine(t);
  server.fleet = { paused: { reason: STEERING } };
  server.publish();
  for (const args of [["explain"], ["explain", "--json"], ["update", "--check"], ["status"]]) {
    const { code, stdout, stderr } = await machine.agent(...args);
    assert.equal(code, 0, stderr);
    requireHarmless(stdout + stderr);
    if (args.includes("--json")) assert.ok(JSON.stringify(JSON.parse(stdout)).includes("pause"));
  }
});
