import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import { KeyError } from "../../controller/keys/key-error.ts";
import { writeKeyFile } from "../../controller/keys/key-file.ts";
import { PublishError } from "../../controller/publish/publish-error.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { Publisher, type Restored } from "../../controller/publish/publisher.ts";
import type { FleetModel } from "../../controller/state/fleet-model.ts";
import { ONLINE_LIFETIMES } from "../../controller/trust/lifetimes.ts";
import { NO_HISTORY, SAMPLE, sampleModel, version } from "./sample-model.ts";
import { SampleKeys, temporaryFolder } from "./sample-publisher.ts";

const NOW = 1_795_000_000;
const FIRST = sampleModel(SAMPLE, "1".repeat(40));
const SECOND = sampleModel(SAMPLE, "2".repeat(40));

function open(stateFolder: string, devKeys = true): { publisher: Publisher; restored: Restored } {
  return Publisher.open({ stateFolder, devKeys, onlineKeyFile: undefined });
}

function publish(publisher: Publisher, model: FleetModel, now: number): PublishedManifest {
  return publisher.publish(model, desiredPolicies(model, NO_HISTORY), now);
}

/** The same content, whatever the order of its maps. */
function contentOf(manifest: PublishedManifest | undefined): unknown {
  if (manifest === undefined) return undefined;
  const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...manifest,
    metadata: sorted(manifest.metadata),
    documents: sorted(manifest.documents),
    formerDocuments: sorted(manifest.formerDocuments ?? new Map()),
    artifacts: sorted(manifest.artifacts),
    tenants: [[...manifest.tenants.keys()].sort(), manifest.tenants.formerNames],
    // What was read back has maps without a prototype.
    products: JSON.parse(JSON.stringify([...manifest.products])),
  };
}

test("a restarted publisher has the whole manifest back, and publishes nothing anew", (t) => {
  const folder = temporaryFolder(t);
  const { publisher } = open(folder);
  publish(publisher, FIRST, NOW);
  const published = publish(publisher, SECOND, NOW + 10);
  const { publisher: restarted, restored } = open(folder);
  assert.deepEqual(contentOf(restored.manifest), contentOf(published));
  assert.equal(publish(restarted, SECOND, NOW + 20).version, published.version);
});

test("a commit about other things leaves a product's policy as it was published, in a restarted controller, too", (t) => {
  const folder = temporaryFolder(t);
  const halted = { version: "1.1.0", reason: "it crashes" };
  const product = (name: string) => ({
    channels: { stable: { version: "1.1.0", halted } },
    versions: [version(name, "1.1.0")],
  });
  const [one, two] = [product("one"), product("two")];
  const state = { products: { one, two } };
  const promoted = { version: "1.1.0", at: NOW - 100, commit: "a".repeat(40), author: "Ada", subject: "go" };
  const histories = new Map(["one/stable", "two/stable"].map((channel) => [channel, [promoted]]));
  const publishAt = (publisher: Publisher, model: FleetModel, now: number): PublishedManifest =>
    publisher.publish(model, desiredPolicies(model, histories), now);
  const { publisher } = open(folder);
  const first = sampleModel(state, "1".repeat(40));
  const before = publishAt(publisher, { ...first, committedAt: NOW }, NOW);
  const stays = "policy/product/one.json";
  // The files of `one` are the same, and read again, as after a restart.
  const changed = { ...state, products: { ...state.products, two: { ...two, product: { paused: true } } } };
  const next = { ...sampleModel(changed, "2".repeat(40)), committedAt: NOW + 5 };
  const kept = new Map([...next.products, ...[...first.products].slice(0, 1)]);
  for (const [now, published] of [
    [NOW + 10, publishAt(publisher, { ...next, products: kept }, NOW + 10)],
    [NOW + 20, publishAt(open(folder).publisher, { ...next, commit: "3".repeat(40) }, NOW + 20)],
  ] as const) {
    assert.deepEqual(published.documents.get(stays), before.documents.get(stays), `at ${now}`);
    assert.equal(published.products.get("one")?.policy.commit, "1".repeat(40));
    assert.equal(published.products.get("two")?.policy.commit, "2".repeat(40));
    const policyFile = published.metadata.get(`${published.version}.policy.json`)?.toString() ?? "{}";
    assert.equal(JSON.parse(policyFile).signed.commit, published.commit);
  }
});

test("versions rise when the clock goes back and when the state folder is lost", (t) => {
  const folder = temporaryFolder(t);
  const first = publish(open(folder).publisher, FIRST, NOW);
  assert.equal(first.version, NOW);
  const second = publish(open(folder).publisher, SECOND, NOW - 5000);
  assert.equal(second.version, NOW + 1);
  rmSync(join(folder, "manifest-dev"), { recursive: true });
  const third = publish(open(folder).publisher, FIRST, NOW + 100);
  assert.ok(third.version > second.version);
});

test("the timestamp is signed again at a third of its life, and the roles below it at theirs", (t) => {
  const { publisher } = open(temporaryFolder(t));
  const first = publish(publisher, FIRST, NOW);
  const third = Math.ceil(ONLINE_LIFETIMES.timestamp / 3);
  assert.equal(publisher.resign(first, NOW + third - 10), undefined);
  const second = publisher.resign(first, NOW + third);
  assert.ok(second !== undefined && second.version === NOW + third);
  assert.equal(second.metadata.has(`${second.version}.snapshot.json`), false);
  const later = NOW + Math.ceil(ONLINE_LIFETIMES.policy / 3);
  const fourth = publisher.resign(second, later);
  assert.ok(fourth?.metadata.has(`${later}.snapshot.json`) && fourth.metadata.has(`${later}.policy.json`));
  assert.deepEqual(fourth?.documents, first.documents);
});

