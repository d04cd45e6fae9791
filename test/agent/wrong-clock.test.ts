import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent } from "../../agent/agent.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import { StateFile } from "../../agent/state/state-file.ts";
import { AGENT, lacks, run } from "../support/run-command.ts";
import { type EnrolledMachine, enrolledMachine, setInConfig } from "./enrolled-machine.ts";
import { program } from "./update-server.ts";

const DAY = 86_400;
const YEAR = 365 * DAY;
const NEVER = { confirm: ["sh", "-c", '! grep -q 1.1.0 "$1"', "sh", "{path}"], confirm_attempts: 1 };

/** Seconds by the machine's clock, were it ahead by so many. */
function ahead(seconds: number): () => number {
  return () => Math.floor(Date.now() / 1000) + seconds;
}

/** The agent of a machine whose clock is wrong. */
function agentAt({ machine }: EnrolledMachine, seconds: number): Promise<Agent> {
  return Agent.open(agentHome(machine.home, {}), { now: ahead(seconds) });
}

test("a block that a clock wrote which was years ahead ends a day after the clock is right", async (t) => {
  const enrolled = await enrolledMachine(t, NEVER);
  const { server, status, machine } = enrolled;
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  // Years ahead while it fails, right when the manifest is looked at: the clock jumps in the middle of an update.
  let seconds = 0;
  const now = () => ahead(seconds)();
  const agent = await Agent.open(agentHome(machine.home, {}), {
    now,
    onState: ({ state }) => {
      if (state === "rolling-back") seconds = 5 * YEAR;
      if (state === "idle") seconds = 0;
    },
  });
  await agent.product().update(true);
  const until = status().blocked[0]?.until ?? 0;
  assert.ok(until <= ahead(DAY + 5)(), `blocked until ${new Date(until * 1000).toISOString()}`);
  assert.ok(until > ahead(0)(), "it is blocked");
});

test("expired metadata stops updates and not the agent, and updates go on when the clock is right again", async (t) => {
  const enrolled = await enrolledMachine(t);
  const { server, machine, status } = enrolled;
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  await assert.rejects((await agentAt(enrolled, 40 * YEAR)).product().update(true), {
    code: "trust/expired",
  });
  assert.equal(status().failedCheck?.cause, "trust/expired");
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  const { outcomes } = await (await agentAt(enrolled, 0)).product().update(true);
  assert.equal(outcomes[0]?.outcome, "confirmed");
  assert.equal(status().failedCheck, undefined);
});

test("a clock that jumps ahead takes nobody's way back: the previous version is kept until the clock is believed", async (t) => {
  const enrolled = await enrolledMachine(t);
  const { updateTo, status, leftovers } = enrolled;
  await updateTo("1.1.0", program("1.1.0"));
  await (await agentAt(enrolled, 40 * YEAR)).product().resume();
  assert.deepEqual([leftovers().length, status().previous?.version], [1, "1.0.0"]);
  const back = await (await agentAt(enrolled, 0)).product().rollback();
  assert.equal(back.outcome, "confirmed");
});

test("explain tells what an expired manifest said, and since when it holds no more; nothing is done by it", async (t) => {
  const enrolled = await enrolledMachine(t);
  const { server, machine } = enrolled;
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  assert.equal((await machine.agent("update", "--check")).code, 3);
  const product = (await agentAt(enrolled, 40 * YEAR)).product();
  const { evaluation, expired } = await product.explainWithVerified();
  assert.deepEqual(evaluation.decision.action, "update");
  const written = server.repository.files.get("metadata/timestamp.json")?.toString() ?? "";
  const { signed } = JSON.parse(written);
  assert.equal(expired?.since, Date.parse(signed.expires) / 1000);
  await assert.rejects(product.evaluateWithVerified(false), { code: "trust/expired" });
  await assert.rejects(product.update(true), { code: "trust/expired" });
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  const current = await (await agentAt(enrolled, 0)).product().explainWithVerified();
  assert.equal(current.expired, undefined);
});

test("without a network an expired manifest is explained on the command line too", {
  skip: await lacks("faketime"),
}, async (t) => {
  const { server, machine } = await enrolledMachine(t);
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  assert.equal((await machine.agent("update", "--check")).code, 3);
  setInConfig(machine, "proxy: http://127.0.0.1:9");
  const later = (...args: string[]) =>
    run("faketime", ["-f", "+40y", process.execPath, AGENT, ...args, "--home", machine.home]);
  const { stdout, stderr, code } = await later("explain");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /last verified manifest/);
  assert.match(
    stdout,
    /=> lantern is at 1\.0\.0; update to 1\.1\.0\nbut this manifest has expired since 20\d\d-/,
  );
  const told = JSON.parse((await later("explain", "--json")).stdout);
  assert.deepEqual([told.decision.action, typeof told.expired.since], ["update", "number"]);
  assert.equal((await later("update")).code, 1);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("a copy that a clock dated which was ahead is still let go of after seven days", async (t) => {
  const enrolled = await enrolledMachine(t);
  const { updateTo, status, machine } = enrolled;
  await updateTo("1.1.0", program("1.1.0"));
  new StateFile(agentHome(machine.home, {})).update(({ previous, ...state }) => ({
    ...state,
    ...(previous === undefined ? {} : { previous: { ...previous, keptAt: ahead(YEAR)() } }),
  }));
  await machine.agent("update");
  const keptAt = status().previous?.keptAt ?? Number.POSITIVE_INFINITY;
  assert.ok(keptAt <= ahead(5)(), new Date(keptAt * 1000).toISOString());
  await (await agentAt(enrolled, 8 * DAY)).product().resume();
  assert.equal(status().previous, undefined);
});

test("a clock that is set back is refused for trust, breaks nothing, and is forgiven when it is right", async (t) => {
  const enrolled = await enrolledMachine(t);
  const { server, machine, status } = enrolled;
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  await assert.rejects((await agentAt(enrolled, -10 * YEAR)).product().update(true), {
    code: "trust/clock-backward",
  });
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  assert.equal((await machine.agent("status")).code, 0);
  await (await agentAt(enrolled, 0)).product().update(true);
  assert.deepEqual([await machine.installedVersion(), status().journal], ["lantern 1.1.0", "idle"]);
});

test("under a machine's clock that really jumps both ways, the agent refuses what it must and goes on by itself", {
  skip: await lacks("faketime"),
}, async (t) => {
  const { server, machine, status } = await enrolledMachine(t);
  server.release("1.1.0", program("1.1.0"));
  server.promote("1.1.0");
  const at = (when: string) =>
    run("faketime", ["-f", when, process.execPath, AGENT, "update", "--home", machine.home]);
  const later = await at("+40y");
  assert.match(later.stdout + later.stderr, /trust\/expired/);
  const earlier = await at("-10y");
  assert.match(earlier.stdout + earlier.stderr, /trust\/clock-backward/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
  const right = await machine.agent("update");
  assert.equal(right.code, 0, right.stdout);
  assert.deepEqual([status().journal, status().last?.outcome], ["idle", "confirmed"]);
});
