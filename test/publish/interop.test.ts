import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { Updater } from "tuf-js";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { resignTimestamp } from "../../controller/publish/resign-timestamp.ts";
import { metaFile, signSnapshot, signTimestamp } from "../../controller/publish/sign-online.ts";
import { buildTargets } from "../../controller/trust/build-trust.ts";
import { ONLINE_LIFETIMES } from "../../controller/trust/lifetimes.ts";
import { signRole } from "../../controller/trust/sign-role.ts";
import { servedTargetPath } from "../../protocol/tuf/name-files.ts";
import { artifactBytes, SAMPLE, sampleModel } from "./sample-model.ts";
import { SampleKeys, temporaryFolder } from "./sample-publisher.ts";
import { serveManifest } from "./serve-manifest.ts";

const NOW = Math.floor(Date.now() / 1000);
const RELEASE = "releases/agent/1.1.0/linux-x64/agent-1.1.0";

/** A new client of another implementation over what is stored in `folder`. */
function client(folder: string, url: string): Updater {
  return new Updater({
    metadataDir: folder,
    metadataBaseUrl: `${url}tuf`,
    targetDir: folder,
    targetBaseUrl: `${url}targets`,
    config: { fetchRetries: 0 },
  });
}

async function setUp(t: TestContext) {
  const keys = new SampleKeys();
  const model = sampleModel();
  const trust = keys.trust(model, NOW);
  const served = { manifest: keys.publish(model, trust, NOW) };
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "root.json"), served.manifest.metadata.get("1.root.json") ?? "");
  const artifact = served.manifest.artifacts.get("agent")?.get(RELEASE);
  const path = servedTargetPath(RELEASE, artifact?.sha256 ?? releaseDigest(served.manifest));
  const artifacts = new Map([[path, artifactBytes("agent", "1.1.0")]]);
  const url = await serveManifest(t, () => served.manifest, artifacts);
  return { keys, model, trust, served, folder, url };
}

function releaseDigest(manifest: PublishedManifest): string {
  const release = manifest.products.get("agent")?.releases.find(({ version }) => version === "1.1.0");
  return release?.artifacts[0]?.sha256 ?? "";
}

test("another implementation verifies policy, release and artifact", async (t) => {
  const { served, folder, url } = await setUp(t);
  const updater = client(folder, url);
  await updater.refresh();
  const policy = await updater.getTargetInfo("policy/product/agent.json");
  assert.ok(policy);
  const bytes = readFileSync(await updater.downloadTarget(policy));
  assert.deepEqual(bytes, served.manifest.documents.get("policy/product/agent.json"));
  const release = await updater.getTargetInfo(RELEASE);
  assert.ok(release);
  assert.equal(release.custom.rollbackTo, ">=1.0.0");
  assert.deepEqual(readFileSync(await updater.downloadTarget(release)), artifactBytes("agent", "1.1.0"));
});

test("a client that knows the last manifest follows to the next, and to one that was only signed again", async (t) => {
  const { keys, trust, served, folder, url } = await setUp(t);
  await client(folder, url).refresh();
  served.manifest = keys.publish(sampleModel(SAMPLE, "2".repeat(40)), trust, NOW, served.manifest);
  await client(folder, url).refresh();
  const published = served.manifest.version;
  served.manifest = resignTimestamp(served.manifest, keys.online, NOW, ONLINE_LIFETIMES);
  await client(folder, url).refresh();
  assert.equal(
    JSON.parse(readFileSync(join(folder, "timestamp.json"), "utf8")).signed.version,
    published + 1,
  );
  assert.equal(JSON.parse(readFileSync(join(folder, "snapshot.json"), "utf8")).signed.version, published);
});

test("a client follows when a product was removed, since no role disappears from the snapshot", async (t) => {
  const { keys, served, trust, folder, url } = await setUp(t);
  const updater = client(folder, url);
  await updater.getTargetInfo(RELEASE);
  const nothingDelegated = buildTargets({ online: keys.online, releases: new Map() }, 2, NOW);
  const without = {
    roots: trust.roots,
    targets: signRole(nothingDelegated, keys.targets),
    releases: new Map(),
  };
  served.manifest = keys.publish(sampleModel({}), without, NOW, served.manifest);
  const follower = client(folder, url);
  await follower.refresh();
  assert.equal(await follower.getTargetInfo(RELEASE), undefined);
  const snapshot = JSON.parse(readFileSync(join(folder, "snapshot.json"), "utf8"));
  assert.equal(snapshot.signed.version, served.manifest.version);
});

test("a client in the middle of a refresh still finds the documents of the manifest before", async (t) => {
  const { keys, trust, served, folder, url } = await setUp(t);
  const updater = client(folder, url);
  await updater.refresh();
  served.manifest = keys.publish(sampleModel(SAMPLE, "2".repeat(40)), trust, NOW, served.manifest);
  const policy = await updater.getTargetInfo("policy/product/agent.json");
  assert.ok(policy);
  const document = JSON.parse(readFileSync(await updater.downloadTarget(policy), "utf8"));
  assert.equal(document.commit, "1".repeat(40));
});

test("files of old manifests are given up in the end", async (t) => {
  const { keys, trust, served } = await setUp(t);
  const first = served.manifest;
  for (let number = 2; number <= 9; number++) {
    served.manifest = keys.publish(
      sampleModel(SAMPLE, String(number).repeat(40)),
      trust,
      NOW,
      served.manifest,
    );
  }
  assert.equal(served.manifest.metadata.has(`${first.version}.snapshot.json`), false);
  const snapshots = [...served.manifest.metadata.keys()].filter((name) => name.endsWith(".snapshot.json"));
  assert.equal(snapshots.length, 5);
  assert.ok(served.manifest.metadata.has("1.root.json"));
});

test("what a stolen online key signs as a release is accepted by nobody", async (t) => {
  const { keys, model, served, folder, url } = await setUp(t);
  const metadata = new Map(served.manifest.metadata);
  const version = served.manifest.version + 1;
  const forged = keys.releases(model, NOW, version, keys.online);
  metadata.set(`${version}.releases-agent.json`, forged);
  const previous = JSON.parse(String(metadata.get(`${served.manifest.version}.snapshot.json`)));
  const signing = { onlineKey: keys.online, version, now: NOW, lifetimes: ONLINE_LIFETIMES };
  const meta = { ...previous.signed.meta, "releases-agent.json": metaFile(version, forged) };
  const snapshot = signSnapshot(signing, meta);
  metadata.set(...snapshot);
  metadata.set(...signTimestamp(signing, metaFile(version, snapshot[1])));
  served.manifest = { ...served.manifest, metadata };
  const updater = client(folder, url);
  await updater.refresh();
  await assert.rejects(updater.getTargetInfo(RELEASE), /releases-agent/);
});