test("in development, root, targets and releases are signed anew only when they say something new", (t) => {
  const { publisher } = open(temporaryFolder(t));
  publish(publisher, FIRST, NOW);
  const names = [...publish(publisher, SECOND, NOW + 10).metadata.keys()];
  assert.deepEqual(
    names.filter((name) => /root|targets|releases/.test(name)).sort(),
    ["1.root.json", `${NOW}.releases-agent.json`, `${NOW}.targets.json`].sort(),
  );
});

test("state that people have signed never falls back to development keys", (t) => {
  const folder = temporaryFolder(t);
  const keys = new SampleKeys();
  writeKeyFile(join(folder, "online.json"), keys.online);
  writeFileSync(join(folder, "naming-secret"), "5e".repeat(32), { mode: 0o600 });
  publish(open(folder).publisher, { ...FIRST, trust: keys.trust(FIRST, NOW) }, NOW);
  const { publisher, restored } = open(folder);
  assert.equal(restored.manifest?.commit, FIRST.commit);
  assert.throws(() => publish(publisher, SECOND, NOW), hasCode("publish/trust-removed"));
  assert.throws(() => publish(open(folder, false).publisher, SECOND, NOW), hasCode("publish/no-trust"));
});

test("production needs the online key, of that role, and for its owner only", (t) => {
  const folder = temporaryFolder(t);
  const keys = new SampleKeys();
  const model = { ...FIRST, trust: keys.trust(FIRST, NOW) };
  assert.throws(() => publish(open(folder).publisher, model, NOW), hasCode("publish/no-online-key"));
  writeKeyFile(join(folder, "online.json"), keys.release);
  assert.throws(() => publish(open(folder).publisher, model, NOW), hasCode("keys/wrong-role"));
  writeFileSync(join(folder, "open.json"), readFileSync(join(folder, "online.json")), { mode: 0o644 });
  const onlineKeyFile = join(folder, "open.json");
  const { publisher } = Publisher.open({ stateFolder: folder, devKeys: false, onlineKeyFile });
  assert.throws(() => publish(publisher, model, NOW), hasCode("keys/too-open"));
});

test("a stored manifest with one changed byte is put aside, and the commit is published anew", (t) => {
  const folder = temporaryFolder(t);
  const published = publish(open(folder).publisher, FIRST, NOW);
  const store = join(folder, "manifest-dev");
  for (const name of readdirSync(store)) {
    const copy = temporaryFolder(t);
    cpSync(folder, copy, { recursive: true });
    const file = join(copy, "manifest-dev", name);
    const bytes = readFileSync(file);
    for (const at of [bytes.indexOf('"expires"') + 12, bytes.indexOf("stable"), 3, bytes.length - 3]) {
      if (at < 0) continue;
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      writeFileSync(file, damaged);
      cpSync(join(folder, "manifest-dev"), join(copy, "manifest-dev"), {
        recursive: true,
        filter: (path) => !path.endsWith(name),
      });
      const { publisher, restored } = open(copy);
      assert.equal(restored.manifest, undefined, `${name} ${at}`);
      assert.equal(restored.damage?.code ?? "none", "publish/store-damaged", name);
      assert.ok(publish(publisher, FIRST, NOW).version > published.version - 1, name);
      assert.ok(readdirSync(copy).includes("manifest-dev.damaged"));
      rmSync(join(copy, "manifest-dev"), { recursive: true });
      mkdirSync(join(copy, "manifest-dev"));
    }
  }
});

test("a controller killed at any change of a file name leaves a manifest that verifies", (t) => {
  if (!canInject()) return t.skip("needs strace, to kill at an exact system call");
  const base = temporaryFolder(t);
  publish(open(base).publisher, FIRST, NOW);
  const served = new Set<string | undefined>();
  for (let call = 1; ; call++) {
    assert.ok(call < 60, "the child never came to its end");
    const folder = temporaryFolder(t);
    cpSync(base, folder, { recursive: true });
    const isKilled = publishKilledAt(call, folder);
    const { publisher, restored } = open(folder);
    assert.equal(restored.damage, undefined, `call ${call}`);
    served.add(restored.manifest?.commit);
    const next = publish(publisher, SECOND, NOW + 10);
    assert.equal(next.commit, SECOND.commit);
    assert.ok(next.version > NOW);
    if (!isKilled) break;
  }
  assert.deepEqual(served, new Set([FIRST.commit, SECOND.commit]));
});

const NAME_CHANGES = "link,linkat,rename,renameat,renameat2,unlink,unlinkat";

function publishKilledAt(call: number, folder: string): boolean {
  const inject = `inject=${NAME_CHANGES}:signal=KILL:when=${call}`;
  const script = join(import.meta.dirname, "publish-in-child.ts");
  const { signal, status } = spawnSync(
    "strace",
    ["-f", "-o", "/dev/null", "-e", `trace=${NAME_CHANGES}`, "-e", inject].concat(
      process.execPath,
      script,
      folder,
      SECOND.commit,
      String(NOW + 10),
    ),
    { timeout: 60_000 },
  );
  if (signal === null && status === 0) return false;
  assert.equal(signal, "SIGKILL");
  return true;
}

function canInject(): boolean {
  return spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0;
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PublishError || error instanceof KeyError, String(error));
    assert.equal(error.code, code);
    return true;
  };
}
