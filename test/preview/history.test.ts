import assert from "node:assert/strict";
import { test } from "node:test";
import type { CommitSummary } from "../../dashboard/api/types.ts";
import { FleetController } from "../fleet/fleet-controller.ts";
import { waitUntil } from "../support/wait-until.ts";
import { ask, machines, person, refusal, threeVersions } from "./asking.ts";

const texts = ({ did }: CommitSummary) => did.map(({ text }) => text);

test("history says what each commit did, and to how many machines, as it was foreseen and as they reported", async (t) => {
  const controller = await FleetController.start(t, {}, threeVersions);
  const devices = await machines(controller, 3);
  await controller.state.point("stable", "1.1.0");
  await controller.commits("promote lantern 1.1.0 to stable");
  for (const device of devices) await device.checkIn();
  const foreseen = await waitUntil("the numbers of the promotion", async () => {
    const { commits } = await ask(controller, "/api/v1/history");
    return commits[0]?.foreseen === undefined ? undefined : commits;
  });
  const [promotion, first] = foreseen;
  assert.ok(promotion?.foreseen !== undefined && first !== undefined);
  assert.equal(promotion.state, "served");
  assert.deepEqual(texts(promotion), ["promote lantern 1.1.0 to stable (was 1.0.0)"]);
  const { at: _, ...counted } = promotion.foreseen;
  assert.deepEqual(counted, { total: 3, moves: 3, stopped: 0, retimed: 0 });
  assert.equal(first.state, "past");
  assert.ok(texts(first).includes("add tenant acme"), "what the first commit brought");
  await waitUntil("the machines that were offered it", async () => {
    const { commits } = await ask(controller, "/api/v1/history");
    return commits[0]?.reached?.[0]?.offered === 3 ? true : undefined;
  });

  // What was foreseen stays, whatever the fleet runs by now and whoever asks later.
  await controller.restart();
  const [again] = (await ask(controller, "/api/v1/history")).commits;
  assert.deepEqual(again?.foreseen, promotion.foreseen);
});

test("a refused commit shows its first mistake with file and line, also once another commit has mended it", async (t) => {
  const controller = await FleetController.start(t, {}, threeVersions);
  await machines(controller, 2);
  await controller.state.write(
    "tenants/acme.yaml",
    "channel: stable\nwindow: {days: [sat], start: 2 o'clock}\n",
  );
  const bad = await controller.state.commit("shorten the window of acme");
  const [refused] = await waitUntil("the refusal", async () => {
    const { commits } = await ask(controller, "/api/v1/history");
    return commits[0]?.commit === bad && commits[0].state === "refused" ? commits : undefined;
  });
  assert.ok(refused !== undefined && refused.errors > 0);
  assert.deepEqual([refused.first?.file, refused.first?.line], ["tenants/acme.yaml", 2]);
  const report = await ask(controller, `/api/v1/history/${bad}`);
  assert.ok(report.diagnostics.some(({ span }) => span?.line === 2));
  assert.equal(report.plan, undefined);
  assert.match(report.diffs[0]?.diff ?? "", /^\+window: /m);

  await controller.state.write("tenants/acme.yaml", "channel: stable\n");
  await controller.commits("mend it");
  const { commits } = await ask(controller, "/api/v1/history");
  assert.deepEqual(
    commits.slice(0, 2).map(({ subject, state }) => [subject, state]),
    [
      ["mend it", "served"],
      ["shorten the window of acme", "refused"],
    ],
  );
  assert.equal(commits[1]?.first?.line, 2);
  await waitUntil("what the mending commit did, compared with what was good before", async () => {
    const [mended] = (await ask(controller, "/api/v1/history")).commits;
    return mended?.foreseen?.total === 2 ? true : undefined;
  });
});

