import assert from "node:assert/strict";
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { TrustError } from "../../agent/trust/trust-error.ts";
import { POLICY_ROLE } from "../../protocol/manifest-names.ts";
import {
  addRelease,
  type Json,
  MadeRepository,
  makeClient,
  makeRepository,
  makeSigner,
  NOW,
  PRODUCT,
  PRODUCT_POLICY,
  RELEASES,
  withCode,
} from "./made-repository.ts";

const POLICY_PATH = `policy/product/${PRODUCT}.json`;

/** What the store holds, to see that a refusal left it alone. */
function contents(directory: string): Map<string, string> {
  return new Map(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name)).toString("base64")]),
  );
}

for (const role of ["timestamp", "snapshot", "targets"] as const) {
  test(`a ${role} that its key did not sign is refused and not stored`, async (t) => {
    const made = makeRepository();
    const { repository, directory } = await makeClient(t, made);
    made.signers[role] = [makeSigner()];
    made.publish();
    await assert.rejects(repository.refresh(), withCode("trust/signature-threshold"));
    assert.ok(!readdirSync(directory).includes(`${role}.json`));
  });

  test(`an expired ${role} is refused and not stored`, async (t) => {
    const made = makeRepository();
    const { repository, directory } = await makeClient(t, made);
    made.expires[role] = 0;
    made.publish();
    await assert.rejects(repository.refresh(), withCode("trust/expired"));
    assert.ok(!readdirSync(directory).includes(`${role}.json`));
  });

  test(`a ${role} whose version goes backward is refused, and what was trusted stays`, async (t) => {
    const made = makeRepository();
    for (const name of Object.keys(made.versions) as (keyof typeof made.versions)[]) {
      if (name !== "root") made.versions[name] = 5;
    }
    made.publish();
    const { repository, directory } = await makeClient(t, made);
    await repository.refresh();
    const before = contents(directory);
    made.bump();
    made.versions[role] = 4;
    made.publish();
    await assert.rejects(repository.refresh(), withCode("trust/version-rollback"));
    const after = contents(directory);
    assert.equal(after.get(`${role}.json`), before.get(`${role}.json`));
    assert.equal(after.get("snapshot.json"), before.get("snapshot.json"));
  });
}

test("a delegated role whose version goes backward is refused", async (t) => {
  const made = makeRepository();
  made.bump(RELEASES);
  made.publish();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  made.bump();
  made.versions[RELEASES] = 1;
  made.publish();
  await assert.rejects(repository.refresh(), withCode("trust/version-rollback"));
});

test("a role that disappears from the snapshot is noticed", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  made.bump();
  made.publish((name, signed) => {
    if (name === "snapshot") delete (signed.meta as Json)[`${RELEASES}.json`];
    return signed;
  });
  await assert.rejects(repository.refresh(), withCode("trust/missing-role"));
});

test("a snapshot of another publish than the timestamp names is refused", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  const old = made.file("metadata/1.snapshot.json");
  addRelease(made, "1.1.0");
  made.bump(RELEASES);
  made.publish();
  made.files.set("metadata/2.snapshot.json", Buffer.concat([old, Buffer.from("\n")]).subarray(0, old.length));
  await assert.rejects(repository.refresh(), withCode("trust/hash-mismatch"));
});

test("a role's version must be the one that the snapshot names, even where no digest is signed", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  made.publish((name, signed) => {
    if (name === "snapshot") signed.meta = { "targets.json": { version: 2 } };
    return signed;
  });
  made.files.set("metadata/2.targets.json", made.file("metadata/1.targets.json"));
  await assert.rejects(repository.refresh(), withCode("trust/version-mismatch"));
});

test("the snapshot's version must be the one that the timestamp names, even where no digest is signed", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  made.publish((name, signed) => {
    if (name === "timestamp") signed.meta = { "snapshot.json": { version: 2 } };
    return signed;
  });
  made.files.set("metadata/2.snapshot.json", made.file("metadata/1.snapshot.json"));
  await assert.rejects(repository.refresh(), withCode("trust/version-mismatch"));
});

