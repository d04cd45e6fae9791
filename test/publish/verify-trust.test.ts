import assert from "node:assert/strict";
import test from "node:test";
import { PublishError } from "../../controller/publish/publish-error.ts";
import type { TrustFiles } from "../../controller/state/fleet-model.ts";
import { buildRoot, buildTargets } from "../../controller/trust/build-trust.ts";
import { signRole } from "../../controller/trust/sign-role.ts";
import { verifyTrust } from "../../controller/trust/verify-trust.ts";
import { keyId } from "../../protocol/tuf/identify-key.ts";
import type { Delegations, Key, RootRole } from "../../protocol/tuf/roles.ts";
import { SAMPLE, sampleModel } from "./sample-model.ts";
import { SampleKeys } from "./sample-publisher.ts";

const NOW = 1_795_000_000;
const DAY = 86_400;
const keys = new SampleKeys();
const model = sampleModel();
const trust = keys.trust(model, NOW);

function kinds(files: TrustFiles, now = NOW): string[] {
  return verifyTrust(files, now).problems.map(({ kind, file }) => `${kind} ${file}`);
}

function tampered(bytes: Buffer | undefined): Buffer {
  const envelope = JSON.parse(String(bytes));
  envelope.signed.expires = "2099-01-01T00:00:00Z";
  return Buffer.from(JSON.stringify(envelope));
}

test("what people signed verifies, and every role is given back", () => {
  const { problems, roles } = verifyTrust(trust, NOW);
  assert.deepEqual(problems, []);
  assert.equal(roles.root?.version, 1);
  assert.equal(roles.releases.get("agent")?.version, 1);
});

test("a changed root, targets or release role is found in its own file", () => {
  assert.deepEqual(kinds({ ...trust, roots: new Map([[1, tampered(trust.roots.get(1))]]) }), [
    "not-signed trust/root/1.root.json",
  ]);
  assert.deepEqual(kinds({ ...trust, targets: tampered(trust.targets) }), ["not-signed trust/targets.json"]);
  const releases = new Map([["agent", tampered(trust.releases.get("agent"))]]);
  assert.deepEqual(kinds({ ...trust, releases }), ["not-signed trust/releases/agent.json"]);
});

test("a file that is missing, cut off or no JSON is found", () => {
  const { targets: _, ...withoutTargets } = trust;
  assert.deepEqual(kinds(withoutTargets), ["missing trust/targets.json"]);
  assert.deepEqual(kinds({ ...trust, releases: new Map() }), ["missing trust/releases/agent.json"]);
  assert.deepEqual(kinds({ ...trust, roots: new Map() }), ["missing trust/root/1.root.json"]);
  assert.deepEqual(kinds({ ...trust, targets: trust.targets?.subarray(0, 300) ?? Buffer.alloc(0) }), [
    "unreadable trust/targets.json",
  ]);
});

test("one signature is not enough where two must sign, and no agent would read a repeated one", () => {
  const { root, targets, online, release } = keys;
  const holders = { root, targets, threshold: 2, online, releases: new Map([["agent", release]]) };
  const role = buildTargets(holders, 2, NOW);
  const [first] = targets;
  assert.ok(first);
  assert.deepEqual(kinds({ ...trust, targets: signRole(role, [first]) }), ["not-signed trust/targets.json"]);
  assert.deepEqual(kinds({ ...trust, targets: signRole(role, [first, first]) }), [
    "unreadable trust/targets.json",
  ]);
  assert.deepEqual(kinds({ ...trust, targets: signRole(role, [...targets, first]) }), [
    "unreadable trust/targets.json",
  ]);
});

