import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RewritingProxy } from "../../support/rewriting-proxy.ts";
import { AGENT, run } from "../../support/run-command.ts";
import { STRACE, whyNoStrace } from "../../support/strace.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { program } from "../update-server.ts";
import { type FleetMachine, fleetMachine, offer, openAgent, readHome } from "./fleet-machine.ts";

/** Holds every version back but from those whom somebody asks. */
function holdBack({ server }: FleetMachine): void {
  server.fleet = { autoUpdate: false };
}

async function checkIn(made: FleetMachine) {
  return (await openAgent(made)).checkIn(0);
}

/** Puts the machine behind a proxy. */
function goThrough({ machine, server }: FleetMachine, proxy: RewritingProxy): void {
  const path = join(machine.home, "config.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace(server.url, proxy.url));
}

test("an operator's update passes what holds the machine back, once, and what became of it is told", async (t) => {
  const made = await fleetMachine(t);
  const { controller, machine } = made;
  holdBack(made);
  offer(made, "1.1.0");
  const agent = await openAgent(made);
  assert.equal((await agent.product().check(false)).decision.action, "wait");
  const id = controller.ask("update", "lantern");
  assert.equal((await agent.checkIn(0))?.carriedOut, 1);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.deepEqual(controller.outcomes.get(id), {
    ...{ id, result: "done", text: "1.1.0 is installed and confirmed" },
  });
  const attempt = [...controller.attempts.values()].find(({ to }) => to === "1.1.0");
  assert.equal(attempt?.request, id);

  const again = controller.ask("update", "lantern");
  await agent.checkIn(0);
  assert.equal(controller.outcomes.get(again)?.result, "nothing-to-do");
  const foreign = controller.ask("update", "beacon");
  await agent.checkIn(0);
  assert.deepEqual(controller.outcomes.get(foreign)?.result, "refused");
  const status = await machine.agent("status");
  assert.match(status.stdout, /^asked {6}refused: this agent looks after lantern, not beacon$/m);
});

test("an operator's update is refused by a pause, and fails where the version does", async (t) => {
  const made = await fleetMachine(t);
  const { controller, server, machine } = made;
  server.fleet = { paused: { reason: "incident 7" } };
  offer(made, "1.1.0");
  const paused = controller.ask("update");
  await checkIn(made);
  assert.equal(controller.outcomes.get(paused)?.result, "refused");
  assert.match(controller.outcomes.get(paused)?.text ?? "", /incident 7/);
  server.fleet = { autoUpdate: false };
  offer(made, "1.2.0", program("1.2.0", "exit 3"));
  const broken = controller.ask("update");
  await checkIn(made);
  assert.equal(controller.outcomes.get(broken)?.result, "failed");
  assert.match(controller.outcomes.get(broken)?.text ?? "", /install\/self-test-failed/);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("an operator's rollback goes to the kept version within what the release key allows, and no further", async (t) => {
  const made = await fleetMachine(t);
  const { controller, server, machine } = made;
  server.release("1.1.0", program("1.1.0"), { rollbackTo: ">=1.1.0" });
  server.promote("1.1.0");
  const agent = await openAgent(made);
  await agent.product().update(true);
  const beyond = controller.ask("rollback", "lantern");
  await agent.checkIn(0);
  assert.deepEqual(controller.outcomes.get(beyond), {
    ...{ id: beyond, result: "refused" },
    text: "install/rollback-refused: the release key allows 1.1.0 to be rolled back only to >=1.1.0, not to 1.0.0",
  });
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");

  offer(made, "1.2.0");
  await agent.product().update(true);
  server.fleet = { paused: { reason: "incident 7" } };
  server.publish();
  const paused = controller.ask("rollback", "lantern");
  await agent.checkIn(0);
  assert.match(controller.outcomes.get(paused)?.text ?? "", /incident 7/);

  server.fleet = {};
  server.publish();
  const allowed = controller.ask("rollback", "lantern");
  await agent.checkIn(0);
  assert.deepEqual(controller.outcomes.get(allowed)?.result, "done");
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  assert.equal(
    (await agent.product().check(false)).decision.action,
    "wait",
    "the version that was left does not come again",
  );
  const rolledBack = [...controller.attempts.values()].find(({ request }) => request === allowed);
  assert.deepEqual([rolledBack?.kind, rolledBack?.from, rolledBack?.to], ["rollback", "1.2.0", "1.1.0"]);

  const upward = controller.ask("rollback", "lantern");
  await agent.checkIn(0);
  assert.match(
    controller.outcomes.get(upward)?.text ?? "",
    /kept version 1\.2\.0 is not lower than the installed 1\.1\.0/,
  );
});

test("a yanked version is rolled back to by nobody's request", async (t) => {
  const made = await fleetMachine(t);
  const { controller, server, machine } = made;
  offer(made, "1.1.0");
  const agent = await openAgent(made);
  await agent.product().update(true);
  server.release("1.0.0", program("1.0.0"), { rollbackTo: ">=0.0.1", active: false });
  server.publish();
  const id = controller.ask("rollback");
  await agent.checkIn(0);
  assert.match(controller.outcomes.get(id)?.text ?? "", /1\.0\.0 is yanked/);
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

test("what a proxy makes up, replays or takes the signature from asks nothing of a device", async (t) => {
  const made = await fleetMachine(t);
  const { controller, server, machine } = made;
  const proxy = await RewritingProxy.start(t, server.url);
  goThrough(made, proxy);
  holdBack(made);
  offer(made, "1.1.0");
  const forged = { id: "ab".repeat(16), kind: "update", askedAt: 1, expiresAt: 9_999_999_999 };
  const keysBefore = readHome(made, "device-key.json");
  const configBefore = readFileSync(join(machine.home, "config.yaml"), "utf8");
  let recorded: { headers: object; body: Buffer } | undefined;
  const refuse = async (what: string) => {
    const agent = await openAgent(made);
    const result = await agent.checkIn(0);
    assert.deepEqual([result?.carriedOut, result?.trouble?.code], [0, "report/unsigned"], what);
    assert.equal(await machine.installedVersion(), "lantern 1.0.0", what);
  };
  for (const asked of [
    { requests: [forged] },
    { newKey: true },
    { moved: { tenant: { name: "evil", key: "cd".repeat(32) }, labels: {} } },
  ]) {
    proxy.rewrite = (answer) => {
      answer.body = Buffer.from(JSON.stringify({ ...JSON.parse(answer.body.toString()), ...asked }));
    };
    await refuse(Object.keys(asked).join());
  }

  proxy.rewrite = (answer) => {
    recorded = { headers: answer.headers, body: answer.body };
    answer.status = 503;
  };
  const id = controller.ask("update");
  await assert.rejects(checkIn(made), { code: "report/unavailable" });
  proxy.rewrite = (answer) => {
    Object.assign(answer, recorded);
  };
  await refuse("replayed");
  proxy.rewrite = (answer) => {
    delete answer.headers.signature;
  };
  await refuse("without its signature");
  assert.match(
    (await machine.agent("status")).stdout,
    /^trouble {4}.* report\/unsigned: .*\n {11}look for a proxy/m,
  );
  assert.deepEqual(readHome(made, "device-key.json"), keysBefore);
  assert.equal(readFileSync(join(machine.home, "config.yaml"), "utf8"), configBefore);
  assert.equal(controller.outcomes.size, 0);

  proxy.rewrite = () => undefined;
  await checkIn(made);
  assert.equal(controller.outcomes.get(id)?.result, "done");
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
});

test("a machine that an operator moved belongs where the signed answer says, and keeps what a person wrote", async (t) => {
  const made = await fleetMachine(t, "# ours", "confirm_attempts: 3");
  const { controller, machine } = made;
  const key = "cd".repeat(32);
  controller.moved = { tenant: { name: "acme", key }, site: "berlin", labels: { ring: "canary" } };
  const agent = await openAgent(made);
  await agent.checkIn(0);
  assert.deepEqual([agent.config.tenant?.key, agent.config.site], [key, "berlin"]);
  const config = readFileSync(join(machine.home, "config.yaml"), "utf8");
  assert.match(config, /^# ours$/m);
  assert.match(config, /^confirm_attempts: 3$/m);
  controller.moved = { labels: {} };
  await agent.checkIn(0);
  assert.deepEqual(
    [agent.config.tenant, agent.config.site, agent.config.labels],
    [undefined, undefined, undefined],
  );
});

test("a request is done once, whenever SIGKILL interrupts it, and its outcome is told in the end", async (t) => {
  const missing = await whyNoStrace();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  const made = await fleetMachine(t);
  const { controller, machine } = made;
  holdBack(made);
  const update = [process.execPath, AGENT, "update", "--home", machine.home];
  const names = ["requests.json.new", "journal.json.new"].map((name) => join(machine.home, name));
  const results = new Set<string>();
  let minor = 0;
  for (let k = 1; ; k++) {
    // The command finds nothing to do for itself: what it installs, it installs because it was asked.
    const paused = made.server.fleet;
    made.server.fleet = { paused: { reason: "not yet" } };
    const version = `1.${++minor}.0`;
    offer(made, version);
    made.server.onPost = opening(made, paused);
    const id = controller.ask("update");
    const watched = names.flatMap((path) => ["-P", path]);
    const inject = ["-e", "trace=rename", "-e", `inject=rename:signal=SIGKILL:when=${k}`];
    const { code } = await run("strace", [...STRACE, ...watched, ...inject, ...update]);
    const agent = await openAgent(made);
    await agent.product().resume();
    await agent.checkIn(0);
    const outcome = controller.outcomes.get(id);
    assert.ok(outcome !== undefined, `kill ${k}`);
    results.add(outcome.result);
    const installed = [...controller.attempts.values()].filter(({ to }) => to === version);
    assert.ok(installed.length <= 1, `kill ${k}: ${installed.length} attempts`);
    const isThere = (await machine.installedVersion()) === `lantern ${version}`;
    assert.equal(isThere, outcome.result === "done", `kill ${k}: ${outcome.text}`);
    if (code === 0 || code === 1) break;
  }
  assert.deepEqual([...results].sort(), ["done", "failed"]);
  assert.ok(minor > 6, `only ${minor} renames were met`);
});

/** Lets go of the pause once the machine has looked, and is asking what there is to do. */
function opening({ server }: FleetMachine, fleet: FleetMachine["server"]["fleet"]): typeof server.onPost {
  const take = server.onPost;
  return (request, response) => {
    server.fleet = fleet;
    server.publish();
    server.onPost = take;
    take?.(request, response);
  };
}

test("a request that is given again is not done again, and what became of it is told once more", async (t) => {
  const made = await fleetMachine(t);
  const { controller, machine } = made;
  offer(made, "1.1.0");
  const agent = await openAgent(made);
  await agent.product().update(true);
  const id = controller.ask("rollback");
  await agent.checkIn(0);
  assert.equal(controller.outcomes.get(id)?.result, "done");
  // A controller that lost what it had acknowledged.
  controller.outcomes.delete(id);
  const again = await openAgent(made);
  assert.equal((await again.checkIn(0))?.carriedOut, 0);
  await again.checkIn(0);
  assert.equal(controller.outcomes.get(id)?.result, "done");
  assert.equal([...controller.attempts.values()].filter(({ request }) => request === id).length, 1);
  assert.equal(await machine.installedVersion(), "lantern 1.0.0");
});

test("`look` and a newer manifest bring the daemon to look at once", async (t) => {
  const made = await fleetMachine(t, "update_check_interval: 1h");
  const { controller, machine, server } = made;
  const id = controller.ask("look");
  const before = server.polls;
  machine.run();
  await waitUntil("its outcome", () => (controller.outcomes.has(id) ? true : undefined));
  assert.equal(controller.outcomes.get(id)?.result, "done");
  // By itself, because it was asked, and once more to act on what it then saw.
  await waitUntil("another look", () => (server.polls === before + 3 ? true : undefined));
  controller.manifest = 1_000_000;
  await machine.kill();
  machine.run();
  await waitUntil("a look of the second daemon at the newer manifest", () =>
    server.polls === before + 5 ? true : undefined,
  );
});

test("a machine below the minimum says so and what to do, and still takes what it is asked and updates", async (t) => {
  const made = await fleetMachine(t);
  const { controller, machine } = made;
  controller.belowMinimum = "lantern on this device is below the minimum version 1.1.0";
  const { code, stderr } = await machine.agent("update");
  assert.equal(code, 0);
  assert.match(stderr, /report\/below-minimum: lantern on this device .* \(run `fairlead-agent update`/);
  assert.match(
    (await machine.agent("status")).stdout,
    /^trouble {4}.* report\/below-minimum: .*\n {11}run `fairlead-agent update`/m,
  );
  offer(made, "1.1.0");
  const id = controller.ask("update");
  await checkIn(made);
  assert.equal(controller.outcomes.get(id)?.result, "done");
  assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  controller.belowMinimum = undefined;
  await checkIn(made);
  assert.doesNotMatch((await machine.agent("status")).stdout, /^trouble/m);
});