test("a policy document that the policy role did not list is unknown, and one that was changed is refused", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  await assert.rejects(
    repository.fetchDocument("policy/product/other.json", 1000),
    withCode("trust/unknown-target"),
  );
  const path = [...made.files.keys()].find((name) => name.startsWith("targets/policy/"));
  made.files.set(path ?? "", Buffer.from(JSON.stringify({ ...PRODUCT_POLICY, commit: "f".repeat(40) })));
  await assert.rejects(repository.productPolicy(PRODUCT), withCode("trust/hash-mismatch"));
});

test("a stolen online key can list a release, and no agent finds it", async (t) => {
  const made = makeRepository();
  const path = `releases/${PRODUCT}/9.9.9/linux-x64/${PRODUCT}`;
  made.addTarget(POLICY_ROLE, path, "evil");
  made.publish();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  await assert.rejects(repository.findTarget(path), withCode("trust/unknown-target"));
  assert.deepEqual(
    (await repository.releases(PRODUCT)).map(({ version }) => version),
    ["1.0.0"],
  );
});

test("a stolen online key cannot sign the release role or re-delegate it", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  const genuine = JSON.parse(made.file("metadata/1.targets.json").toString()) as { signed: Json };
  made.signers[RELEASES] = made.signers[POLICY_ROLE];
  addRelease(made, "9.9.9");
  made.bump(RELEASES);
  // The genuine targets role names the real release key; everything online is signed well.
  made.publish((name, signed) => (name === "targets" ? genuine.signed : signed));
  await repository.refresh();
  await assert.rejects(repository.releases(PRODUCT), withCode("trust/signature-threshold"));
  made.signers.targets = made.signers[POLICY_ROLE];
  made.bump("targets");
  made.publish();
  await assert.rejects(repository.refresh(), withCode("trust/signature-threshold"));
});

test("a policy document signed by another role than policy is refused", async (t) => {
  const made = makeRepository();
  made.publish((name, signed) => {
    const policy = JSON.stringify(PRODUCT_POLICY);
    const file = { length: policy.length, hashes: { sha256: "0".repeat(64) } };
    return name === "targets" ? { ...signed, targets: { [POLICY_PATH]: file } } : signed;
  });
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  await assert.rejects(repository.productPolicy(PRODUCT), withCode("trust/wrong-role"));
});

test("a release role that an online key may sign is refused, under whatever id the key stands", async (t) => {
  for (const online of ["timestamp", "snapshot", POLICY_ROLE] as const) {
    const made = makeRepository();
    const [signer] = made.signers[online];
    assert.ok(signer);
    made.signers[RELEASES] = [{ ...signer, id: "e".repeat(64) }];
    made.publish();
    const { repository } = await makeClient(t, made);
    await repository.refresh();
    await assert.rejects(repository.releases(PRODUCT), withCode("trust/online-key"), online);
    const path = `releases/${PRODUCT}/1.0.0/linux-x64/${PRODUCT}`;
    await assert.rejects(repository.findTarget(path), withCode("trust/online-key"), online);
  }
});

test("one key under many ids counts once toward the threshold", async (t) => {
  const made = makeRepository();
  const [signer] = made.signers.timestamp;
  assert.ok(signer);
  made.signers.timestamp = [signer, { ...signer, id: "a".repeat(64) }, { ...signer, id: "b".repeat(64) }];
  made.thresholds.timestamp = 2;
  made.publishRoot();
  made.publish();
  const { repository } = await makeClient(t, made);
  await assert.rejects(repository.refresh(), withCode("trust/signature-threshold"));
});

test("the same signature twice is refused, and so is a root that its predecessor did not sign", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  const timestamp = JSON.parse(made.file("metadata/timestamp.json").toString());
  timestamp.signatures.push(timestamp.signatures[0]);
  made.files.set("metadata/timestamp.json", Buffer.from(JSON.stringify(timestamp)));
  await assert.rejects(repository.refresh(), withCode("trust/malformed"));
  made.signers.root = [makeSigner()];
  made.versions.root = 2;
  made.publishRoot();
  await assert.rejects(repository.refresh(), withCode("trust/signature-threshold"));
});

test("a root must sign itself and follow its predecessor directly", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  const signer = made.signers.root[0] ?? makeSigner();
  made.signers.root = [makeSigner()];
  made.versions.root = 2;
  made.files.set("metadata/2.root.json", MadeRepository.signRaw(made.rootDocument(), [signer]));
  await assert.rejects(repository.refresh(), withCode("trust/signature-threshold"));
  made.versions.root = 3;
  made.publishRoot([signer]);
  made.files.set("metadata/2.root.json", made.file("metadata/3.root.json"));
  await assert.rejects(repository.refresh(), withCode("trust/bad-root-chain"));
});

