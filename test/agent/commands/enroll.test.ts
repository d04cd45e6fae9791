import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { AgentMachine } from "../../support/agent-machine.ts";
import { AGENT } from "../../support/run-command.ts";
import type { enrolledMachine } from "../enrolled-machine.ts";
import { program, UpdateServer } from "../update-server.ts";

async function newMachine(t: Parameters<typeof enrolledMachine>[0]) {
  const server = await UpdateServer.start(t);
  server.release("1.0.0", program("1.0.0"));
  server.promote("1.0.0");
  const machine = await AgentMachine.create(t);
  const enroll = (more: Readonly<Record<string, string>> = {}) => {
    const given = {
      server: server.url,
      product: "lantern",
      "install-path": machine.executable,
      "root-sha256": server.rootSha256,
      ...more,
    };
    return machine.agent("enroll", ...Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]));
  };
  return { server, machine, enroll };
}

test("a product or a tenant that the fleet does not know is noticed at enrolment, and nothing is enrolled", async (t) => {
  const { machine, enroll } = await newMachine(t);
  const unknown = await enroll({ product: "lanten" });
  assert.equal(unknown.code, 1);
  assert.match(
    unknown.stderr,
    /^error\[config\/not-in-fleet\]: the signed manifest knows no product `lanten`\n/,
  );
  const tenant = await enroll({ tenant: "acme", "tenant-key": "ab".repeat(32) });
  assert.match(tenant.stderr, /^error\[config\/not-in-fleet\]: .* no tenant `acme` by that key\n/);
  assert.ok(!existsSync(join(machine.home, "config.yaml")));
  const right = await enroll();
  assert.equal(right.code, 0, right.stderr);
});

test("what a flag says is blamed on the flag", async (t) => {
  const { enroll } = await newMachine(t);
  const wrong: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ server: "ftp://acme.example" }, /^error\[usage\/bad-value\]: --server: expected an http or https URL/],
    [{ "tenant-key": "ab", tenant: "acme" }, /^error\[usage\/bad-value\]: --tenant-key: /],
    [{ interval: "soon" }, /^error\[usage\/bad-value\]: --interval: /],
    [{ channel: "a..b" }, /^error\[usage\/bad-value\]: --channel: /],
  ];
  for (const [more, said] of wrong) {
    const { code, stderr } = await enroll(more);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
    assert.match(stderr, /= help: see `fairlead-agent enroll --help`\n$/);
  }
});

test("a home or an install folder that cannot be made is an error with a remedy, and no defect", async (t) => {
  const { machine, enroll } = await newMachine(t);
  const file = join(machine.directory, "file");
  writeFileSync(file, "");
  const cases = [
    await enroll({ "install-path": join(file, "sub", "lantern") }),
    await machine.agent("status", "--home", join(file, "home")),
  ];
  for (const { code, stderr } of cases) {
    assert.equal(code, 1);
    assert.doesNotMatch(stderr, /agent\/defect/);
    assert.match(stderr, /^error\[(config|home)\/[a-z-]+\]: .*\n {2}= help: /);
  }
});

test("a home that may not be read is an error with a remedy, and no defect", async (t) => {
  const { machine } = await newMachine(t);
  mkdirSync(machine.home);
  chmodSync(machine.home, 0);
  // Root reads everything, and so asks as nobody.
  const asNobody = process.geteuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  for (const command of ["status", "doctor", "update"]) {
    const asked = [AGENT, command, "--home", machine.home];
    const { status, stdout, stderr } = spawnSync(process.execPath, asked, {
      ...asNobody,
      env: { PATH: process.env.PATH, HOME: "/" },
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.match(stdout + stderr, /home\/no-access/);
  }
  chmodSync(machine.home, 0o700);
});
