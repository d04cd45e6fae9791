import assert from "node:assert/strict";
import { test } from "node:test";
import { FleetController } from "../fleet/fleet-controller.ts";
import { Branches } from "../propose/git-repositories.ts";
import { ask, machines, refusal, threeVersions } from "./asking.ts";

test("the plan of a branch says the verdict, who moves, and why it is refused", async (t) => {
  const controller = await FleetController.start(t, {}, threeVersions);
  await machines(controller, 4);
  const git = new Branches(controller.state.directory);
  await git.git("switch", "-q", "-c", "promote/next");
  await controller.state.point(
    "stable",
    "1.1.0",
    "rollout:\n  waves: [{percent: 50, after: 0s}, {percent: 100, after: 1d}]\n",
  );
  await controller.state.commit("promote lantern 1.1.0 to stable");
  await git.git("switch", "-q", "-c", "broken");
  await controller.state.point("stable", "9.9.9");
  await controller.state.commit("a version that nobody has");
  await git.git("switch", "-q", "main");

  const listed = await ask(controller, "/api/v1/branches");
  assert.equal(listed.followed, "main");
  assert.deepEqual(
    listed.branches.map(({ name }) => name),
    ["broken", "main", "promote/next"],
  );

  const { plan, ...next } = await ask(controller, "/api/v1/plan?head=promote/next");
  assert.notEqual(next.verdict, "refused");
  assert.deepEqual([plan?.inventory.kind, plan?.inventory.total, plan?.blast.devices], ["devices", 4, 4]);
  const [transition] = plan?.transitions ?? [];
  assert.deepEqual([transition?.from, transition?.to, transition?.devices], ["1.0.0", "1.1.0", 4]);
  assert.deepEqual(
    transition?.waves?.map(({ share }) => share),
    [500_000, 1_000_000],
  );
  assert.deepEqual(
    next.commits.map(({ subject }) => subject),
    ["promote lantern 1.1.0 to stable"],
  );
  assert.equal(next.did[0]?.text, "promote lantern 1.1.0 to stable (was 1.0.0)");

  const broken = await ask(controller, "/api/v1/plan?head=broken");
  assert.equal(broken.verdict, "refused");
  assert.equal(broken.plan, undefined);
  assert.equal(broken.diagnostics[0]?.file, "products/lantern/channels/stable.yaml");
  assert.equal(broken.diagnostics[0]?.span?.line, 1);

  // What was merged since a branch began does not look as if the branch took it back.
  await controller.state.write("tenants/globex.yaml", "channel: stable\n");
  await controller.commits("add globex");
  const behind = await ask(controller, "/api/v1/plan?head=promote/next");
  assert.equal(behind.behind, 1);
  assert.deepEqual(
    behind.did.map(({ kind }) => kind),
    ["promote"],
  );
});

test("the plan of a branch names the expectation that it breaks, and is not said to be fine", async (t) => {
  const controller = await FleetController.start(t, {}, threeVersions);
  await machines(controller, 2);
  const git = new Branches(controller.state.directory);
  await controller.state.write(
    "expectations/promises.yaml",
    "expect:\n  - that: everybody stays on 1.0.0\n    never: {version: '>=1.1.0'}\n",
  );
  await controller.commits("expect it");
  await git.git("switch", "-q", "-c", "next");
  await controller.state.point("stable", "1.1.0");
  await controller.state.commit("promote lantern 1.1.0 to stable");
  await git.git("switch", "-q", "main");
  const { plan, verdict } = await ask(controller, "/api/v1/plan?head=next");
  const [broken] = plan?.expectations ?? [];
  assert.deepEqual(
    [broken?.kind, broken?.that, broken?.file, broken?.line],
    ["broken", "everybody stays on 1.0.0", "expectations/promises.yaml", 3],
  );
  assert.equal(verdict, "warned");
});

test("only branches of the repository can be asked for, by their names", async (t) => {
  const controller = await FleetController.start(t, {}, threeVersions);
  const git = new Branches(controller.state.directory);
  await git.git("tag", "v1");
  const commit = await git.git("rev-parse", "main");
  for (const head of [
    "nobody",
    "v1",
    commit,
    "HEAD",
    "refs/heads/main",
    "main~1",
    "--upload-pack=x",
    "../x",
  ]) {
    const { status, code } = await refusal(controller, `/api/v1/plan?head=${encodeURIComponent(head)}`);
    assert.deepEqual([status, code], [404, "http/not-found"], head);
  }
  const { status } = await refusal(controller, "/api/v1/plan?head=main&base=other");
  assert.equal(status, 400);
});