test("an endless chain of roots ends", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  for (let version = 2; version <= 260; version++) {
    made.versions.root = version;
    made.files.set(
      `metadata/${version}.root.json`,
      MadeRepository.signRaw(made.rootDocument(), made.signers.root),
    );
  }
  await assert.rejects(repository.refresh(), withCode("trust/bad-root-chain"));
});

test("endless data is cut off at the cap of each file", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  for (const [path, size] of [
    ["metadata/1.targets.json", 9_000_000],
    ["metadata/1.snapshot.json", 3_000_000],
    ["metadata/timestamp.json", 20_000],
    ["metadata/2.root.json", 600_000],
  ] as const) {
    made.files.set(path, Buffer.alloc(size, 0x20));
    await assert.rejects(repository.refresh(), withCode("trust/length-exceeded"), path);
  }
});

test("a file longer or shorter than signed is refused", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  const snapshot = made.file("metadata/1.snapshot.json");
  made.files.set("metadata/1.snapshot.json", Buffer.concat([snapshot, Buffer.from(" ")]));
  await assert.rejects(repository.refresh(), withCode("trust/length-exceeded"));
  made.files.set("metadata/1.snapshot.json", snapshot.subarray(0, -1));
  await assert.rejects(repository.refresh(), withCode("trust/length-mismatch"));
});

test("another major version of the specification is refused with a message of its own", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  const { signed } = JSON.parse(made.file("metadata/timestamp.json").toString()) as { signed: Json };
  const newer = MadeRepository.signRaw({ ...signed, spec_version: "2.0.0" }, made.signers.timestamp);
  made.files.set("metadata/timestamp.json", newer);
  await assert.rejects(repository.refresh(), withCode("trust/spec-version"));
});

test("a target without a digest is refused", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  made.publish((name, signed) => {
    const file = { length: 3, hashes: {} };
    return name === POLICY_ROLE ? { ...signed, targets: { [POLICY_PATH]: file } } : signed;
  });
  made.files.set(`targets/policy/product/undefined.${PRODUCT}.json`, Buffer.from("abc"));
  await repository.refresh();
  await assert.rejects(repository.productPolicy(PRODUCT), withCode("trust/hash-mismatch"));
});

test("a clock that goes backward is refused, and expiry is judged by the latest known time", async (t) => {
  const made = makeRepository();
  const client = await makeClient(t, made);
  await client.repository.refresh();
  client.now = NOW - 86_400;
  await assert.rejects(client.reopen().refresh(), withCode("trust/clock-backward"));
  await assert.rejects(client.reopen().findTarget(POLICY_PATH), withCode("trust/clock-backward"));
  client.now = NOW - 60;
  assert.equal((await client.reopen().refresh()).changed, false);
});

test("an entity tag of any length erases neither the clock's floor nor the quiet poll of others", async (t) => {
  for (const length of [1100, 15_000]) {
    const made = makeRepository();
    made.etagMark = "x".repeat(length);
    const client = await makeClient(t, made);
    await client.repository.refresh();
    client.now = NOW - 86_400;
    await assert.rejects(client.reopen().refresh(), withCode("trust/clock-backward"), `${length}`);
  }
});

test("a clock's floor that stands beside an entity tag of any length is still read", async (t) => {
  const client = await makeClient(t, makeRepository());
  await client.repository.refresh();
  const state = { latestKnownTime: NOW, timestampEtag: "x".repeat(15_000) };
  writeFileSync(join(client.directory, "poll-state"), JSON.stringify(state));
  client.now = NOW - 86_400;
  await assert.rejects(client.reopen().refresh(), withCode("trust/clock-backward"));
});

test("a clock set back a little does not revive what had expired", async (t) => {
  const made = makeRepository();
  const client = await makeClient(t, made);
  client.now = NOW + 80_000;
  await client.repository.refresh();
  made.expires.timestamp = 79_900;
  made.bump();
  made.publish();
  client.now = NOW + 79_800;
  await assert.rejects(client.reopen().refresh(), withCode("trust/expired"));
});

