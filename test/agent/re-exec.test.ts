import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { run, TOP } from "../support/run-command.ts";
import { enrolledMachine, setInConfig } from "./enrolled-machine.ts";

/** A program that embeds the agent and is itself what the agent installs. It says each time it starts. */
function selfUpdating(version: string, home: string, log: string): Buffer {
  return Buffer.from(`#!${process.execPath}
const version = "${version}";
if (process.argv[2] === "--version") {
  console.log(version);
} else {
  const { appendFileSync } = await import("node:fs");
  const { Agent, agentHome, replaceProcess } = await import(${JSON.stringify(join(TOP, "agent/index.ts"))});
  appendFileSync(${JSON.stringify(log)}, version + " " + process.pid + " " + process.argv.slice(2).join(" ") + "\\n");
  const agent = await Agent.open(agentHome(${JSON.stringify(home)}, {}), { reExec: replaceProcess });
  await agent.resume();
  await agent.update(true);
}
`);
}

async function selfUpdatingMachine(t: TestContext) {
  const enrolled = await enrolledMachine(t);
  const { machine } = enrolled;
  const log = join(machine.directory, "starts");
  const bytes = (version: string) => selfUpdating(version, machine.home, log);
  await enrolled.updateTo("1.1.0", bytes("1.1.0"));
  return {
    ...enrolled,
    offer(version: string) {
      enrolled.server.release(version, bytes(version));
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
