import assert from "node:assert/strict";
import { test } from "node:test";
import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import type { ProductPolicy } from "../../protocol/policy.ts";
import {
  addRelease,
  type Json,
  type MadeRepository,
  makeClient,
  makeRepository,
  NOW,
  PRODUCT,
  PRODUCT_POLICY,
  withCode,
} from "./made-repository.ts";

const DAY = 86_400;

/** The policy document that the online key signs from now on. */
function publishPolicy(made: MadeRepository, change: Json): void {
  made.documents.delete(`policy/product/${PRODUCT}.json`);
  made.addTarget(
    POLICY_ROLE,
    `policy/product/${PRODUCT}.json`,
    JSON.stringify({ ...PRODUCT_POLICY, ...change }),
  );
  made.bump(POLICY_ROLE);
  made.publish();
}

const versionOffered = ({ channels }: ProductPolicy): string | undefined => channels.stable?.current.version;

test("a machine that has seen nothing takes an older manifest while it is valid; one that saw the newer does not", async (t) => {
  const made = makeRepository();
  const older = new Map(made.files);
  const { repository: warm } = await makeClient(t, made);
  addRelease(made, "1.1.0");
  made.bump("releases-lantern");
  publishPolicy(made, {
    channels: {
      stable: { current: { version: "1.1.0", at: NOW, commit: "fedcba9876543210" }, previous: [] },
    },
  });
  await warm.refresh();
  assert.equal(versionOffered(await warm.productPolicy(PRODUCT)), "1.1.0");

  for (const [path, bytes] of older) made.files.set(path, bytes);
  await assert.rejects(warm.refresh(), withCode("trust/version-rollback"));
  const cold = await makeClient(t, made);
  await cold.repository.refresh();
  assert.equal(versionOffered(await cold.repository.productPolicy(PRODUCT)), "1.0.0");

  const late = await makeClient(t, made);
  late.now = NOW + DAY;
  await assert.rejects(late.repository.refresh(), withCode("trust/expired"));
});

test("a thief of the online key may pause and un-pause, and hold the fleet until the offline roles expire", async (t) => {
  const made = makeRepository();
  for (const role of ["policy", "snapshot", "timestamp"] as const) {
    made.expires[role === "policy" ? "delegated" : role] = 1000 * DAY;
  }
  made.expires.root = 30 * DAY;
  made.expires.targets = 20 * DAY;
  made.publishRoot();
  publishPolicy(made, { paused: { reason: "his" } });
  const client = await makeClient(t, made);
  await client.repository.refresh();
  assert.deepEqual((await client.repository.productPolicy(PRODUCT)).paused, { reason: "his" });
  publishPolicy(made, {});
  await client.repository.refresh();
  assert.equal((await client.repository.productPolicy(PRODUCT)).paused, undefined);

  client.now = NOW + 20 * DAY - 1;
  await client.repository.refresh();
  client.now = NOW + 20 * DAY;
  await assert.rejects(client.repository.refresh(), withCode("trust/expired"));
});

test("a network that withholds what is new holds a machine until the timestamp expires, and the machine then knows", async (t) => {
  const made = makeRepository();
  const client = await makeClient(t, made);
  await client.repository.refresh();
  client.now = NOW + DAY - 1;
  await client.repository.refresh();
  client.now = NOW + DAY;
  await assert.rejects(client.repository.refresh(), withCode("trust/expired"));
});
