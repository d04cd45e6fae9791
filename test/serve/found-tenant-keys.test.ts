import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { latest } from "../../controller/http/api/latest.ts";
import { ManifestIntake } from "../../controller/http/manifest/manifest-intake.ts";
import type { ServedManifest } from "../../controller/http/manifest/served-manifest.ts";
import { KeyError } from "../../controller/keys/key-error.ts";
import { FoundTenantKeys } from "../../controller/serve/found-tenant-keys.ts";
import { ManifestPacker } from "../../controller/serve/worker/pack-manifest.ts";
import { NOW, PLATFORM, sampleManifest } from "../http/sample-manifest.ts";
import { temporaryFolder } from "./serve-process.ts";

test("the thread that serves makes no naming secret, and takes the one that is there when a manifest comes", async (t) => {
  const folder = await temporaryFolder(t);
  const keys = new FoundTenantKeys(folder);
  assert.throws(() => keys.of("acme"), KeyError);
  assert.equal(keys.find("acme"), undefined);

  const secret = join(folder, "naming-secret");
  await writeFile(secret, "5e".repeat(32), { mode: 0o600 });
  const key = keys.find("acme");
  assert.match(key ?? "", /^[0-9a-f]{64}$/);
  await rm(secret);
  assert.equal(keys.find("acme"), key, "it is not read for every request");

  await writeFile(secret, "a1".repeat(32), { mode: 0o600 });
  keys.forget();
  assert.notEqual(keys.find("acme"), key);
  await writeFile(secret, "no secret at all");
  keys.forget();
  assert.equal(keys.find("acme"), undefined);
});

test("a fleet that has no naming secret, because it has no tenants, is answered", async (t) => {
  const keys = new FoundTenantKeys(await temporaryFolder(t));
  const intake = new ManifestIntake((tenant) => keys.find(tenant));
  let served: ServedManifest | undefined;
  for (const step of new ManifestPacker().pack(sampleManifest())) {
    if (step.kind === "files") intake.add(step.batch);
    else served = intake.switchTo(step.head);
  }
  assert.ok(served !== undefined);
  const answer = latest(
    served.manifest,
    { product: "lantern", platform: PLATFORM },
    "http://localhost:8080",
    NOW,
  );
  assert.equal(answer.version, "1.1.0");
});