test("a new root counts only when the holders of the old one signed it", () => {
  const others = new SampleKeys();
  const holders = {
    root: others.root,
    targets: keys.targets,
    threshold: 2,
    online: keys.online,
    releases: new Map(),
  };
  const next = buildRoot(holders, 2, NOW);
  const withRoot = (bytes: Buffer): TrustFiles => ({
    ...trust,
    roots: new Map([...trust.roots, [2, bytes]]),
  });
  assert.deepEqual(kinds(withRoot(signRole(next, others.root))), ["not-signed trust/root/2.root.json"]);
  assert.deepEqual(kinds(withRoot(signRole(next, keys.root))), ["not-signed trust/root/2.root.json"]);
  assert.deepEqual(kinds(withRoot(signRole(next, [...keys.root, ...others.root]))), []);
  const gap = new Map([...trust.roots, [3, signRole(buildRoot(holders, 3, NOW), keys.root)]]);
  assert.deepEqual(kinds({ ...trust, roots: gap }), ["broken-chain trust/root/3.root.json"]);
});

test("the online key can neither be given releases nor targets", () => {
  const { root, targets, online } = keys;
  const greedy = { root, targets, threshold: 1, online, releases: new Map([["agent", online]]) };
  const found = kinds({ ...trust, targets: signRole(buildTargets(greedy, 2, NOW), targets) });
  assert.ok(found.includes("online-key-overreach trust/targets.json"));
  const asTargets = buildRoot({ ...greedy, targets: [online] }, 1, NOW);
  assert.ok(
    kinds({ ...trust, roots: new Map([[1, signRole(asTargets, root)]]) }).includes(
      "online-key-overreach trust/root/1.root.json",
    ),
  );
});

/** The sound trust, with other delegations or another root, signed by the people who may. */
function redelegated(change: (delegations: Delegations) => Delegations): TrustFiles {
  const { targets, online, release } = keys;
  const role = buildTargets({ online, releases: new Map([["agent", release]]) }, 2, NOW);
  assert.ok(role.delegations);
  return { ...trust, targets: signRole({ ...role, delegations: change(role.delegations) }, targets) };
}

function rerooted(change: (root: RootRole) => RootRole): TrustFiles {
  const { root, targets, online } = keys;
  const role = buildRoot({ root, targets, threshold: 2, online, releases: new Map() }, 1, NOW);
  return { ...trust, roots: new Map([[1, signRole(change(role), root)]]) };
}

/** A delegation of the releases to the given key, under the given id. */
function releasesTo(id: string, key: Key) {
  return ({ keys, roles }: Delegations): Delegations => ({
    keys: { ...keys, [id]: key },
    roles: roles.map((role) => (role.name === "releases-agent" ? { ...role, keyids: [id] } : role)),
  });
}

test("the online key is found under whatever id or spelling it stands in root or targets", () => {
  const { key } = keys.online;
  const upper: Key = { ...key, keyval: { public: key.keyval.public.toUpperCase() } };
  const der = Buffer.concat([
    Buffer.from("302a300506032b6570032100", "hex"),
    Buffer.from(key.keyval.public, "hex"),
  ]);
  const pem: Key = {
    ...key,
    keyval: { public: `-----BEGIN PUBLIC KEY-----\n${der.toString("base64")}\n-----END PUBLIC KEY-----\n` },
  };
  const inTargets = (id: string, spelled: Key) => kinds(redelegated(releasesTo(id, spelled)));
  const overreach = "online-key-overreach trust/targets.json";
  assert.ok(inTargets("f".repeat(64), key).includes(overreach));
  assert.ok(inTargets("f".repeat(64), key).includes("bad-key trust/targets.json"));
  assert.ok(inTargets(keyId(upper), upper).includes(overreach));
  assert.ok(inTargets(keyId(pem), pem).includes("bad-key trust/targets.json"));

  for (const role of ["root", "targets"] as const) {
    const found = kinds(
      rerooted((root) => ({
        ...root,
        keys: { ...root.keys, [keyId(upper)]: upper },
        roles: {
          ...root.roles,
          [role]: { ...root.roles[role], keyids: [...root.roles[role].keyids, keyId(upper)] },
        },
      })),
    );
    assert.ok(found.includes("online-key-overreach trust/root/1.root.json"), `${role}: ${found}`);
  }
});

