import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { Updater } from "tuf-js";
import { fetchBytes } from "../../agent/fetch/fetch-bytes.ts";
import { TrustedRepository } from "../../agent/trust/trusted-repository.ts";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import { readOnlineRoles } from "../../controller/publish/manifest-roles.ts";
import { binDepth } from "../../controller/publish/policy-bins.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { Publisher } from "../../controller/publish/publisher.ts";
import { resignTimestamp } from "../../controller/publish/resign-timestamp.ts";
import type { FleetModel } from "../../controller/state/fleet-model.ts";
import { buildRoot } from "../../controller/trust/build-trust.ts";
import { ONLINE_LIFETIMES } from "../../controller/trust/lifetimes.ts";
import { signRole } from "../../controller/trust/sign-role.ts";
import { canonicalJson } from "../../protocol/canonical-json.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { tenantPolicyPath } from "../../protocol/manifest-names.ts";
import { NO_HISTORY, SAMPLE, sampleModel } from "./sample-model.ts";
import { SampleKeys, temporaryFolder } from "./sample-publisher.ts";
import { serveManifest } from "./serve-manifest.ts";

const NOW = Math.floor(Date.now() / 1000);

/** A fleet of so many tenants; `changed` say something else than the others. */
function fleetOf(count: number, commit: string, ...changed: readonly string[]): FleetModel {
  const names = Array.from({ length: count }, (_, index) => `t-${index}`);
  const tenants = names.map((name) => [name, { channel: "stable", autoUpdate: !changed.includes(name) }]);
  return sampleModel({ ...SAMPLE, tenants: Object.fromEntries(tenants) }, commit.repeat(40));
}

function pathOf(tenant: string): string {
  return tenantPolicyPath(sha256Hex(tenant));
}

function namesOf(manifest: PublishedManifest, pattern: RegExp): string[] {
  return Object.keys(readOnlineRoles(manifest.metadata).snapshot.role.meta).filter((name) =>
    pattern.test(name),
  );
}

async function clients(t: TestContext, current: () => PublishedManifest) {
  const url = await serveManifest(t, current);
  const root = current().metadata.get("1.root.json") ?? Buffer.alloc(0);
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "root.json"), root);
  const agent = TrustedRepository.open({
    directory: temporaryFolder(t),
    metadataUrl: new URL("tuf/", url),
    targetsUrl: new URL("targets/", url),
    now: () => NOW,
    fetch: fetchBytes,
  });
  agent.init(root);
  const reference = () =>
    new Updater({
      metadataDir: folder,
      metadataBaseUrl: `${url}tuf`,
      targetDir: folder,
      targetBaseUrl: `${url}targets`,
      config: { fetchRetries: 0 },
    });
  /** What both implementations say of a tenant. */
  const policyOf = async (tenant: string): Promise<unknown> => {
    const updater = reference();
    await updater.refresh();
    const info = await updater.getTargetInfo(pathOf(tenant));
    assert.ok(info, tenant);
    const theirs = JSON.parse(readFileSync(await updater.downloadTarget(info), "utf8"));
    await agent.refresh();
    const ours = await agent.tenantPolicy({ name: tenant, key: sha256Hex(tenant) });
    assert.equal(canonicalJson(ours), canonicalJson(theirs));
    return ours.autoUpdate;
  };
  return { agent, policyOf };
}