test("pages of the history follow one another, and filters find what they name", async (t) => {
  const controller = await FleetController.start(t, {}, threeVersions);
  const { state } = controller;
  await state.write("tenants/globex.yaml", "channel: stable\n");
  await state.commit("add globex");
  await state.write("tenants/globex.yaml", "channel: stable\npaused: {reason: an audit}\n");
  await state.commit("pause globex");
  await state.write("docs.txt", "no state\n");
  await state.commit("something else");
  await state.write("products/lantern/product.yaml", "description: a test product\nminVersion: 1.0.0\n");
  await controller.commits("raise the minimum");
  const list = async (query: string): Promise<{ subjects: string[]; next?: string }> => {
    const { commits, next } = await ask(controller, `/api/v1/history?${query}`);
    return { subjects: commits.map(({ subject }) => subject), ...(next === undefined ? {} : { next }) };
  };
  const first = await list("limit=2");
  assert.deepEqual(first.subjects, ["raise the minimum", "something else"]);
  const second = await list(`limit=2&after=${first.next}`);
  assert.deepEqual(second.subjects, ["pause globex", "add globex"]);
  const third = await list(`limit=2&after=${second.next}`);
  assert.deepEqual([third.subjects, third.next], [["lantern"], undefined]);
  assert.deepEqual((await list("tenant=globex")).subjects, ["pause globex", "add globex"]);
  assert.deepEqual((await list("product=lantern")).subjects, [
    "raise the minimum",
    "pause globex",
    "add globex",
    "lantern",
  ]);
  assert.deepEqual((await list("channel=stable")).subjects, ["lantern"]);
  const missing = await refusal(controller, `/api/v1/history/${"0".repeat(40)}`);
  assert.deepEqual([missing.status, missing.code], [404, "http/not-found"]);
});

test("a private key and a password in a commit are not shown with it", async (t) => {
  const controller = await FleetController.start(t, {}, threeVersions);
  await controller.state.write("tenants/acme.yaml", "channel: stable\npassword: hunter2hunter2\n");
  await controller.state.write(
    "tenants/globex.yaml",
    "# -----BEGIN PRIVATE KEY-----\n# MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v\n# -----END PRIVATE KEY-----\nchannel: stable\n",
  );
  const bad = await controller.state.commit("secrets");
  const report = await waitUntil("the refusal", async () => {
    const { commits } = await ask(controller, "/api/v1/history");
    if (!commits.some(({ commit }) => commit === bad)) return undefined;
    return JSON.stringify(await ask(controller, `/api/v1/history/${bad}`));
  });
  assert.ok(report.includes("tenants/globex.yaml"));
  assert.ok(!report.includes("hunter2") && !report.includes("MC4CAQAwBQ"), report);
});

test("whoever is limited to tenants is told of no commit, no branch and no plan, whatever the tenants are", async (t) => {
  const controller = await FleetController.start(t, { pageChanges: "branch" }, threeVersions);
  await controller.state.write("tenants/globex.yaml", "channel: stable\n");
  await controller.commits("add globex");
  const [newest] = (await ask(controller, "/api/v1/history")).commits;
  for (const role of ["viewer", "operator", "admin"] as const) {
    const token = await person(controller, `${role}-of-acme`, role, ["acme"]);
    for (const path of [
      "history",
      "history?tenant=acme",
      `history/${newest?.commit}`,
      "branches",
      "plan?head=main",
    ]) {
      const { status, code, text } = await refusal(controller, `/api/v1/${path}`, { token });
      assert.deepEqual([status, code], [403, "http/role-required"], `${role} ${path}`);
      assert.ok(!text.includes("globex"));
    }
    for (const tenant of ["acme", "globex"]) {
      const body = { kind: "pause", tenant, reason: "x", dryRun: true };
      const answer = await refusal(controller, "/api/v1/proposals", { token, body });
      assert.deepEqual([answer.status, answer.code], [403, "http/role-required"], `${role} ${tenant}`);
    }
    const source = await ask(controller, "/api/v1/source", { token });
    assert.ok(!JSON.stringify(source).includes("globex"));
  }
});
