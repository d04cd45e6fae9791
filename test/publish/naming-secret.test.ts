import assert from "node:assert/strict";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import { KeyError, type KeyErrorCode } from "../../controller/keys/key-error.ts";
import { readKeyFile, writeKeyFile } from "../../controller/keys/key-file.ts";
import { findTenantKeys } from "../../controller/keys/naming-secret.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { Publisher } from "../../controller/publish/publisher.ts";
import type { FleetModel } from "../../controller/state/fleet-model.ts";
import { lockStateFolder } from "../../controller/state-folder/lock-state-folder.ts";
import { tenantPolicyPath } from "../../protocol/manifest-names.ts";
import { fairlead } from "../support/run-command.ts";
import { NO_HISTORY, SAMPLE, sampleModel } from "./sample-model.ts";
import { SampleKeys, temporaryFolder } from "./sample-publisher.ts";

const NOW = 1_795_000_000;
const SECRET = "5e".repeat(32);
const OTHER = "07".repeat(32);

/** A production controller whose online key, and naming secret where it has one, lie in a folder of their own. */
function production(t: TestContext, secret?: string) {
  const keys = new SampleKeys();
  const [keyFolder, stateFolder] = [temporaryFolder(t), join(temporaryFolder(t), "state")];
  const onlineKeyFile = join(keyFolder, "online.json");
  writeKeyFile(onlineKeyFile, keys.online);
  if (secret !== undefined) writeFileSync(join(keyFolder, "naming-secret"), `${secret}\n`, { mode: 0o400 });
  const model = (commit: string): FleetModel => {
    const sample = sampleModel(SAMPLE, commit.repeat(40));
    return { ...sample, trust: keys.trust(sample, NOW) };
  };
  const open = () => Publisher.open({ stateFolder, devKeys: false, onlineKeyFile });
  return { keyFolder, stateFolder, own: join(stateFolder, "naming-secret"), model, open };
}

function publish(publisher: Publisher, model: FleetModel, now: number): PublishedManifest {
  return publisher.publish(model, desiredPolicies(model, NO_HISTORY), now);
}

function tenantNames(manifest: PublishedManifest | undefined): string[] {
  return [...(manifest?.documents.keys() ?? [])].filter((path) => path.startsWith("policy/tenant/")).sort();
}

function hasCode(code: KeyErrorCode): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof KeyError, String(error));
    assert.equal(error.code, code);
    assert.match(error.help ?? "", /restore|chmod/);
    return true;
  };
}

test("an empty state folder with production keys makes no naming secret: a lost one looks the same", (t) => {
  const { stateFolder, own, model, open } = production(t);
  const { publisher } = open();
  assert.throws(() => publish(publisher, model("1"), NOW), hasCode("keys/no-naming-secret"));
  assert.ok(!existsSync(own) && !existsSync(join(stateFolder, "manifest")));
  writeFileSync(own, SECRET, { mode: 0o600 });
  assert.equal(tenantNames(publish(publisher, model("1"), NOW)).length, 1, "and goes on when it is there");
});

test("the naming secret that came with the online key is taken over, and a new state folder names nothing anew", (t) => {
  const { keyFolder, stateFolder, own, model, open } = production(t, SECRET);
  const names = tenantNames(publish(open().publisher, model("1"), NOW));
  assert.equal(readFileSync(own, "utf8"), `${SECRET}\n`);
  assert.equal(statSync(own).mode & 0o777, 0o600);
  const tenant = SAMPLE_TENANT;
  assert.deepEqual(names, [tenantPolicyPath(findTenantKeys(stateFolder)(tenant))]);
  rmSync(stateFolder, { recursive: true });
  assert.deepEqual(tenantNames(publish(open().publisher, model("1"), NOW + 10)), names);
  rmSync(join(keyFolder, "naming-secret"));
  assert.deepEqual(tenantNames(publish(open().publisher, model("2"), NOW + 20)), names);
});

test("a lost naming secret stops the next publish, not what is served; the right one heals it at once, a wrong one is told", (t) => {
  const { keyFolder, stateFolder, own, model, open } = production(t, SECRET);
  const names = tenantNames(publish(open().publisher, model("1"), NOW));
  rmSync(join(keyFolder, "naming-secret"));
  for (const isDamaged of [false, true]) {
    const saved = temporaryFolder(t);
    cpSync(stateFolder, saved, { recursive: true });
    rmSync(own);
    if (isDamaged) writeFileSync(join(stateFolder, "manifest", `${NOW}.pack`), "cut");
    const { publisher, restored } = open();
    assert.throws(() => publish(publisher, model("2"), NOW + 10), hasCode("keys/no-naming-secret"));
    assert.equal(existsSync(own), false);
    assert.equal(restored.damage !== undefined, isDamaged);
    if (restored.manifest !== undefined) {
      const fresh = publisher.resign(restored.manifest, NOW + 2 * 86_400);
      assert.deepEqual(tenantNames(fresh), names, "what is served is kept fresh meanwhile");
      writeFileSync(own, OTHER, { mode: 0o600 });
      assert.throws(() => publish(publisher, model("2"), NOW + 10), hasCode("keys/other-naming-secret"));
      assert.throws(
        () => publish(open().publisher, model("2"), NOW + 10),
        hasCode("keys/other-naming-secret"),
      );
    }
    writeFileSync(own, SECRET, { mode: 0o600 });
    assert.deepEqual(tenantNames(publish(publisher, model("2"), NOW + 3 * 86_400)), names);
    rmSync(stateFolder, { recursive: true });
    cpSync(saved, stateFolder, { recursive: true });
  }
});

