import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import {
  addHolders,
  addProduct,
  type Ceremony,
  renew,
  revoke,
  rotate,
} from "../../controller/keys/ceremonies.ts";
import { thresholdOf, withHolders } from "../../controller/keys/change-holders.ts";
import { readKeyFile } from "../../controller/keys/key-file.ts";
import type { KeySupply } from "../../controller/keys/key-supply.ts";
import { readPresentTrust } from "../../controller/keys/present-trust.ts";
import { readOnlineRoles } from "../../controller/publish/manifest-roles.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { Publisher } from "../../controller/publish/publisher.ts";
import { metaFile, signSnapshot, signTimestamp } from "../../controller/publish/sign-online.ts";
import { ManifestStore } from "../../controller/publish/store/manifest-store.ts";
import { buildRoot, type TrustHolders } from "../../controller/trust/build-trust.ts";
import { ONLINE_LIFETIMES } from "../../controller/trust/lifetimes.ts";
import { GIT_INDENT, signRole } from "../../controller/trust/sign-role.ts";
import { SigningKey } from "../../controller/trust/signing-key.ts";
import { NO_HISTORY } from "../publish/sample-model.ts";
import { temporaryFolder } from "../publish/sample-publisher.ts";
import { SampleFleet } from "./sample-fleet.ts";

type Build = (holders: TrustHolders, supply: KeySupply) => Ceremony;

const idOf = (keys: readonly { readonly keyid: string }[], index = 0): string => keys[index]?.keyid ?? "";
const CEREMONIES: Readonly<Record<string, Build>> = {
  "renew root targets": (holders) => renew(holders, ["root", "targets"]),
  "renew targets": (holders) => renew(holders, ["targets"]),
  "rotate online": (holders, supply) => rotate(holders, supply, "online", undefined),
  "rotate releases-lantern": (holders, supply) => rotate(holders, supply, "releases-lantern", undefined),
  "rotate targets": (holders, supply) => rotate(holders, supply, "targets", idOf(holders.targets)),
  "rotate root": (holders, supply) => rotate(holders, supply, "root", idOf(holders.root)),
  "add-holder root": (holders, supply) =>
    addHolders(holders, supply, "root", { names: ["grace"], threshold: 2 }),
  "add-holder targets": (holders, supply) =>
    addHolders(holders, supply, "targets", { names: ["grace"], threshold: 2 }),
  "revoke the online key": (holders, supply) => revoke(holders, supply, [holders.online.keyid]),
  "revoke a release key": (holders, supply) =>
    revoke(holders, supply, [idOf([...holders.releases.values()])]),
  "revoke a root and a targets key": (holders, supply) =>
    revoke(holders, supply, [idOf(holders.root), idOf(holders.targets)]),
};

for (const [name, build] of Object.entries(CEREMONIES)) {
  test(`after ${name} the state validates, and an agent that was enrolled before follows`, async (t) => {
    const fleet = await SampleFleet.create(t);
    await fleet.publish();
    const agent = await fleet.agent();
    const before = await agent.refresh();
    await fleet.hold(build);
    await fleet.publish();
    const after = await agent.refresh();
    assert.ok(after.version > before.version);
    assert.equal((await agent.releases("lantern")).length, 1);
    assert.equal((await agent.productPolicy("lantern")).product, "lantern");
  });
}

test("with 2 of 3 all ceremonies one after the other, and the agent follows to the end at once", async (t) => {
  const fleet = await SampleFleet.create(t, 3, 2);
  await fleet.publish();
  const agent = await fleet.agent();
  await agent.refresh();
  for (const build of Object.values(CEREMONIES)) await fleet.hold(build);
  await fleet.publish();
  await agent.refresh();
  assert.equal((await agent.releases("lantern")).length, 1);
});

test("an agent follows over 300 new roots, in two looks", async (t) => {
  const fleet = await SampleFleet.create(t);
  await fleet.publish();
  const agent = await fleet.agent();
  await agent.refresh();
  const { holders } = await readPresentTrust(fleet.root, fleet.now);
  const key = readKeyFile(join(fleet.keyFolder, "root-1.json"), "root");
  for (let version = 2; version <= 301; version++) {
    const root = signRole(buildRoot(holders, version, fleet.now), [key], GIT_INDENT);
    writeFileSync(join(fleet.root, `trust/root/${version}.root.json`), root);
  }
  fleet.now += 60;
  await fleet.publish();
  await assert.rejects(agent.refresh(), { message: /256/ });
  await agent.refresh();
  assert.equal((await agent.releases("lantern")).length, 1);
});

