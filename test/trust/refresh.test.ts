import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import {
  addRelease,
  makeClient,
  makeRepository,
  NOW,
  PRODUCT,
  PRODUCT_POLICY,
  RELEASES,
} from "./made-repository.ts";

test("a repository made with another implementation is verified, and its documents are read", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  assert.deepEqual(await repository.refresh(), { changed: true, version: 1 });
  assert.deepEqual({ ...(await repository.productPolicy(PRODUCT)) }.commit, PRODUCT_POLICY.commit);
  const [release] = await repository.releases(PRODUCT);
  assert.equal(release?.version, "1.0.0");
  const target = await repository.findTarget(release?.artifacts[0]?.target ?? "");
  assert.equal(target.role, RELEASES);
});

test("the first refresh asks for the root's successor, timestamp, snapshot and targets, in this order", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  assert.deepEqual(made.requests, [
    "metadata/2.root.json",
    "metadata/timestamp.json",
    "metadata/1.snapshot.json",
    "metadata/1.targets.json",
  ]);
});

test("a quiet poll is one request, also after a restart, and reading documents then costs none", async (t) => {
  const made = makeRepository();
  const client = await makeClient(t, made);
  await client.repository.refresh();
  await client.repository.productPolicy(PRODUCT);
  await client.repository.releases(PRODUCT);
  made.requests.length = 0;
  const again = client.reopen();
  assert.deepEqual(await again.refresh(), { changed: false, version: 1 });
  await again.productPolicy(PRODUCT);
  await again.releases(PRODUCT);
  assert.deepEqual(made.requests, ["metadata/timestamp.json"]);
});

test("an expired timestamp is not asked for conditionally: the whole workflow runs", async (t) => {
  const made = makeRepository();
  const client = await makeClient(t, made);
  await client.repository.refresh();
  made.requests.length = 0;
  client.now = NOW + 90_000;
  for (const role of ["root", "targets", "snapshot", "timestamp"] as const) made.expires[role] = 200_000;
  made.versions.root = 2;
  made.publishRoot();
  made.bump("targets");
  made.publish();
  assert.deepEqual(await client.repository.refresh(), { changed: true, version: 2 });
  assert.deepEqual(made.requests.slice(0, 2), ["metadata/2.root.json", "metadata/3.root.json"]);
});

test("a changed timestamp brings new releases with it", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  assert.equal((await repository.releases(PRODUCT)).length, 1);
  addRelease(made, "1.1.0");
  made.bump(RELEASES);
  made.publish();
  assert.deepEqual(await repository.refresh(), { changed: true, version: 2 });
  assert.deepEqual(
    (await repository.releases(PRODUCT)).map(({ version }) => version),
    ["1.0.0", "1.1.0"],
  );
});

test("the store holds what was received, byte for byte, under unversioned names", async (t) => {
  const made = makeRepository();
  const { repository, directory } = await makeClient(t, made);
  await repository.refresh();
  await repository.releases(PRODUCT);
  for (const [stored, served] of [
    ["root.json", "1.root.json"],
    ["timestamp.json", "timestamp.json"],
    ["snapshot.json", "1.snapshot.json"],
    ["targets.json", "1.targets.json"],
    [`${RELEASES}.json`, `1.${RELEASES}.json`],
  ] as const) {
    assert.deepEqual(readFileSync(join(directory, stored)), made.file(`metadata/${served}`), stored);
  }
});

test("a repository without consistent snapshots is followed as its root says", async (t) => {
  const made = makeRepository();
  made.consistent = false;
  made.files.clear();
  made.publishRoot();
  made.publish();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  assert.equal((await repository.productPolicy(PRODUCT)).product, PRODUCT);
  assert.ok(made.requests.includes(`targets/policy/product/${PRODUCT}.json`));
});

test("root keys are replaced through a chain of roots", async (t) => {
  const made = makeRepository();
  const first = made.root();
  for (const version of [2, 3, 4]) {
    const before = made.signers.root;
    made.signers.root = makeRepository().signers.root;
    made.versions.root = version;
    made.publishRoot(before);
  }
  const { repository, directory } = await makeClient(t, made, first);
  await repository.refresh();
  assert.deepEqual(readFileSync(join(directory, "root.json")), made.file("metadata/4.root.json"));
});

test("withdrawing the timestamp and snapshot keys recovers from a fast-forward attack", async (t) => {
  const made = makeRepository();
  Object.assign(made.versions, { snapshot: 99_999, timestamp: 99_999, targets: 99_999 });
  made.publish();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  const fresh = makeRepository().signers;
  Object.assign(made.signers, { snapshot: fresh.snapshot, timestamp: fresh.timestamp });
  Object.assign(made.versions, { root: 2, snapshot: 1, timestamp: 1, targets: 1 });
  made.publishRoot();
  made.publish();
  assert.deepEqual(await repository.refresh(), { changed: true, version: 1 });
});

test("an interrupted refresh is finished by the next one", async (t) => {
  const made = makeRepository();
  const client = await makeClient(t, made);
  const targets = made.file("metadata/1.targets.json");
  made.files.delete("metadata/1.targets.json");
  await assert.rejects(client.repository.refresh(), { code: "trust/missing-file" });
  made.files.set("metadata/1.targets.json", targets);
  await client.reopen().refresh();
  assert.equal((await client.reopen().findTarget(`policy/product/${PRODUCT}.json`)).role, POLICY_ROLE);
});
