import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { FleetController } from "../fleet/fleet-controller.ts";
import { lantern } from "../support/device-client.ts";
import { ask, person, threeVersions } from "./asking.ts";

/** What a test looks at of an explanation and of its lines. */
interface Told {
  readonly status: number;
  readonly commit: string;
  readonly named: readonly string[];
  /** `tenants/acme.yaml:3`, by what the trail names. */
  readonly lines: Readonly<Record<string, number>>;
}

async function trailOf(controller: FleetController, id: string, token?: string): Promise<Told> {
  const as = token === undefined ? {} : { token };
  const explained = await ask(controller, `/api/v1/agents/${id}/explain`, as);
  assert.equal(explained.status, 200, JSON.stringify(explained.body));
  const { status, body } = await ask(controller, `/api/v1/agents/${id}/explain/lines`, as);
  const trail: readonly { where?: string }[] = explained.body.decision.trail;
  return {
    status,
    commit: body.commit,
    named: trail.flatMap(({ where }) => (where === undefined ? [] : [where])),
    lines: Object.fromEntries(
      (body.lines ?? []).map(({ where, line }: { where: string; line: number }) => [where, line]),
    ),
  };
}

async function heldFleet(t: TestContext) {
  const controller = await FleetController.start(t, {}, async (state) => {
    await threeVersions(state);
    await state.write("fleet.yaml", "schemaVersion: 1\n# said of all\ndefaultChannel: stable\n");
    await state.write(
      "tenants/acme.yaml",
      "# of acme\nchannel: stable\nsites:\n  berlin:\n    channel: stable\n    autoUpdate: false\n",
    );
    await state.write("tenants/globex.yaml", "channel: stable\n");
    await state.point(
      "stable",
      "1.1.0",
      "rollout:\n  waves: [{percent: 100, after: 0s}]\n  canary: {groups: [globex/none]}\n",
    );
    await state.write("tenants/globex.yaml", "channel: stable\ngroups: {none: {match: {ring: none}}}\n");
  });
  const device = await controller.device(await controller.token({ tenant: "acme", site: "berlin" }));
  await device.checkIn({ products: [lantern("1.0.0")] });
  return { controller, id: device.id };
}

test("each place that a trail names has its line in the served commit, also after a commit that moves it", async (t) => {
  const { controller, id } = await heldFleet(t);
  const channel = "tenants/acme.yaml#/sites/berlin/channel";
  const held = "tenants/acme.yaml#/sites/berlin/autoUpdate";
  const told = await trailOf(controller, id);
  assert.equal(told.status, 200);
  assert.deepEqual(Object.keys(told.lines).sort(), [...new Set(told.named)].sort(), "each has one");
  assert.deepEqual([told.lines[channel], told.lines[held]], [5, 6]);

  await controller.state.write(
    "tenants/acme.yaml",
    "# of acme\n\n\nchannel: stable\nsites:\n  berlin:\n    channel: stable\n    autoUpdate: false\n",
  );
  await controller.commits("leave room above");
  const moved = await trailOf(controller, id);
  assert.notEqual(moved.commit, told.commit);
  assert.deepEqual([moved.lines[channel], moved.lines[held]], [7, 8]);
});

test("whoever is limited to tenants is told lines of their own file alone, and of no machine of others", async (t) => {
  const { controller, id } = await heldFleet(t);
  const ours = await trailOf(controller, id, await person(controller, "acme", "viewer", ["acme"]));
  assert.ok(
    ours.named.some((where) => where.startsWith("products/")),
    "the trail itself names files of products",
  );
  const files = new Set(Object.keys(ours.lines).map((where) => where.split("#")[0]));
  assert.deepEqual([...files], ["tenants/acme.yaml"]);
  const token = await person(controller, "globex", "admin", ["globex"]);
  const theirs = await ask(controller, `/api/v1/agents/${id}/explain/lines`, { token });
  const nobody = await ask(controller, "/api/v1/agents/d-nobody/explain/lines", { token });
  assert.deepEqual([theirs.status, theirs.body], [nobody.status, nobody.body]);
  assert.equal(theirs.status, 404);
});
