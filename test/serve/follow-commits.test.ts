import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { StatusReport } from "../../controller/http/api/status-report.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { fairlead, runOk } from "../support/run-command.ts";
import { PLATFORM, StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

async function stateWithOneRelease(t: TestContext): Promise<StateRepository> {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  return state;
}

async function status(controller: ControllerProcess): Promise<StatusReport> {
  return (await (await fetch(`${controller.url}/api/v1/status`)).json()) as StatusReport;
}

async function latest(controller: ControllerProcess): Promise<string> {
  const query = `product=lantern&platform=${PLATFORM}&channel=stable`;
  const answer = await fetch(`${controller.url}/api/v1/agent/latest?${query}`);
  return ((await answer.json()) as { version: string }).version;
}

/** Events of the log, in order. */
function events(controller: ControllerProcess): { event: string; commit?: string; msg: string }[] {
  return controller.output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { event: string; commit?: string; msg: string });
}

test("a commit in a local repository is served without any polling", async (t) => {
  const state = await stateWithOneRelease(t);
  await state.commit("lantern 1.0.0");
  // A local repository has no interval at all; an hour shows that none is used.
  const controller = await ControllerProcess.start(t, state.directory, ["--dev-keys", "--interval", "1h"]);
  assert.equal(await latest(controller), "1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
  const commit = await state.commit("promote 1.1.0");
  await controller.serves(commit);
  assert.equal(await latest(controller), "1.1.0");
  assert.ok(events(controller).some((line) => line.event === "manifest.published" && line.commit === commit));
});

test("a bad commit leaves the last good one served and says what is wrong; the next good one mends it", async (t) => {
  const state = await stateWithOneRelease(t);
  const good = await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory);
  await state.point("stable", "9.9.9");
  const bad = await state.commit("promote what does not exist");
  const degraded = await waitUntil("the refusal", async () => {
    const report = await status(controller);
    return report.outcome?.kind === "refused" ? report : undefined;
  });
  assert.equal(degraded.commit, good);
  assert.equal(degraded.outcome?.commit, bad);
  assert.ok(
    degraded.outcome?.diagnostics.some(({ file }) => file === "products/lantern/channels/stable.yaml"),
  );
  assert.equal(await latest(controller), "1.0.0");

  const ready = await fetch(`${controller.url}/readyz`);
  assert.equal(ready.status, 200);
  const body = (await ready.json()) as StatusReport;
  assert.equal(body.degraded, true);
  assert.ok(body.reason?.includes(bad.slice(0, 10)));
  const refusals = events(controller).filter(({ event }) => event === "commit.refused");
  assert.deepEqual(
    refusals.map(({ commit }) => commit),
    [bad],
    "said once",
  );

  const shown = await fairlead(["status", "--server", controller.url]);
  assert.equal(shown.code, 1);
  assert.match(shown.stdout, /^degraded: serves commit/);
  assert.match(shown.stdout, /products\/lantern\/channels\/stable\.yaml:1:\d+: error/);

  await state.point("stable", "1.0.0");
  await controller.serves(await state.commit("point back"));
  assert.equal((await status(controller)).degraded, false);
  const mended = await fairlead(["status", "--server", controller.url, "--json"]);
  assert.equal(mended.code, 0);
  assert.equal((JSON.parse(mended.stdout) as StatusReport).degraded, false);
});

test("a warning that the state acknowledges is counted apart in status and log", async (t) => {
  const state = await stateWithOneRelease(t);
  await state.write(
    "tenants/acme.yaml",
    "products: {lantern: {pin: {version: 1.0.0}}}\nacknowledge:\n  - {rule: tenant/ownerless-pin, reason: known, owner: ops@acme.example, expires: 2120-01-31}\n",
  );
  const commit = await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory);
  const { outcome } = await status(controller);
  assert.deepEqual([outcome?.commit, outcome?.diagnostics, outcome?.acknowledged], [commit, [], 1]);
  const published = events(controller).find(({ event }) => event === "manifest.published");
  assert.partialDeepStrictEqual(published, { commit, warnings: 0, acknowledged: 1 });
  const shown = await fairlead(["status", "--server", controller.url]);
  assert.match(shown.stdout, /^ok: serves commit \w+\n {2}1 warning acknowledged\n/);
});

