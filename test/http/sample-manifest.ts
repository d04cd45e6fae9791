import type { PublishedArtifact, PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { readArtifactLocation } from "../../controller/state/artifact-location.ts";
import { ChunkedMap } from "../../controller/state/chunked-map.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { tenantPolicyPath } from "../../protocol/manifest-names.ts";
import type { ChannelPolicy, ProductPolicy, TenantPolicy } from "../../protocol/policy.ts";
import type { Release, Releases } from "../../protocol/release.ts";

export const NOW = 1_800_000_000;
export const PLATFORM = "linux-x64";

/** The bytes of a version's artifact, as long as a few read-ahead buffers of a small file. */
export function artifactBytes(version: string): Buffer {
  return Buffer.from(`#!/bin/sh\necho lantern ${version}\n`.repeat(20));
}

export function artifactPath(version: string): string {
  return `releases/lantern/${version}/${PLATFORM}/lantern-${version}`;
}

export function release(version: string, more: Partial<Release> = {}): Release {
  const bytes = artifactBytes(version);
  return {
    version,
    active: true,
    severity: "normal",
    artifacts: [
      {
        platform: PLATFORM,
        format: "binary",
        target: artifactPath(version),
        size: bytes.length,
        sha256: sha256Hex(bytes),
      },
    ],
    ...more,
  };
}

export function channel(
  version: string,
  previous: readonly string[] = [],
  more: Partial<ChannelPolicy> = {},
): ChannelPolicy {
  const promotion = (name: string, days: number) => ({
    version: name,
    at: NOW - days * 86_400,
    commit: sha256Hex(name).slice(0, 40),
  });
  return {
    current: promotion(version, 1),
    previous: previous.map((name, index) => promotion(name, index + 2)),
    ...more,
  };
}

export interface SampleOptions {
  readonly commit?: string;
  readonly version?: number;
  readonly releases?: Releases;
  readonly policy?: Partial<ProductPolicy>;
  readonly tenant?: Partial<TenantPolicy>;
  readonly expiresAt?: number;
  /** `url` of an artifact by version; a path below the artifact folder when absent. */
  readonly urls?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

const COMMIT = "3f9c2ab0".repeat(5);

/** The key of a tenant, which names its policy document. */
export function sampleTenantKey(tenant: string): string {
  return sha256Hex(`key of ${tenant}`);
}

/** A manifest as publish hands it out, without real signatures: the server never looks at them. */
export function sampleManifest(options: SampleOptions = {}): PublishedManifest {
  const { commit = COMMIT, version = 7, expiresAt = NOW + 86_400 } = options;
  const releases = options.releases ?? [release("1.0.0"), release("1.1.0")];
  const policy: ProductPolicy = {
    kind: "product",
    schemaVersion: 1,
    commit,
    product: "lantern",
    versionScheme: "semver",
    fleet: { defaultChannel: "stable" },
    channels: { stable: channel("1.1.0", ["1.0.0"]), beta: channel("1.1.0", ["1.0.0"]) },
    yanked: [],
    ...options.policy,
  };
  const tenant: TenantPolicy = {
    kind: "tenant",
    schemaVersion: 1,
    tenant: "acme",
    sites: {},
    groups: [],
    devices: {},
    ...options.tenant,
  };
  return {
    commit,
    signedAt: NOW - 60,
    expiresAt,
    version,
    metadata: metadataFiles(version, expiresAt, {
      [`${version}.releases-lantern.json`]: releaseRole(policy, releases, options),
      ...options.metadata,
    }),
    documents: ChunkedMap.of([
      ["policy/product/lantern.json", Buffer.from(JSON.stringify(policy))],
      [tenantPolicyPath(sampleTenantKey("acme")), Buffer.from(JSON.stringify(tenant))],
    ]),
    artifacts: new Map([
      ["lantern", new Map(releases.flatMap((each) => artifactsOf(each, options.urls?.[each.version])))],
    ]),
    products: new Map([["lantern", { policy, releases }]]),
    tenants: { size: 1, has: (name) => name === tenant.tenant, keys: () => [tenant.tenant], formerNames: [] },
  };
}

function artifactsOf(each: Release, url: string | undefined): [string, PublishedArtifact][] {
  return each.artifacts.map(({ target, size, sha256 }) => [
    target,
    { size, sha256, location: readArtifactLocation(url ?? `artifacts/lantern-${each.version}`) },
  ]);
}

function releaseRole(policy: ProductPolicy, releases: Releases, { urls = {} }: SampleOptions): string {
  const targets = releases.flatMap(({ artifacts, active, ...ofTheVersion }) =>
    artifacts.map(({ target, size, sha256, ...ofTheArtifact }) => {
      const url = urls[ofTheVersion.version];
      const custom = {
        product: policy.product,
        ...ofTheVersion,
        ...ofTheArtifact,
        ...(active ? {} : { active }),
        ...(url?.startsWith("http") === true ? { url } : {}),
      };
      return [target, { length: size, hashes: { sha256 }, custom }];
    }),
  );
  const expires = new Date((NOW + 86_400) * 1000).toISOString();
  return JSON.stringify({ signed: { _type: "targets", expires, targets: Object.fromEntries(targets) } });
}

function metadataFiles(
  version: number,
  expiresAt: number,
  more: Readonly<Record<string, string>>,
): Map<string, Buffer> {
  const expires = new Date(expiresAt * 1000).toISOString();
  const role = (type: string) =>
    Buffer.from(JSON.stringify({ signed: { _type: type, version, expires, filler: "x".repeat(600) } }));
  return new Map([
    ["1.root.json", role("root")],
    ["1.targets.json", role("targets")],
    [`${version}.snapshot.json`, role("snapshot")],
    ["timestamp.json", role("timestamp")],
    ...Object.entries(more).map(([name, text]): [string, Buffer] => [name, Buffer.from(text)]),
  ]);
}