test("a new product gets its releases signed, by whoever holds its key from then on", async (t) => {
  const fleet = await SampleFleet.create(t);
  await fleet.state.write("products/torch/product.yaml", "description: another\n");
  await fleet.state.write("products/torch/channels/stable.yaml", "version: 0.1.0\n");
  await fleet.state.write(
    "products/torch/versions/0.1.0.yaml",
    `version: 0.1.0\nartifacts:\n  - {platform: linux-x64, format: binary, url: "https://dl.example/torch", size: 1, sha256: ${"a0".repeat(32)}}\n`,
  );
  const { made } = await fleet.hold((holders, supply) => addProduct(holders, supply, "torch"));
  assert.deepEqual(
    made.map(({ path }) => path),
    [join(fleet.keyFolder, "releases-torch.json")],
  );
  await fleet.publish();
  const agent = await fleet.agent();
  await agent.refresh();
  assert.equal((await agent.releases("torch")).length, 1);
  await assert.rejects(
    fleet.hold((holders, supply) => addProduct(holders, supply, "torch")),
    { code: "keys/exists" },
  );
});

test("a revoked key signs nothing any more, and one that is not needed gets no successor", async (t) => {
  const fleet = await SampleFleet.create(t, 3, 2);
  const { holders } = await readPresentTrust(fleet.root, fleet.now);
  const [lost, second] = holders.root;
  assert.ok(lost && second);
  const { made } = await fleet.hold((present, supply) => revoke(present, supply, [lost.keyid.slice(0, 8)]));
  assert.deepEqual(made, []);
  const left = await readPresentTrust(fleet.root, fleet.now);
  assert.deepEqual(left.holders.root.map(({ keyid }) => keyid).includes(lost.keyid), false);
  assert.equal(left.holders.root.length, 2);
  const again = await fleet.hold((present, supply) => revoke(present, supply, [second.keyid]));
  assert.equal(again.made.length, 1, "with two of two left, the next one is replaced");
  await assert.rejects(
    fleet.hold((present, supply) => revoke(present, supply, [lost.keyid])),
    { code: "keys/not-found" },
  );
});

test("which key is meant is never guessed", async (t) => {
  const fleet = await SampleFleet.create(t, 2, 1);
  const refused = (code: string, build: Build): Promise<void> => assert.rejects(fleet.hold(build), { code });
  await refused("keys/ambiguous", (holders, supply) => rotate(holders, supply, "root", undefined));
  await refused("keys/not-found", (holders, supply) => rotate(holders, supply, "root", "0"));
  await refused("keys/not-found", (holders, supply) => rotate(holders, supply, "releases-torch", undefined));
  await refused("keys/not-found", (holders, supply) => rotate(holders, supply, "timestamp", undefined));
  await refused("keys/not-found", (holders, supply) => revoke(holders, supply, [""]));
  await refused("keys/nothing-to-do", (holders, supply) =>
    addHolders(holders, supply, "root", { names: [], threshold: undefined }),
  );
  await refused("keys/bad-threshold", (holders, supply) =>
    addHolders(holders, supply, "root", { names: [], threshold: 3 }),
  );
});

test("asking for more signatures of root does not ask for more of targets", () => {
  const [a, b, c] = ["root", "targets", "online"].map(() => SigningKey.generate("root"));
  assert.ok(a && b && c);
  const holders = { root: [a], targets: [b], threshold: 1, online: c, releases: new Map() };
  const after = withHolders(holders, "root", [SigningKey.generate("root")], 2);
  assert.deepEqual([thresholdOf(after, "root"), thresholdOf(after, "targets")], [2, 1]);
});

test("keys that have expired can still be renewed", async (t) => {
  const fleet = await SampleFleet.create(t);
  fleet.now += 500 * 86_400;
  await fleet.hold((holders) => renew(holders, ["root", "targets"]));
  await fleet.hold((holders, supply) => rotate(holders, supply, "releases-lantern", undefined));
  await fleet.model();
});

/** The manifest as a thief of the online key signs it: genuine, with a version that none can follow. */
function fastForwarded(manifest: PublishedManifest, onlineKey: SigningKey, now: number): PublishedManifest {
  const version = Number.MAX_SAFE_INTEGER - 1;
  const signing = { onlineKey, version, now, lifetimes: ONLINE_LIFETIMES };
  const snapshot = signSnapshot(signing, readOnlineRoles(manifest.metadata).snapshot.role.meta);
  const timestamp = signTimestamp(signing, metaFile(version, snapshot[1]));
  return { ...manifest, version, metadata: new Map([...manifest.metadata, snapshot, timestamp]) };
}