test("a force-push is held, also over a restart, until a person accepts exactly that commit", async (t) => {
  const state = await stateWithOneRelease(t);
  await state.commit("lantern 1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
  const served = await state.commit("promote 1.1.0");
  const controller = await ControllerProcess.start(t, state.directory);

  await runOk("git", ["reset", "-q", "--hard", "HEAD~1"], { cwd: state.directory });
  await state.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 1h\n");
  const rewritten = await state.commit("another past");
  const held = async () => {
    const report = await status(controller);
    // The reset alone is a commit of its own, which may be seen first.
    return report.outcome?.kind === "held" && report.outcome.commit === rewritten ? report : undefined;
  };
  const report = await waitUntil("the commit to be held", held);
  assert.equal(report.commit, served);
  assert.ok(events(controller).some(({ event, commit }) => event === "commit.held" && commit === rewritten));

  await controller.kill("SIGKILL");
  await controller.launch();
  assert.equal((await waitUntil("the commit to be held again", held)).commit, served);

  const accept = (commit: string) => fairlead(["accept", commit, "--state-dir", controller.stateDirectory]);
  assert.equal((await accept(rewritten.slice(0, 10))).code, 1, "an abbreviation could mean another commit");
  assert.equal((await accept(served)).code, 1, "only what is held can be accepted");
  assert.equal((await accept(rewritten)).code, 0);
  await controller.serves(rewritten);
  assert.equal(await latest(controller), "1.0.0");
});

test("an operator accepts a held commit by a call with the token that the controller made", async (t) => {
  const state = await stateWithOneRelease(t);
  const first = await state.commit("lantern 1.0.0");
  const served = await state.commit("another one");
  const controller = await ControllerProcess.start(t, state.directory);
  await controller.serves(served);
  await runOk("git", ["reset", "-q", "--hard", first], { cwd: state.directory });
  await waitUntil("the commit to be held", async () =>
    (await status(controller)).outcome?.kind === "held" ? true : undefined,
  );
  const token = (await readFile(join(controller.stateDirectory, "operator-token"), "utf8")).trim();
  const accept = (commit: string, shown: string) =>
    fetch(`${controller.url}/api/v1/accept`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${shown}` },
      body: JSON.stringify({ commit }),
    });
  assert.equal((await accept(first, "wrong")).status, 401);
  assert.equal((await accept(served, token)).status, 409, "it is served, not held");
  const accepted = await accept(first, token);
  assert.equal(accepted.status, 202);
  assert.deepEqual(await accepted.json(), { commit: first, servedCommit: served });
  await controller.serves(first);
  assert.ok(events(controller).some(({ event, commit }) => event === "commit.accepted" && commit === first));
});

test("an acceptance is for one rewind: a second one to the same commit is held again, also over a restart", async (t) => {
  const state = await stateWithOneRelease(t);
  const first = await state.commit("lantern 1.0.0");
  const second = await state.commit("another one");
  const controller = await ControllerProcess.start(t, state.directory);
  await controller.serves(second);
  const accept = (commit: string) => fairlead(["accept", commit, "--state-dir", controller.stateDirectory]);
  const pushTo = (commit: string) =>
    runOk("git", ["reset", "-q", "--hard", commit], { cwd: state.directory });
  const isHeld = (commit: string) =>
    waitUntil(`${commit} to be held`, async () => {
      const { outcome } = await status(controller);
      return outcome?.kind === "held" && outcome.commit === commit ? true : undefined;
    });

  assert.equal((await accept(first)).code, 1, "before anything is held");
  await pushTo(first);
  await isHeld(first);
  await controller.kill("SIGKILL");
  assert.equal((await accept(first)).code, 0, "a controller that is not running looks when it starts");
  await controller.launch();
  await controller.serves(first);
  assert.equal((await accept(first)).code, 1, "it is used");

  await pushTo(second);
  await controller.serves(second);
  await pushTo(first);
  await isHeld(first);
  await controller.kill("SIGKILL");
  await controller.launch();
  await isHeld(first);
  assert.equal(await controller.servedCommit(), second);
});

test("a commit that changes the bytes of a published version is refused, also right after a restart", async (t) => {
  const state = await stateWithOneRelease(t);
  const served = await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory);
  await state.addVersion("1.0.0", { says: "1.0.0, built again" });
  const changed = await state.commit("build 1.0.0 again");
  const refusal = async () => {
    const { outcome, commit } = await status(controller);
    if (outcome?.kind !== "refused" || outcome.commit !== changed) return undefined;
    return { commit, rules: outcome.diagnostics.map(({ rule }) => rule) };
  };
  const expected = { commit: served, rules: ["version/changed-after-publish"] };
  assert.deepEqual(await waitUntil("the refusal", refusal), expected);

  await controller.kill("SIGKILL");
  await controller.launch();
  assert.deepEqual(await waitUntil("the refusal after the restart", refusal), expected);
});

test("a channel that does not follow its source in time shows as stale, without another commit", async (t) => {
  const state = await stateWithOneRelease(t);
  await state.addVersion("1.1.0");
  await state.point("beta", "1.1.0");
  await state.point("stable", "1.0.0", "promotion: {from: beta}\nstaleAfter: 1s\n");
  await state.commit("beta moves on");
  const controller = await ControllerProcess.start(t, state.directory);
  const stale = await waitUntil("the stale channel", async () => {
    const { products } = await status(controller);
    return products?.[0]?.channels.find(({ name }) => name === "stable")?.stale;
  });
  assert.deepEqual([stale.waiting, stale.from], ["1.1.0", "beta"]);
});

test("the editing mode serves what is saved and not committed, and says what is wrong with it", async (t) => {
  const state = await stateWithOneRelease(t);
  await state.commit("lantern 1.0.0");
  const controller = await ControllerProcess.start(t, state.directory, ["--dev-keys", "--worktree"]);
  assert.equal((await status(controller)).commit, "worktree");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
  await waitUntil("the saved files", async () => ((await latest(controller)) === "1.1.0" ? true : undefined));
  await state.point("stable", "9.9.9");
  await waitUntil("the finding", () =>
    /channels\/stable\.yaml:1:\d+: error/.test(controller.output) ? true : undefined,
  );
  assert.equal(await latest(controller), "1.1.0");
});

test("a version that was removed and comes back with other bytes is refused, two commits later", async (t) => {
  const state = await stateWithOneRelease(t);
  await state.addVersion("1.1.0");
  await state.commit("lantern 1.0.0 and 1.1.0");
  const controller = await ControllerProcess.start(t, state.directory);
  await runOk("git", ["rm", "-q", "products/lantern/versions/1.1.0.yaml"], { cwd: state.directory });
  await controller.serves(await state.commit("remove 1.1.0"));
  await state.addVersion("1.0.1");
  await controller.serves(await state.commit("lantern 1.0.1"));
  await state.addVersion("1.1.0", { says: "1.1.0, built again" });
  const changed = await state.commit("lantern 1.1.0, again");
  const rules = await waitUntil("the refusal", async () => {
    const { outcome } = await status(controller);
    if (outcome?.kind !== "refused" || outcome.commit !== changed) return undefined;
    return outcome.diagnostics.map(({ rule }) => rule);
  });
  assert.deepEqual(rules, ["version/changed-after-publish"]);
});
