import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { whyNoPrivateMachine } from "../../support/private-machine.ts";
import { killAndWait } from "../../support/run-command.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { AptRepository } from "./apt-repository.ts";
import { lantern } from "./made-package.ts";
import { PackagedMachine } from "./packaged-machine.ts";

const skip = await whyNoPrivateMachine("apt-get", "dpkg-deb", "apt-ftparchive", "gpg", "flock");

/** Says which process group it is in, then waits as long as it is told to. */
const WAITING = `#!/bin/sh
[ -e /var/log/hold ] || exit 0
cut -d " " -f 5 /proc/$$/stat >/var/log/reached.new
mv /var/log/reached.new /var/log/reached
while [ -e /var/log/hold ]; do sleep 0.05; done
`;

/**
 * Starts an update and comes back when dpkg has got to a script of one of the two packages.
 *
 * @param from scripts of what is installed; absent: nothing is
 */
async function stoppedAt(
  t: TestContext,
  from: Record<string, string> | undefined,
  to: Record<string, string>,
) {
  const repository = await AptRepository.create(t);
  const packaged = await PackagedMachine.enrolled(t, "deb");
  const { machine } = packaged;
  await repository.addTo(machine);
  if (from !== undefined) {
    await machine.runOk("dpkg", "-i", await repository.build(lantern("1.0.0-1", { scripts: from })));
  }
  await repository.build(lantern("1.1.0-1", { scripts: to }));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const hold = machine.place("/var/log/hold");
  const reached = machine.place("/var/log/reached");
  writeFileSync(hold, "");
  const agent = machine.startAgent("update");
  t.after(() => killAndWait(agent, "SIGKILL"));
  await waitUntil("dpkg to run the script", () => existsSync(reached) || undefined);
  const group = Number(readFileSync(reached, "utf8"));
  assert.ok(group > 1);
  return { packaged, machine, agent, group, release: () => rmSync(hold) };
}

const POINTS = [
  ["before the old version goes", { prerm: WAITING }, {}],
  ["before the new version is unpacked", {}, { preinst: WAITING }],
  ["when the new version is unpacked", { postrm: WAITING }, {}],
  ["before the new version is configured", {}, { postinst: WAITING }],
] as const;

for (const [point, from, to] of POINTS) {
  test(`agent and dpkg killed ${point}: the next start ends with one whole version`, { skip }, async (t) => {
    const { packaged, machine, agent, group, release } = await stoppedAt(t, from, to);
    await killAndWait(agent, "SIGKILL");
    process.kill(-group, "SIGKILL");
    release();
    const next = await packaged.update();
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.equal(await packaged.says(), "lantern 1.1.0");
    assert.equal(await machine.runOk("dpkg", "--audit"), "");
    assert.equal(packaged.status().journal, "idle");
    assert.ok(!packaged.staged().includes("package-change"), "nothing says that a change was cut off");
  });
}

test("dpkg killed in a first installation: the agent takes away what there is of it", { skip }, async (t) => {
  const { packaged, machine, agent, group, release } = await stoppedAt(t, undefined, { preinst: WAITING });
  const ended = new Promise((resolve) => agent.once("exit", resolve));
  process.kill(-group, "SIGKILL");
  release();
  assert.equal(await ended, 1);
  assert.equal(await machine.runOk("dpkg", "--audit"), "");
  assert.equal((await machine.run("dpkg-query", "-W", "lantern")).stdout, "");
  assert.equal(packaged.status().journal, "idle");
  assert.equal(packaged.status().last?.outcome, "rolled-back");
});

test("a dpkg that outlives its agent is waited for, and what it did is confirmed", { skip }, async (t) => {
  const { packaged, machine, agent, release } = await stoppedAt(t, {}, { preinst: WAITING });
  await killAndWait(agent, "SIGKILL");
  const next = packaged.update();
  setTimeout(release, 500);
  const result = await next;
  assert.equal(result.code, 0, result.stdout + result.stderr);
  assert.equal(await packaged.says(), "lantern 1.1.0");
  assert.equal(await machine.runOk("dpkg", "--audit"), "");
  assert.equal(packaged.status().last?.outcome, "confirmed");
});
