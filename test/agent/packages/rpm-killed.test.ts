import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { whyNoPrivateMachine } from "../../support/private-machine.ts";
import { killAndWait } from "../../support/run-command.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { DnfRepository } from "./dnf-repository.ts";
import { lantern } from "./made-package.ts";
import { PackagedMachine } from "./packaged-machine.ts";

const skip = await whyNoPrivateMachine("rpm", "dnf", "rpmbuild", "createrepo_c", "gpg", "flock");

/** Says which process rpm is, then waits as long as it is told to. */
const WAITING = `if posix.access("/var/log/hold") then
  local said = io.open("/var/log/reached.new", "w")
  said:write(posix.getprocessid("pid"))
  said:close()
  os.rename("/var/log/reached.new", "/var/log/reached")
  while posix.access("/var/log/hold") do posix.sleep(1) end
end`;

/**
 * Starts an update and comes back when rpm has got to a script of one of the two packages.
 *
 * @param from scripts of what is installed; absent: nothing is
 */
async function stoppedAt(
  t: TestContext,
  from: Record<string, string> | undefined,
  to: Record<string, string>,
) {
  const repository = await DnfRepository.create(t);
  const packaged = await PackagedMachine.enrolled(t, "rpm");
  const { machine } = packaged;
  await repository.addTo(machine);
  const before = await repository.build(lantern("1.0.0-1", { scripts: from ?? {} }));
  if (from !== undefined) await machine.runOk("rpm", "-U", before);
  packaged.offerFile("1.0.0", "1.0.0-1", before);
  const file = await repository.build(
    lantern("1.1.0-1", { scripts: to, files: { "/opt/lantern/new": "wick\n" } }),
  );
  packaged.offerFile("1.1.0", "1.1.0-1", file);
  const hold = machine.place("/var/log/hold");
  const reached = machine.place("/var/log/reached");
  writeFileSync(hold, "");
  const agent = machine.startAgent("update");
  t.after(() => killAndWait(agent, "SIGKILL"));
  await waitUntil("rpm to run the script", () => existsSync(reached) || undefined);
  const rpm = Number(readFileSync(reached, "utf8"));
  assert.ok(rpm > 1);
  // It would be waited for by its folder's test otherwise.
  t.after(() => rmSync(hold, { force: true }));
  return { packaged, machine, agent, rpm, release: () => rmSync(hold) };
}

/** Names in the folder of the product. */
function filesOf({ machine }: PackagedMachine): string[] {
  const folder = machine.place("/opt/lantern");
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

async function registered({ machine }: PackagedMachine): Promise<string[]> {
  const { stdout } = await machine.run("rpm", "-q", "--qf", "%{VERSION}\n", "lantern");
  return stdout.trim().split("\n");
}

const POINTS = [
  ["before the new version is unpacked", {}, { "pre -p <lua>": WAITING }],
  ["when the new version is unpacked", {}, { "post -p <lua>": WAITING }],
  ["before the old version goes", { "preun -p <lua>": WAITING }, {}],
  ["when the old version is gone", { "postun -p <lua>": WAITING }, {}],
] as const;

for (const [point, from, to] of POINTS) {
  test(`agent and rpm killed ${point}: the next start ends with one whole version`, { skip }, async (t) => {
    const { packaged, agent, rpm, release } = await stoppedAt(t, from, to);
    await killAndWait(agent, "SIGKILL");
    process.kill(rpm, "SIGKILL");
    release();
    const next = await packaged.update();
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.equal(await packaged.says(), "lantern 1.1.0");
    assert.deepEqual(await registered(packaged), ["1.1.0"]);
    assert.deepEqual(filesOf(packaged), ["lantern", "new"]);
    assert.equal(packaged.status().journal, "idle");
    assert.ok(!packaged.staged().includes("package-change"), "nothing says that a change was cut off");
  });

  test(`rpm killed ${point}: the agent puts the version before back, and nothing is left`, {
    skip,
  }, async (t) => {
    const { packaged, agent, rpm, release } = await stoppedAt(t, from, to);
    const ended = new Promise((resolve) => agent.once("exit", resolve));
    release();
    process.kill(rpm, "SIGKILL");
    assert.equal(await ended, 1);
    assert.equal(await packaged.says(), "lantern 1.0.0");
    assert.deepEqual(await registered(packaged), ["1.0.0"]);
    assert.deepEqual(filesOf(packaged), ["lantern"]);
    assert.equal(packaged.status().journal, "idle");
    assert.equal(packaged.status().last?.outcome, "rolled-back");
  });
}

test("rpm killed in a first installation: the agent takes away what there is of it", { skip }, async (t) => {
  const { packaged, agent, rpm, release } = await stoppedAt(t, undefined, { "post -p <lua>": WAITING });
  const ended = new Promise((resolve) => agent.once("exit", resolve));
  release();
  process.kill(rpm, "SIGKILL");
  assert.equal(await ended, 1);
  assert.deepEqual(await registered(packaged), ["package lantern is not installed"]);
  assert.deepEqual(filesOf(packaged), []);
  assert.equal(packaged.status().last?.outcome, "rolled-back");
});

test("an rpm that outlives its agent is waited for, and what it did is confirmed", { skip }, async (t) => {
  const { packaged, agent, release } = await stoppedAt(t, {}, { "pre -p <lua>": WAITING });
  await killAndWait(agent, "SIGKILL");
  const next = packaged.update();
  setTimeout(release, 500);
  const result = await next;
  assert.equal(result.code, 0, result.stdout + result.stderr);
  assert.equal(await packaged.says(), "lantern 1.1.0");
  assert.deepEqual(await registered(packaged), ["1.1.0"]);
  assert.equal(packaged.status().last?.outcome, "confirmed");
});
