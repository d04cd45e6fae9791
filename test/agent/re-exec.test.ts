import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { run, TOP } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { enrolledMachine, setInConfig } from "./enrolled-machine.ts";

/**
 * A program that embeds the agent and is itself what the agent installs. It says each time it starts.
 *
 * @param early runs before it says READY
 */
function selfUpdating(version: string, home: string, log: string, early = ""): Buffer {
  return Buffer.from(`#!${process.execPath}
const version = "${version}";
if (process.argv[2] === "--version") {
  console.log(version);
} else {
  const { appendFileSync } = await import("node:fs");
  const { Agent, agentHome, replaceProcess } = await import(${JSON.stringify(join(TOP, "agent/index.ts"))});
  appendFileSync(${JSON.stringify(log)}, version + " " + process.pid + " " + process.argv.slice(2).join(" ") + "\\n");
  ${early}
  const agent = await Agent.open(agentHome(${JSON.stringify(home)}, {}), { reExec: replaceProcess, self: "lantern" });
  await agent.product().resume();
  await agent.product().update(true);
}
`);
}

async function selfUpdatingMachine(t: TestContext) {
  const enrolled = await enrolledMachine(t);
  const { machine } = enrolled;
  const log = join(machine.directory, "starts");
  const bytes = (version: string, early?: string) => selfUpdating(version, machine.home, log, early);
  await enrolled.updateTo("1.1.0", bytes("1.1.0"));
  return {
    ...enrolled,
    offer(version: string, early?: string) {
      enrolled.server.release(version, bytes(version, early));
      enrolled.server.promote(version);
    },
    starts: async () =>
      (await readFile(log, "utf8"))
        .trim()
        .split("\n")
        .map((line) => line.split(" ")),
  };
}

test("a program that updates itself goes on as its new version, in the same process and with its arguments", async (t) => {
  const { machine, offer, starts, status } = await selfUpdatingMachine(t);
  offer("1.2.0");
  const { code, stderr } = await run(machine.executable, ["serve", "--quietly"]);
  assert.equal(code, 0, stderr);
  const [first, second, ...more] = await starts();
  assert.deepEqual([first?.[0], second?.[0]], ["1.1.0", "1.2.0"]);
  assert.equal(second?.[1], first?.[1], "the process number stays");
  assert.deepEqual(second?.slice(2), ["serve", "--quietly"]);
  assert.equal(more.length, 0);
  assert.equal(status().last?.outcome, "confirmed");
  assert.equal(status().journal, "idle");
});

test("a new version that does not confirm makes room for the previous one, and is not tried again", async (t) => {
  const { machine, offer, starts, status } = await selfUpdatingMachine(t);
  setInConfig(machine, 'confirm: ["sh", "-c", "! grep -q 1.2.0 {path}"]', "confirm_attempts: 1");
  offer("1.2.0");
  const { code, stderr } = await run(machine.executable, ["serve"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    (await starts()).map(([version]) => version),
    ["1.1.0", "1.2.0", "1.1.0"],
  );
  assert.equal(await machine.installedVersion(), "1.1.0");
  assert.equal(status().last?.outcome, "rolled-back");
  assert.equal(status().blocked[0]?.version, "1.2.0");
});

const DIES = 'process.kill(process.pid, "SIGKILL");';

test("a new version that dies before it says READY is put back by `resume`, and not tried again", async (t) => {
  const { machine, offer, starts, status } = await selfUpdatingMachine(t);
  offer("1.2.0", DIES);
  assert.notEqual((await run(machine.executable, ["serve"])).code, 0);
  assert.deepEqual(
    (await starts()).map(([version]) => version),
    ["1.1.0", "1.2.0"],
  );
  assert.equal(status().journal, "confirming");

  const resumed = await machine.agent("resume");
  assert.equal(resumed.code, 1, resumed.stdout);
  assert.match(resumed.stdout, /1\.2\.0 was rolled back: .*ended before/);
  assert.equal(await machine.installedVersion(), "1.1.0");
  assert.deepEqual([status().journal, status().blocked[0]?.version], ["idle", "1.2.0"]);
  const again = await machine.agent("resume");
  assert.deepEqual([again.code, again.stdout], [0, "nothing was left half-done\n"]);

  assert.equal((await run(machine.executable, ["serve"])).code, 0);
  assert.equal((await starts()).length, 3, "the previous version runs and stays");
});

test("a new version that died once makes room when it is started again by anything", async (t) => {
  const { machine, offer, starts, status } = await selfUpdatingMachine(t);
  const once = join(machine.directory, "died");
  offer(
    "1.2.0",
    `const { mkdirSync, existsSync } = await import("node:fs");
  if (!existsSync("${once}")) { mkdirSync("${once}"); ${DIES} }`,
  );
  await run(machine.executable, ["serve"]);
  assert.equal((await run(machine.executable, ["serve"])).code, 0);
  assert.deepEqual(
    (await starts()).map(([version]) => version),
    ["1.1.0", "1.2.0", "1.2.0", "1.1.0"],
  );
  assert.equal(await machine.installedVersion(), "1.1.0");
  assert.deepEqual([status().journal, status().last?.outcome], ["idle", "rolled-back"]);
});

test("a new version that died makes room when the previous one is started from elsewhere", async (t) => {
  const { machine, offer, status } = await selfUpdatingMachine(t);
  const copy = join(machine.directory, "copy");
  await copyFile(machine.executable, copy);
  offer("1.2.0", DIES);
  await run(machine.executable, ["serve"]);
  assert.equal((await run(copy, ["serve"])).code, 0);
  assert.equal(await machine.installedVersion(), "1.1.0");
  assert.deepEqual([status().journal, status().blocked[0]?.version], ["idle", "1.2.0"]);
});

test("while the new version is starting, nobody else confirms it or puts it back", async (t) => {
  const { machine, offer, starts, status } = await selfUpdatingMachine(t);
  const gate = join(machine.directory, "gate");
  offer(
    "1.2.0",
    `const { existsSync } = await import("node:fs");
  while (!existsSync("${gate}")) await new Promise((done) => setTimeout(done, 50));`,
  );
  const program = run(machine.executable, ["serve"]);
  const countStarts = () =>
    starts().then(
      ({ length }) => length,
      () => 0,
    );
  await waitUntil("1.2.0", async () => (await countStarts()) > 1 || undefined);
  for (const command of ["resume", "update"]) {
    const early = await machine.agent(command);
    assert.equal(early.code, 1);
    assert.match(early.stderr, /error\[install\/unconfirmed\]: 1\.2\.0 has not confirmed itself yet/);
  }
  await writeFile(gate, "");
  assert.equal((await program).code, 0);
  assert.deepEqual([status().journal, status().last?.outcome], ["idle", "confirmed"]);
  assert.equal(await machine.installedVersion(), "1.2.0");
});