test("a fleet that grows goes over to bins and to deeper bins, and clients that know it follow", async (t) => {
  const keys = new SampleKeys();
  const trust = keys.trust(sampleModel(), NOW);
  let manifest = keys.publish(fleetOf(3, "1"), trust, NOW);
  assert.deepEqual(namesOf(manifest, /^policy/), ["policy.json"]);
  const { agent, policyOf } = await clients(t, () => manifest);
  assert.equal(await policyOf("t-0"), true);

  manifest = keys.publish(fleetOf(300, "2", "t-0"), trust, NOW, manifest);
  assert.equal(namesOf(manifest, /^policy-.\.json/).length, 16);
  assert.equal(await policyOf("t-0"), false);
  assert.equal((await agent.findTarget("policy/product/agent.json")).role, "policy");

  manifest = keys.publish(fleetOf(8001, "3"), trust, NOW, manifest);
  assert.equal(namesOf(manifest, /^policy-.\.json/).length, 16);
  assert.equal(namesOf(manifest, /^policy-..\.json/).length, 256);
  assert.equal(await policyOf("t-0"), true);
  assert.equal(await policyOf("t-8000"), true);

  manifest = keys.publish(fleetOf(3, "4", "t-1"), trust, NOW, manifest);
  assert.equal(namesOf(manifest, /^policy/).length, 273);
  assert.equal(await policyOf("t-1"), false);
});

test("where nothing tells that there were bins, a new online key is the way out", async (t) => {
  const keys = new SampleKeys();
  const before = keys.trust(sampleModel(), NOW);
  let manifest = keys.publish(fleetOf(300, "1"), before, NOW);
  const { agent, policyOf } = await clients(t, () => manifest);
  assert.equal(await policyOf("t-0"), true);

  manifest = keys.publish(fleetOf(3, "2", "t-0"), before, NOW + 1);
  await assert.rejects(agent.refresh(), /expected `policy-0\.json` as before/);

  const { root, targets, release } = keys;
  const rotated = Object.assign(new SampleKeys(), { root, targets, release });
  const { roots, ...after } = rotated.trust(sampleModel(), NOW, 2);
  const holders = { root, targets, threshold: 2, online: rotated.online, releases: new Map() };
  const second = signRole(buildRoot(holders, 2, NOW), root);
  const trust = { ...after, roots: new Map([...before.roots, [2, second]]) };
  manifest = rotated.publish(fleetOf(3, "3", "t-0"), trust, NOW + 2);
  assert.equal(await policyOf("t-0"), false);
});

test("who reads the whole manifest, or has the key of one tenant, does not learn who the others are", async (t) => {
  const keys = new SampleKeys();
  const trust = keys.trust(sampleModel(), NOW);
  const tenants = { "northern-clinic": {}, "southern-clinic": {} };
  const manifest = keys.publish(sampleModel({ ...SAMPLE, tenants }, "1".repeat(40)), trust, NOW);
  for (const [name, bytes] of manifest.metadata) {
    assert.doesNotMatch(name + bytes.toString("utf8"), /clinic/, name);
  }
  for (const path of manifest.documents.keys()) assert.doesNotMatch(path, /clinic/);

  const { agent, policyOf } = await clients(t, () => manifest);
  await policyOf("northern-clinic");
  const anothers = { name: "southern-clinic", key: sha256Hex("northern-clinic") };
  await assert.rejects(agent.tenantPolicy(anothers), { code: "trust/wrong-document" });
  const guessed = { name: "southern-clinic", key: sha256Hex("a guess") };
  await assert.rejects(agent.tenantPolicy(guessed), { code: "trust/unknown-target" });
});

test("bins never grow less deep", () => {
  assert.deepEqual(
    (
      [
        [256, 0],
        [257, 0],
        [8001, 0],
        [1, 1],
        [1, 2],
        [300, 2],
      ] as const
    ).map(([tenants, before]) => binDepth(tenants, before)),
    [0, 1, 2, 1, 2, 2],
  );
});

test("a commit about one tenant signs its bin, policy, snapshot and timestamp, and nothing else", () => {
  const keys = new SampleKeys();
  const trust = keys.trust(sampleModel(), NOW);
  const first = keys.publish(fleetOf(300, "1"), trust, NOW);
  const second = keys.publish(fleetOf(300, "2", "t-7"), trust, NOW + 5, first);
  const fresh = [...second.metadata.keys()].filter((name) => !first.metadata.has(name));
  const bin = /^policy\/tenant\/(.)/.exec(pathOf("t-7"))?.[1];
  const { version } = second;
  assert.deepEqual(
    fresh.sort(),
    [`${version}.policy-${bin}.json`, `${version}.policy.json`, `${version}.snapshot.json`].sort(),
  );
  assert.equal(second.formerDocuments?.size, 2);
  assert.equal(second.expiresAt, Math.min(first.expiresAt + 5, NOW + ONLINE_LIFETIMES.policy));
});

