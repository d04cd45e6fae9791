import assert from "node:assert/strict";
import { test } from "node:test";
import type { Device, Status } from "../../dashboard/api/types.ts";
import { rankFindings } from "../../dashboard/shell/find-things.ts";

const SERVED = "c4d1e07".padEnd(40, "0");
const status: Status = {
  ready: true,
  degraded: false,
  commit: SERVED,
  products: [
    {
      name: "agent",
      releases: 3,
      yanked: [],
      channels: [
        { name: "stable", version: "1.4.2", since: 0, commit: "7f3a9c1".padEnd(40, "0") },
        { name: "beta", version: "1.4.3", since: 0, commit: SERVED },
      ],
    },
  ],
};
const device: Device = {
  id: "d-7f3a90c1",
  tenant: "acme",
  site: "berlin",
  labels: {},
  platform: "linux-arm64",
  enrolledAt: 0,
  lastSeenAt: null,
  installations: [],
};
const hrefs = (text: string, devices: readonly Device[] = []): string[] =>
  rankFindings(text, status, devices).map(({ href }) => href);

test("before anything is typed there are the views and the channels", () => {
  assert.deepEqual(hrefs(""), [
    "/",
    "/rollouts",
    "/fleet",
    "/history",
    "/rollouts/agent/stable",
    "/rollouts/agent/beta",
  ]);
  assert.equal(rankFindings("", undefined, []).length, 4);
});

test("a channel is found by its name, its product's, or both however they are written", () => {
  for (const text of ["stable", "STA", "agent/st", "agent / stable", "st ag"]) {
    assert.ok(hrefs(text).includes("/rollouts/agent/stable"), text);
  }
  assert.deepEqual(hrefs("table"), []);
});

test("a version leads to those that run it, also one that no channel points to", () => {
  assert.deepEqual(hrefs("1.4"), [
    "/fleet?product=agent&version=1.4.2",
    "/fleet?product=agent&version=1.4.3",
    "/fleet?product=agent&version=1.4",
  ]);
  assert.deepEqual(hrefs("1.3.9"), ["/fleet?product=agent&version=1.3.9"]);
});

test("a commit is found by its beginning, and one that is not known here is looked for in the history", () => {
  assert.deepEqual(hrefs("c4d1"), [`/history/${SERVED}`]);
  assert.deepEqual(hrefs("abcdef0"), ["/history/abcdef0"]);
  assert.deepEqual(hrefs("ab"), []);
});

test("machines come last, so that what is chosen stays where it is when they are found", () => {
  const before = hrefs("a");
  const after = hrefs("a", [device]);
  assert.deepEqual(after.slice(0, before.length), before);
  assert.deepEqual(after.slice(before.length), ["/fleet?tenant=acme", "/devices/d-7f3a90c1"]);
  const [machine] = rankFindings("d-7f", status, [device]);
  assert.equal(machine?.what, "machine · acme / berlin · linux-arm64");
});
