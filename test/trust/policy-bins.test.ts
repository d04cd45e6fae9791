import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { POLICY_ROLE, tenantPolicyPath } from "../../protocol/manifest-names.ts";
import { formatExpires } from "../../protocol/tuf/expiry-time.ts";
import { makeClient, makeRepository, NOW, PRODUCT, PRODUCT_POLICY, withCode } from "./made-repository.ts";

const TENANT = { name: "acme", key: "ab".repeat(32) };
const TENANT_PATH = tenantPolicyPath(TENANT.key);
const PRODUCT_PATH = `policy/product/${PRODUCT}.json`;
const DIGIT = TENANT_PATH.slice("policy/tenant/".length)[0] ?? "";
const TENANT_POLICY = {
  kind: "tenant",
  schemaVersion: 1,
  tenant: "acme",
  sites: {},
  groups: [],
  devices: {},
};

/**
 * A repository whose role `policy` delegates to one more role, as its online key can: it signs both, and the
 * snapshot.
 */
function delegating(name: string, pattern: string, lists: Readonly<Record<string, unknown>>) {
  const made = makeRepository();
  const [signer] = made.signers[POLICY_ROLE];
  assert.ok(signer);
  const targets: Record<string, unknown> = {};
  for (const [path, document] of Object.entries(lists)) {
    const bytes = Buffer.from(JSON.stringify(document));
    const sha256 = sha256Hex(bytes);
    const slash = path.lastIndexOf("/") + 1;
    made.files.set(`targets/${path.slice(0, slash)}${sha256}.${path.slice(slash)}`, bytes);
    targets[path] = { length: bytes.length, hashes: { sha256 } };
  }
  const signed = {
    _type: "targets",
    spec_version: "1.0.31",
    version: 1,
    expires: formatExpires(NOW + 86_400),
    targets,
  };
  const sig = sign(null, canonicalBytes(signed), signer.privateKey).toString("hex");
  const bytes = Buffer.from(JSON.stringify({ signed, signatures: [{ keyid: signer.id, sig }] }));
  made.files.set(`metadata/1.${name}.json`, bytes);
  const role = { name, keyids: [signer.id], threshold: 1, paths: [pattern], terminating: true };
  made.publish((published, signed) => {
    if (published === POLICY_ROLE) {
      const genuine = signed.targets as Record<string, unknown>;
      const kept = Object.entries(genuine).filter(([path]) => !Object.hasOwn(lists, path));
      const delegations = { keys: { [signer.id]: signer.key }, roles: [role] };
      return { ...signed, targets: Object.fromEntries(kept), delegations };
    }
    if (published !== "snapshot") return signed;
    const listed = { version: 1, length: bytes.length, hashes: { sha256: sha256Hex(bytes) } };
    return { ...signed, meta: { ...(signed.meta as object), [`${name}.json`]: listed } };
  });
  return made;
}

test("a tenant's policy may come from the bin of its name", async (t) => {
  const made = delegating(`policy-${DIGIT}`, `policy/tenant/${DIGIT}*`, { [TENANT_PATH]: TENANT_POLICY });
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  assert.equal((await repository.tenantPolicy(TENANT)).tenant, "acme");
  assert.equal((await repository.productPolicy(PRODUCT)).product, PRODUCT);
});

test("a bin never speaks for a product or a release, whatever it lists", async (t) => {
  const release = `releases/${PRODUCT}/1.0.0/linux-x64/${PRODUCT}`;
  const forged = `releases/${PRODUCT}/9.9.9/linux-x64/${PRODUCT}`;
  const lists = { [TENANT_PATH]: TENANT_POLICY, [forged]: "evil", [PRODUCT_PATH]: PRODUCT_POLICY };
  const made = delegating(`policy-${DIGIT}`, `policy/tenant/${DIGIT}*`, lists);
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  await assert.rejects(repository.findTarget(forged), withCode("trust/unknown-target"));
  await assert.rejects(repository.productPolicy(PRODUCT), withCode("trust/unknown-target"));
  assert.match((await repository.findTarget(release)).role, /^releases-/);
});

test("a bin that was delegated all policy still does not speak for a product", async (t) => {
  const made = delegating(`policy-${DIGIT}`, "policy/*/*", { [PRODUCT_PATH]: PRODUCT_POLICY });
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  assert.equal((await repository.findTarget(PRODUCT_PATH)).role, `policy-${DIGIT}`);
  await assert.rejects(repository.productPolicy(PRODUCT), withCode("trust/wrong-role"));
});

test("a tenant's policy from another bin, or from a role of another kind, is refused", async (t) => {
  const other = DIGIT === "0" ? "1" : "0";
  for (const name of [`policy-${other}`, `releases-${PRODUCT}x`, `policy-${DIGIT}${other}`]) {
    const made = delegating(name, "policy/tenant/*", { [TENANT_PATH]: TENANT_POLICY });
    const { repository } = await makeClient(t, made);
    await repository.refresh();
    await assert.rejects(repository.tenantPolicy(TENANT), withCode("trust/wrong-role"), name);
  }
});

test("a tenant's policy that names another tenant is refused, though its place is right", async (t) => {
  const other = { ...TENANT_POLICY, tenant: "emca" };
  const made = delegating(`policy-${DIGIT}`, `policy/tenant/${DIGIT}*`, { [TENANT_PATH]: other });
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  await assert.rejects(repository.tenantPolicy(TENANT), withCode("trust/wrong-document"));
});

test("a product's policy that names another product is refused, though its place is right", async (t) => {
  const made = makeRepository();
  const other = { ...PRODUCT_POLICY, product: "other" };
  made.addTarget(POLICY_ROLE, PRODUCT_PATH, JSON.stringify(other));
  made.publish();
  const { repository } = await makeClient(t, made);
  await repository.refresh();
  await assert.rejects(repository.productPolicy(PRODUCT), withCode("trust/wrong-document"));
});

test("a role that may not speak for a path is neither asked for nor kept, however it was delegated", async (t) => {
  for (const name of ["policy-zz", `Policy-${DIGIT}`, "releases-other"]) {
    const made = delegating(name, "policy/*/*", {
      [TENANT_PATH]: TENANT_POLICY,
      [PRODUCT_PATH]: PRODUCT_POLICY,
    });
    const { repository, directory } = await makeClient(t, made);
    await repository.refresh();
    await assert.rejects(repository.tenantPolicy(TENANT), withCode("trust/wrong-role"), name);
    await assert.rejects(repository.productPolicy(PRODUCT), withCode("trust/wrong-role"), name);
    assert.ok(!made.requests.some((path) => path.includes(name)), `${made.requests}`);
    assert.deepEqual(
      readdirSync(directory).filter((file) => file.endsWith(".json")),
      ["policy.json", "root.json", "snapshot.json", "targets.json", "timestamp.json"],
    );
  }
});