test("a bin that nobody changes is signed again at a third of its life", () => {
  const keys = new SampleKeys();
  const trust = keys.trust(sampleModel(), NOW);
  const first = keys.publish(fleetOf(300, "1"), trust, NOW);
  const later = NOW + Math.ceil(ONLINE_LIFETIMES.policy / 3);
  const published = keys.publish(fleetOf(300, "2"), trust, later, first);
  const resigned = resignTimestamp(first, keys.online, later, ONLINE_LIFETIMES);
  for (const manifest of [published, resigned]) {
    assert.ok(manifest.metadata.has(`${later}.policy-0.json`));
    assert.equal(manifest.expiresAt, later + ONLINE_LIFETIMES.timestamp);
  }
});

test("a restarted publisher restores a fleet with bins, whatever number of packs it lies in", (t) => {
  const folder = temporaryFolder(t);
  const open = () => Publisher.open({ stateFolder: folder, devKeys: true, onlineKeyFile: undefined });
  let { publisher } = open();
  for (let round = 0; round < 35; round++) {
    const model = fleetOf(300, (round % 10).toString(), `t-${round}`);
    const published = publisher.publish(model, desiredPolicies(model, NO_HISTORY), NOW + round);
    if (round % 17 !== 0) continue;
    const opened = open();
    assert.equal(opened.restored.damage, undefined);
    assert.deepEqual(opened.restored.manifest?.documents.size, published.documents.size);
    assert.deepEqual(
      new Map([...(opened.restored.manifest?.metadata ?? [])].sort()),
      new Map([...published.metadata].sort()),
    );
    publisher = opened.publisher;
  }
});

test("packs that have become many are put together without the first, for as long as that holds most of the manifest", (t) => {
  const folder = temporaryFolder(t);
  const open = () => Publisher.open({ stateFolder: folder, devKeys: true, onlineKeyFile: undefined });
  const packs = () =>
    readdirSync(join(folder, "manifest-dev"))
      .filter((name) => name.endsWith(".pack"))
      .map((name) => ({ name, size: statSync(join(folder, "manifest-dev", name)).size }))
      .sort((a, b) => Number.parseInt(a.name, 10) - Number.parseInt(b.name, 10));
  const { publisher } = open();
  const changed: string[] = [];
  const publish = (): PublishedManifest => {
    const model = fleetOf(600, (changed.length % 10).toString(), ...changed);
    return publisher.publish(model, desiredPolicies(model, NO_HISTORY), NOW + changed.length);
  };
  publish();
  const [first] = packs();
  assert.ok(first !== undefined);
  let putTogether = 0;
  // Until the first holds so little of it that all of it is written again.
  while (packs()[0]?.name === first.name) {
    assert.ok(changed.length < 600, "the first pack stays for good");
    // Each says something else from here on, so that its pack is needed.
    changed.push(`t-${changed.length}`);
    const published = publish();
    const [kept, rest, more] = packs();
    if (changed.length === 1 || kept?.name !== first.name || more !== undefined) continue;
    putTogether++;
    assert.ok((rest?.size ?? 0) < first.size);
    const { damage, manifest } = open().restored;
    assert.equal(damage, undefined);
    for (const part of ["metadata", "documents", "formerDocuments"] as const) {
      assert.deepEqual(
        new Map([...(manifest?.[part] ?? [])].sort()),
        new Map([...(published[part] ?? [])].sort()),
      );
    }
  }
  assert.ok(putTogether > 0);
  assert.equal(packs().length, 1);
  assert.equal(open().restored.damage, undefined);
});