test("rotating the online key brings back agents that a thief of it has driven far ahead", async (t) => {
  const fleet = await SampleFleet.create(t);
  await fleet.publish();
  const served = { manifest: fleet.published() };
  const agent = await fleet.agent(() => served.manifest);
  served.manifest = fastForwarded(served.manifest, fleet.onlineKey(), fleet.now);
  assert.equal((await agent.refresh()).version, Number.MAX_SAFE_INTEGER - 1);

  fleet.now += 60;
  served.manifest = await fleet.publish();
  await assert.rejects(
    agent.refresh(),
    { code: /version-rollback/ },
    "a genuine manifest is refused as older",
  );
  await fleet.hold((holders) => renew(holders, ["root", "targets"]));
  served.manifest = await fleet.publish();
  await assert.rejects(
    agent.refresh(),
    { code: /version-rollback/ },
    "a new root with the same keys is no cure",
  );

  await fleet.hold((holders, supply) => rotate(holders, supply, "online", undefined));
  served.manifest = await fleet.publish();
  assert.equal((await agent.refresh()).version, fleet.now);
  assert.equal((await agent.releases("lantern")).length, 1);
});

test("a controller that was driven far ahead itself publishes again once its key is rotated", async (t) => {
  const fleet = await SampleFleet.create(t);
  const stateFolder = temporaryFolder(t);
  const keyFile = join(stateFolder, "online.json");
  cpSync(join(fleet.keyFolder, "online.json"), keyFile);
  cpSync(join(fleet.keyFolder, "naming-secret"), join(stateFolder, "naming-secret"));
  const open = () => Publisher.open({ stateFolder, devKeys: false, onlineKeyFile: undefined });
  const publish = async (publisher: Publisher): Promise<PublishedManifest> => {
    const model = await fleet.model();
    return publisher.publish(model, desiredPolicies(model, NO_HISTORY), fleet.now);
  };
  const served = { manifest: await publish(open().publisher) };
  const store = ManifestStore.open(stateFolder, "trust", ONLINE_LIFETIMES);
  const replaces = store.load().manifest?.version;
  served.manifest = fastForwarded(served.manifest, fleet.onlineKey(), fleet.now);
  store.publish(served.manifest, { replaces, startsAnew: false });
  const agent = await fleet.agent(() => served.manifest);
  await agent.refresh();

  const { publisher, restored } = open();
  assert.equal(restored.manifest?.version, Number.MAX_SAFE_INTEGER - 1);
  const { made } = await fleet.hold((holders, supply) => rotate(holders, supply, "online", undefined));
  await assert.rejects(publish(publisher), { code: "publish/online-key-not-trusted" });
  cpSync(made[0]?.path ?? "", keyFile);
  served.manifest = await publish(publisher);
  assert.equal(served.manifest.version, fleet.now);
  assert.equal((await agent.refresh()).version, fleet.now);

  for (const [minutes, next] of [() => publisher, () => open().publisher].entries()) {
    fleet.now += 60;
    const interval = `checkInterval: ${minutes + 1}h\n`;
    await fleet.state.write("fleet.yaml", `schemaVersion: 1\ndefaultChannel: stable\n${interval}`);
    assert.equal((await publish(next())).version, fleet.now, "versions go on from there");
  }
});

test("until the new online key has published, the old one keeps the old manifest fresh", async (t) => {
  const fleet = await SampleFleet.create(t);
  const stateFolder = temporaryFolder(t);
  const keyFile = join(stateFolder, "online.json");
  cpSync(join(fleet.keyFolder, "online.json"), keyFile);
  cpSync(join(fleet.keyFolder, "naming-secret"), join(stateFolder, "naming-secret"));
  const { publisher } = Publisher.open({ stateFolder, devKeys: false, onlineKeyFile: undefined });
  const first = await fleet.model();
  const served = publisher.publish(first, desiredPolicies(first, NO_HISTORY), fleet.now);
  const { made } = await fleet.hold((holders, supply) => rotate(holders, supply, "online", undefined));
  cpSync(made[0]?.path ?? "", keyFile);
  const due = fleet.now + 2 * 86_400;
  assert.ok(publisher.resign(served, due), "the key in memory still signs");
  fleet.now = due + 60;
  const next = await fleet.model();
  const published = publisher.publish(next, desiredPolicies(next, NO_HISTORY), fleet.now);
  assert.ok(publisher.resign(published, fleet.now + 2 * 86_400), "and then the new one");
});