test("a key that signs policy may not be a root or targets key", () => {
  const [person] = keys.targets;
  assert.ok(person);
  const found = kinds(
    redelegated(({ keys, roles }) => ({
      keys: { ...keys, [person.keyid]: person.key },
      roles: roles.map((role) => (role.name === "policy" ? { ...role, keyids: [person.keyid] } : role)),
    })),
  );
  assert.ok(found.includes("online-key-overreach trust/targets.json"), `${found}`);
});

test("a key id that is not the hash of its key is found in a root", () => {
  const [first] = keys.root;
  assert.ok(first);
  const found = kinds(rerooted((root) => ({ ...root, keys: { ...root.keys, beef: first.key } })));
  assert.deepEqual(found, ["bad-key trust/root/1.root.json"]);
});

test("a delegation by hash prefixes, which no delegation of ours has, is found", () => {
  for (const name of ["policy", "releases-agent"]) {
    const found = kinds(
      redelegated(({ keys, roles }) => ({
        keys,
        roles: roles.map((role) => (role.name === name ? { ...role, path_hash_prefixes: [""] } : role)),
      })),
    );
    assert.deepEqual(found, ["bad-delegation trust/targets.json"], name);
  }
});

test("a delegation of other paths, and a release of another product, are found", () => {
  const { root, targets, online, release } = keys;
  const role = buildTargets({ online, releases: new Map([["agent", release]]) }, 2, NOW);
  const delegations = {
    keys: role.delegations?.keys ?? {},
    roles: (role.delegations?.roles ?? []).map((one) => ({ ...one, paths: ["*/*/*/*/*"] })),
  };
  const wide = signRole({ ...role, delegations }, targets);
  assert.ok(kinds({ ...trust, targets: wide }).includes("bad-delegation trust/targets.json"));
  assert.equal(root.length, 2);
  const stray = {
    "releases/other/1.0.0/linux-x64/x": { length: 1, hashes: { sha256: "0".repeat(64) }, custom: {} },
  };
  const index = { ...role, targets: stray };
  const { delegations: _, ...plain } = index;
  const releases = new Map([["agent", signRole(plain, [release])]]);
  assert.deepEqual(kinds({ ...trust, releases }), ["bad-target trust/releases/agent.json"]);
});

test("an expiry is warned of in time, and is an error when it has come", () => {
  assert.deepEqual(verifyTrust(trust, NOW + 149 * DAY).problems, []);
  const near = verifyTrust(trust, NOW + 151 * DAY).problems;
  assert.deepEqual(
    near.map(({ kind, severity }) => [kind, severity]),
    [["near-expiry", "warning"]],
  );
  assert.ok(kinds(trust, NOW + 181 * DAY).includes("expired trust/releases/agent.json"));
});

test("a manifest that takes back what was published is refused", () => {
  const published = keys.publish(model, keys.trust(model, NOW, 5), NOW);
  const codeOf = (next: TrustFiles): string => {
    try {
      keys.publish(sampleModel(SAMPLE, "2".repeat(40)), next, NOW, published);
    } catch (error) {
      if (error instanceof PublishError) return error.code;
      throw error;
    }
    return "accepted";
  };
  const { roots } = keys.trust(model, NOW, 5);
  assert.equal(codeOf({ ...keys.trust(model, NOW, 6), roots }), "accepted");
  assert.equal(codeOf({ ...keys.trust(model, NOW, 4), roots }), "publish/role-rolled-back");
  assert.equal(codeOf({ ...keys.trust(model, NOW + 60, 5), roots }), "publish/version-reused");
  assert.equal(codeOf(new SampleKeys().trust(model, NOW, 9)), "publish/online-key-not-trusted");
  assert.equal(codeOf(keys.trust(model, NOW + 60, 9)), "publish/root-changed");
  assert.equal(codeOf({ ...trust, targets: tampered(trust.targets) }), "publish/trust-invalid");
});