test("metadata that expired in the store is not used, whatever the server answers", async (t) => {
  const made = makeRepository();
  const client = await makeClient(t, made);
  await client.repository.refresh();
  await client.repository.releases(PRODUCT);
  client.now = NOW + 86_400;
  await assert.rejects(client.repository.findTarget(POLICY_PATH), withCode("trust/expired"));
  await assert.rejects(client.repository.releases(PRODUCT), withCode("trust/expired"));
  await assert.rejects(client.repository.refresh(), withCode("trust/expired"));
});

test("a path that would leave the targets address is never asked for", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  const evil = "policy/product/..";
  made.publish((name, signed) => {
    const file = { length: 3, hashes: { sha256: "0".repeat(64) } };
    return name === POLICY_ROLE ? { ...signed, targets: { [evil]: file } } : signed;
  });
  await repository.refresh();
  made.requests.length = 0;
  await repository.findTarget(POLICY_PATH).catch(() => undefined);
  made.requests.length = 0;
  await assert.rejects(repository.fetchDocument(evil, 100), withCode("trust/unknown-target"));
  assert.deepEqual(made.requests, []);
});

test("names of what every object inherits are unknown targets and unknown roles", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    await assert.rejects(repository.findTarget(name), withCode("trust/unknown-target"), name);
  }
});

test("a damaged store is never believed: the next refresh replaces what does not verify", async (t) => {
  const made = makeRepository();
  const client = await makeClient(t, made);
  await client.repository.refresh();
  for (const name of ["timestamp.json", "snapshot.json", "targets.json", "poll-state"]) {
    const path = join(client.directory, name);
    const sound = readFileSync(path);
    for (const damaged of [Buffer.alloc(0), sound.subarray(0, 100), Buffer.from("{}")]) {
      writeFileSync(path, damaged);
      await client.reopen().refresh();
      assert.deepEqual(readFileSync(path), sound, name);
    }
  }
  for (const name of ["root.json", "root.spare"]) unlinkSync(join(client.directory, name));
  await assert.rejects(client.reopen().refresh(), withCode("trust/no-root"));
});

test("a damaged root is mended from its spare; without one the disk is blamed, not the server", async (t) => {
  const made = makeRepository();
  const client = await makeClient(t, made);
  made.versions.root = 2;
  made.publishRoot();
  await client.repository.refresh();
  const path = join(client.directory, "root.json");
  const sound = readFileSync(path);
  assert.deepEqual(sound, made.file("metadata/2.root.json"));
  for (const damaged of [Buffer.alloc(0), sound.subarray(0, 100), Buffer.from("{}"), Buffer.alloc(600_000)]) {
    writeFileSync(path, damaged);
    await client.reopen().refresh();
    assert.deepEqual(readFileSync(path), sound);
  }
  writeFileSync(path, sound.subarray(0, 100));
  writeFileSync(join(client.directory, "root.spare"), "");
  made.requests.length = 0;
  await assert.rejects(client.reopen().refresh(), (error) => {
    assert.ok(error instanceof TrustError && error.code === "trust/damaged-root", String(error));
    assert.match(`${error.message} ${error.help}`, /root\.json[\s\S]*enroll --force/);
    assert.doesNotMatch(`${error.message} ${error.help}`, /repository|address/);
    return true;
  });
  assert.deepEqual(made.requests, []);
});

test("a server that fails is not taken for one that has no newer root", async (t) => {
  const made = makeRepository();
  const { repository } = await makeClient(t, made);
  made.files.set("metadata/2.root.json", Buffer.from("<html>not found</html>"));
  await assert.rejects(repository.refresh(), withCode("trust/malformed"));
});

test("an expired root is refused only when it is the last of the chain", async (t) => {
  const made = makeRepository();
  const first = made.root();
  made.expires.root = -10;
  made.versions.root = 2;
  made.publishRoot();
  made.versions.root = 3;
  made.expires.root = 86_400;
  made.publishRoot();
  const { repository } = await makeClient(t, made, first);
  await repository.refresh();
  made.versions.root = 4;
  made.expires.root = -10;
  made.publishRoot();
  made.bump();
  made.publish();
  await assert.rejects(repository.refresh(), withCode("trust/expired"));
});
