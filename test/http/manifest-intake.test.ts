import assert from "node:assert/strict";
import { test } from "node:test";
import type { ManifestStep } from "../../controller/http/manifest/manifest-change.ts";
import { ManifestIntake } from "../../controller/http/manifest/manifest-intake.ts";
import type { ServedManifest } from "../../controller/http/manifest/served-manifest.ts";
import { ManifestPacker } from "../../controller/serve/worker/pack-manifest.ts";
import { channel, release, sampleManifest, sampleTenantKey } from "./sample-manifest.ts";

function take(intake: ManifestIntake, steps: Iterable<ManifestStep>): ServedManifest | undefined {
  let served: ServedManifest | undefined;
  for (const step of steps) {
    if (step.kind === "files") intake.add(step.batch);
    else served = intake.switchTo(step.head);
  }
  return served;
}

/** What somebody can ask a manifest for. */
function contentOf(served: ServedManifest | undefined): object {
  const { manifest, metadata } = served ?? {};
  return {
    version: manifest?.version,
    policy: manifest?.products.get("lantern")?.policy,
    releases: manifest?.products.get("lantern")?.releases,
    tenant: manifest?.tenants.get("acme"),
    metadata: [...(metadata ?? [])].map(([name, { sha256 }]) => [name, sha256]).sort(),
  };
}

const FIRST = sampleManifest();
const SECOND = sampleManifest({
  version: 8,
  releases: [release("1.0.0"), release("1.1.0"), release("1.2.0")],
  policy: { channels: { stable: channel("1.2.0", ["1.1.0"]) } },
  tenant: { channel: "beta" },
});

test("who begins late gets the whole of what is served, and goes on from there as everybody", () => {
  const packer = new ManifestPacker();
  const early = new ManifestIntake(sampleTenantKey);
  take(early, packer.pack(FIRST));
  const late = new ManifestIntake(sampleTenantKey);
  const steps = [...packer.pack(SECOND)];
  const served = take(early, steps);

  assert.deepEqual(contentOf(take(late, early.whole())), contentOf(served));
});

test("who begins while a manifest comes in misses nothing of it", () => {
  for (let already = 0; ; already++) {
    const packer = new ManifestPacker();
    const early = new ManifestIntake(sampleTenantKey);
    const before = take(early, packer.pack(FIRST));
    const steps = [...packer.pack(SECOND)];
    if (already === steps.length) break;
    take(early, steps.slice(0, already));
    const late = new ManifestIntake(sampleTenantKey);
    assert.deepEqual(contentOf(take(late, early.whole())), contentOf(before));
    const served = take(early, steps.slice(already));
    assert.deepEqual(contentOf(take(late, steps.slice(already))), contentOf(served), `after ${already}`);
  }
});

test("before the first manifest there is nothing but what has come of it", () => {
  const steps = [...new ManifestPacker().pack(FIRST)];
  const early = new ManifestIntake(sampleTenantKey);
  take(early, steps.slice(0, 1));
  const late = new ManifestIntake(sampleTenantKey);
  assert.equal(take(late, early.whole()), undefined);
  assert.deepEqual(contentOf(take(late, steps.slice(1))), contentOf(take(early, steps.slice(1))));
});

test("whoever takes a manifest in from who serves it holds the same memory, not a copy of it", () => {
  const early = new ManifestIntake(sampleTenantKey);
  take(early, new ManifestPacker().pack(FIRST));
  const memoryOf = (steps: Iterable<ManifestStep>): Set<SharedArrayBuffer> =>
    new Set(
      [...steps].flatMap((step) =>
        step.kind === "files" ? step.batch.memory.filter(({ byteLength }) => byteLength > 0) : [],
      ),
    );
  const handedOn = memoryOf(early.whole());
  assert.ok(handedOn.size > 0);
  const late = new ManifestIntake(sampleTenantKey);
  take(late, early.whole());
  for (const memory of memoryOf(late.whole())) assert.ok(handedOn.has(memory), "it was copied");
});

test("one release of a product is what it is among all of them", () => {
  const lantern = take(
    new ManifestIntake(sampleTenantKey),
    new ManifestPacker().pack(SECOND),
  )?.manifest.products.get("lantern");
  assert.ok(lantern);
  const first = lantern.findRelease("1.1.0");
  assert.deepEqual(
    first,
    lantern.releases.find(({ version }) => version === "1.1.0"),
  );
  assert.equal(lantern.findRelease("1.1.0"), first);
  assert.equal(lantern.findRelease("9.9.9"), undefined);
});
