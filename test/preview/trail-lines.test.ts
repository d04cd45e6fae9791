import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { FleetController } from "../fleet/fleet-controller.ts";
import { lantern } from "../support/device-client.ts";
import { ask, person, refusal, threeVersions } from "./asking.ts";

interface Told {
  readonly commit: string;
  /** What the trail names. */
  readonly named: readonly string[];
  /** At which lines that stands, by its names. */
  readonly lines: Readonly<Record<string, number>>;
}

async function trailOf(controller: FleetController, id: string, token?: string): Promise<Told> {
  const as = token === undefined ? {} : { token };
  const { decision } = await ask(controller, `/api/v1/agents/${id}/explain`, as);
  const { commit, lines } = await ask(controller, `/api/v1/agents/${id}/explain/lines`, as);
  return {
    commit,
    named: decision.trail.flatMap(({ where }) => where ?? []),
    lines: Object.fromEntries(lines.map(({ where, line }) => [where, line])),
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
  const theirs = await refusal(controller, `/api/v1/agents/${id}/explain/lines`, { token });
  const nobody = await refusal(controller, "/api/v1/agents/d-nobody/explain/lines", { token });
  assert.deepEqual(theirs, nobody);
  assert.equal(theirs.status, 404);
});