test("in development it is made once, and is missed like any other after the first publish", (t) => {
  const stateFolder = temporaryFolder(t);
  const open = () => Publisher.open({ stateFolder, devKeys: true, onlineKeyFile: undefined }).publisher;
  const model = sampleModel(SAMPLE, "1".repeat(40));
  publish(open(), model, NOW);
  rmSync(join(stateFolder, "naming-secret"));
  assert.throws(() => publish(open(), model, NOW + 10), hasCode("keys/no-naming-secret"));
  rmSync(join(stateFolder, "manifest-dev"), { recursive: true });
  publish(open(), model, NOW + 10);
});

test("a new naming secret is made on purpose only, while no controller runs, and renames every tenant's policy", async (t) => {
  const { stateFolder, own, model, open } = production(t, SECRET);
  const names = tenantNames(publish(open().publisher, model("1"), NOW));
  const command = ["tenant", "new-secret", "--state-dir", stateFolder];
  const lock = lockStateFolder(stateFolder, "serve");
  assert.match((await fairlead([...command, "--yes"])).stderr, /^error\[folder\/in-use\]/);
  lock.release();
  const unasked = await fairlead(command);
  assert.equal(unasked.code, 1);
  assert.match(
    unasked.stderr,
    /^error\[keys\/not-confirmed\]: .*renames the policy of every tenant[\s\S]*restore[\s\S]*--yes/,
  );
  assert.equal(readFileSync(own, "utf8").trim(), SECRET);

  const made = await fairlead([...command, "--yes", "--json"]);
  assert.deepEqual(JSON.parse(made.stdout), { namingSecret: own, former: `${own}.former` });
  assert.ok(!made.stdout.includes(readFileSync(own, "utf8").trim()), "it is not printed");
  assert.equal(readFileSync(`${own}.former`, "utf8").trim(), SECRET);
  assert.equal(statSync(own).mode & 0o777, 0o600);
  const renamed = tenantNames(publish(open().publisher, model("2"), NOW + 10));
  assert.deepEqual(renamed, [tenantPolicyPath(findTenantKeys(stateFolder)(SAMPLE_TENANT))]);
  assert.notDeepEqual(renamed, names);
  writeFileSync(own, OTHER, { mode: 0o600 });
  assert.throws(() => publish(open().publisher, model("3"), NOW + 20), hasCode("keys/other-naming-secret"));
});

test("before anything was published, a new naming secret needs no confirmation", async (t) => {
  const stateFolder = join(temporaryFolder(t), "state");
  const made = await fairlead(["tenant", "new-secret", "--state-dir", stateFolder]);
  assert.equal(made.code, 0, made.stderr);
  assert.match(readFileSync(join(stateFolder, "naming-secret"), "utf8"), /^[0-9a-f]{64}\n$/);
});

test("a secret that a group may read is fine, as Kubernetes mounts it; one that everybody may is not", (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "state"));
  const [key, secret] = [join(folder, "online.json"), join(folder, "state", "naming-secret")];
  writeKeyFile(key, new SampleKeys().online);
  writeFileSync(secret, SECRET);
  for (const mode of [0o400, 0o440, 0o600, 0o640, 0o660]) {
    chmodSync(key, mode);
    chmodSync(secret, mode);
    assert.equal(readKeyFile(key, "online").role, "online", mode.toString(8));
    assert.match(findTenantKeys(join(folder, "state"))("acme"), /^[0-9a-f]{64}$/);
  }
  for (const mode of [0o444, 0o604, 0o644, 0o602]) {
    chmodSync(key, mode);
    chmodSync(secret, mode);
    assert.throws(() => readKeyFile(key, "online"), hasCode("keys/too-open"), mode.toString(8));
    assert.throws(() => findTenantKeys(join(folder, "state"))("acme"), hasCode("keys/too-open"));
  }
});

const SAMPLE_TENANT = [...sampleModel(SAMPLE, "1".repeat(40)).tenants.keys()][0] ?? "";
