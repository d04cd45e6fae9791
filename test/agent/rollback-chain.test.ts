import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { Agent } from "../../agent/agent.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import { enrolledMachine } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

/** A machine that came to 1.2.0, which may go back to 1.1.0 and no further; 1.1.0 alone might go to 1.0.0. */
async function machineOnTop(t: Parameters<typeof enrolledMachine>[0]) {
  const { server, machine } = await enrolledMachine(t, {
    confirm: ["sh", "-c", '! grep -q 1.9.0 "$1"', "sh", "{path}"],
    confirm_attempts: 1,
  });
  const home = agentHome(machine.home, {});
  server.release("1.1.0", program("1.1.0"), { rollbackTo: ">=1.0.0" });
  server.release("1.2.0", program("1.2.0"), { rollbackTo: ">=1.1.0" });
  const agent = await Agent.open(home);
  const follow = async (version: string, from?: readonly string[]) => {
    server.channel = from === undefined ? {} : { rollback: { from } };
    server.promote(version);
    const { outcomes, evaluation } = await agent.product().update(true);
    const { decision } = evaluation;
    return {
      outcome: outcomes.map(({ plan, outcome }) => `${outcome} ${plan.to.version}`).join(),
      last: decision.action === "refuse" ? decision.code : decision.action,
      said: decision.trail.at(-1)?.text,
    };
  };
  await follow("1.1.0");
  await follow("1.2.0");
  return { home, machine, agent, server, follow };
}

test("two rollbacks never reach what the newest version that ran here refuses, and all goes up again", async (t) => {
  const { machine, follow } = await machineOnTop(t);
  assert.equal((await follow("1.1.0", ["1.2.0"])).outcome, "confirmed 1.1.0");
  const second = await follow("1.0.0", ["1.1.0", "1.2.0"]);
  assert.deepEqual([second.outcome, second.last], ["", "downgrade-not-signed"]);
  assert.match(second.said ?? "", /1\.2\.0, the newest that ran here, to be rolled back only to >=1\.1\.0/);
  const { decision } = JSON.parse((await machine.agent("explain", "--json")).stdout);
  assert.equal(decision.code, "downgrade-not-signed", "and a person is told the same");
  const status = await machine.agent("status");
  assert.match(status.stdout, /^newest {5}1\.2\.0 /m);
  assert.equal((await follow("1.2.0")).outcome, "confirmed 1.2.0");
});

test("neither a lost state file nor a damaged note of the newest version opens the way down or closes the way up", async (t) => {
  const { home, follow, server } = await machineOnTop(t);
  assert.equal((await follow("1.1.0", ["1.2.0"])).outcome, "confirmed 1.1.0");
  const harm = [
    () => rmSync(home.state),
    () => writeFileSync(home.newestConfirmed, "{"),
    () => writeFileSync(home.newestConfirmed, "x".repeat(1024 * 1024)),
    () => writeFileSync(home.newestConfirmed, JSON.stringify({ format: 9 })),
    () => {
      rmSync(home.newestConfirmed);
      mkdirSync(home.newestConfirmed);
    },
  ];
  for (const damage of harm) {
    damage();
    for (const _ of ["at once", "and later"]) {
      assert.equal((await follow("1.0.0", ["1.1.0"])).last, "downgrade-not-signed");
    }
  }
  server.release("1.3.0", program("1.3.0"), { rollbackTo: ">=1.0.0" });
  assert.equal((await follow("1.3.0")).outcome, "confirmed 1.3.0");
  rmSync(home.newestConfirmed, { recursive: true });
  assert.equal((await follow("1.0.0", ["1.3.0"])).outcome, "confirmed 1.0.0", "its builder allows it");
});

test("a version that failed here was never confirmed and binds nobody", async (t) => {
  const { home, follow, server, agent } = await machineOnTop(t);
  server.release("1.9.0", program("1.9.0"));
  assert.equal((await follow("1.9.0")).outcome, "rolled-back 1.9.0");
  assert.equal((await agent.product().update(true)).evaluation.decision.action, "wait");
  assert.equal((await follow("1.1.0", ["1.2.0", "1.9.0"])).outcome, "confirmed 1.1.0");
  assert.equal(agent.product().status().newestConfirmed, "1.2.0");
  assert.equal((await Agent.open(home)).product().status().newestConfirmed, "1.2.0");
});

test("a file that a person put there, and nobody signed, binds nobody, whatever version it calls itself", async (t) => {
  const { machine, follow, agent, server } = await machineOnTop(t);
  server.release("1.5.0", program("1.5.0"));
  writeFileSync(machine.executable, program("1.5.0", "# built by hand"), { mode: 0o755 });
  assert.equal((await follow("1.1.0", ["1.2.0", "1.5.0"])).last, "downgrade-not-signed");
  writeFileSync(machine.executable, program("1.2.0"), { mode: 0o755 });
  assert.equal((await follow("1.1.0", ["1.2.0"])).outcome, "confirmed 1.1.0");
  assert.equal(agent.product().status().newestConfirmed, "1.2.0");
});

test("a policy that counts versions in another scheme than the release key moves no machine", async (t) => {
  const { follow, server, machine } = await machineOnTop(t);
  server.versionScheme = "dotted";
  const thief = await follow("1.1.0", ["1.2.0"]);
  assert.deepEqual([thief.outcome, thief.last], ["", "version-scheme-not-signed"]);
  assert.equal(await machine.installedVersion(), "lantern 1.2.0");
  server.versionScheme = "semver";
  assert.equal((await follow("1.1.0", ["1.2.0"])).outcome, "confirmed 1.1.0");
});
