import assert from "node:assert/strict";
import { test } from "node:test";
import type { ManifestStep } from "../../controller/http/manifest/manifest-change.ts";
import { ManifestIntake } from "../../controller/http/manifest/manifest-intake.ts";
import type { ServedManifest } from "../../controller/http/manifest/served-manifest.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { ManifestPacker } from "../../controller/serve/worker/pack-manifest.ts";
import { ChunkedMap } from "../../controller/state/chunked-map.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { isProductPolicyPath, tenantPolicyPath } from "../../protocol/manifest-names.ts";
import { servedTargetPath } from "../../protocol/tuf/name-files.ts";
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

test("of thousands of documents each is found at every address that it has, by who began early and by who began late", () => {
  const COUNT = 1200;
  const pathOf = (tenant: number): string => tenantPolicyPath(sampleTenantKey(`tenant-${tenant}`));
  const bytesOf = (tenant: number, edition: number): Buffer =>
    Buffer.from(`{"of":${tenant},"said":${edition}}`);
  const product = [...FIRST.documents].filter(([path]) => isProductPolicyPath(path));
  const tenants = (edition: (tenant: number) => number | undefined): ChunkedMap<Buffer> =>
    ChunkedMap.of([
      ...product,
      ...Array.from({ length: COUNT }, (_, tenant): [string, Buffer][] => {
        const said = edition(tenant);
        return said === undefined ? [] : [[pathOf(tenant), bytesOf(tenant, said)]];
      }).flat(),
    ]);
  const former = (...some: readonly (readonly [tenant: number, edition: number])[]): Map<string, Buffer> =>
    new Map(
      some.map(([tenant, edition]) => {
        const bytes = bytesOf(tenant, edition);
        return [servedTargetPath(pathOf(tenant), sha256Hex(bytes)), bytes];
      }),
    );
  const manifests: readonly PublishedManifest[] = [
    { ...FIRST, documents: tenants(() => 0) },
    { ...FIRST, documents: tenants((tenant) => (tenant === 7 ? 1 : 0)), formerDocuments: former([7, 0]) },
    {
      ...FIRST,
      documents: tenants((tenant) => (tenant === 7 ? 1 : tenant === 8 ? undefined : 0)),
      formerDocuments: former([7, 0], [8, 0]),
    },
    { ...FIRST, documents: tenants((tenant) => (tenant === 8 ? undefined : tenant === 9 ? 2 : 0)) },
    { ...FIRST, documents: tenants((tenant) => (tenant === 8 ? 2 : 0)), formerDocuments: former([9, 2]) },
  ];
  const packer = new ManifestPacker();
  const early = new ManifestIntake(sampleTenantKey);
  for (const [index, manifest] of manifests.entries()) {
    const served = take(early, packer.pack(manifest));
    // One that is sent all that another one serves, and one that is sent the manifest as the first.
    const late = new ManifestIntake(sampleTenantKey);
    const later = new ManifestIntake(sampleTenantKey);
    take(later, late.whole());
    for (const one of [served, take(late, early.whole()), take(later, new ManifestPacker().pack(manifest))]) {
      for (let tenant = 0; tenant < COUNT; tenant++) {
        for (const edition of [0, 1, 2]) {
          const bytes = bytesOf(tenant, edition);
          const at = servedTargetPath(pathOf(tenant), sha256Hex(bytes));
          const isServed =
            manifest.documents.get(pathOf(tenant))?.equals(bytes) === true ||
            manifest.formerDocuments?.has(at) === true;
          const found = one?.documents.get(at)?.representations.identity.bytes;
          assert.deepEqual(found, isServed ? bytes : undefined, `${tenant}, ${edition} in manifest ${index}`);
        }
      }
      assert.equal(one?.manifest.products.get("lantern")?.policy.product, "lantern");
    }
  }
});
