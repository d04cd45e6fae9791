import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  areaOf,
  commitPath,
  devicePath,
  fleetPath,
  pathAbove,
  rolloutPath,
  routeOf,
} from "../../dashboard/shell/routes.ts";

test("each address names its view", () => {
  assert.deepEqual(routeOf("/"), { view: "overview" });
  assert.deepEqual(routeOf("/rollouts"), { view: "rollouts" });
  assert.deepEqual(routeOf("/rollouts/agent/stable"), {
    view: "rollout",
    product: "agent",
    channel: "stable",
  });
  assert.deepEqual(routeOf("/fleet/"), { view: "fleet" });
  assert.deepEqual(routeOf("/devices/d-7f3a"), { view: "device", id: "d-7f3a" });
  assert.deepEqual(routeOf("/history/c4d1e07"), { view: "commit", commit: "c4d1e07" });
  assert.deepEqual(routeOf("/plan"), { view: "plan" });
});

test("what is no address of the page is nowhere, also where it cannot be read", () => {
  for (const path of [
    "/devices",
    "/devices/a/b",
    "/rollouts/agent",
    "/rollouts/a/b/c",
    "/x",
    "/%",
    "/fleet/x",
  ]) {
    assert.deepEqual(routeOf(path), { view: "nowhere" }, path);
    assert.equal(areaOf(routeOf(path)), undefined);
  }
});

test("one of many leads back to the many, and the many to nowhere", () => {
  const above = ["/devices/d", "/rollouts/a/b", "/history/c", "/plan", "/fleet", "/", "/x"].map((path) =>
    pathAbove(routeOf(path)),
  );
  assert.deepEqual(above, ["/fleet", "/rollouts", "/history", "/history", undefined, undefined, undefined]);
});

test("a link to anything leads back to it, whatever it is called", () => {
  const name = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => text !== "." && text !== "..");
  fc.assert(
    fc.property(name, name, (first, second) => {
      assert.deepEqual(routeOf(devicePath(first)), { view: "device", id: first });
      assert.deepEqual(routeOf(commitPath(first)), { view: "commit", commit: first });
      assert.deepEqual(routeOf(rolloutPath(first, second)), {
        view: "rollout",
        product: first,
        channel: second,
      });
    }),
  );
  assert.equal(
    fleetPath({ tenant: "acme & co", site: undefined, version: "1.4.2" }),
    "/fleet?tenant=acme+%26+co&version=1.4.2",
  );
  assert.equal(fleetPath(), "/fleet");
});
