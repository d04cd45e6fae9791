import { channelCandidates, findRelease } from "../../../protocol/candidates.ts";
import { KeptByIdentity } from "../../../protocol/kept-by-identity.ts";
import { releaseRoleProduct } from "../../../protocol/manifest-names.ts";
import type { ProductPolicy } from "../../../protocol/policy.ts";
import type { DeadEnd, Releases } from "../../../protocol/release.ts";
import { servedTargetPath, splitServedPath } from "../../../protocol/tuf/name-files.ts";
import { batches, listings, type NamedFile } from "../../http/manifest/batch-files.ts";
import type {
  ManifestHead,
  ManifestStep,
  ProductHead,
  TenantsHead,
} from "../../http/manifest/manifest-change.ts";
import { encodeFile } from "../../http/manifest/prepared-file.ts";
import { contentDigest } from "../../publish/content-digest.ts";
import type { PublishedManifest } from "../../publish/published-manifest.ts";
import { writeArtifactLocation } from "../../state/artifact-location.ts";
import { ChunkedMap, changedEntries } from "../../state/chunked-map.ts";

/** Larger documents are compressed ahead; smaller ones when the first client asks, as each has few who do. */
const MOST_BYTES_COMPRESSED_LATE = 64 * 1024;

/**
 * Says of each manifest how it differs from the one before: batches of new files, then the head that makes them count.
 * Files are compressed here.
 */
export class ManifestPacker {
  private last: PublishedManifest | undefined;

  /** The steps in their order. Once the last one has been taken, `manifest` is what the next one is compared with. */
  *pack(manifest: PublishedManifest): Generator<ManifestStep, void, void> {
    const { last } = this;
    for (const batch of batches("metadata", newMetadata(manifest, last))) yield { kind: "files", batch };
    if (last === undefined) {
      for (const batch of listings(plainDocuments(manifest))) yield { kind: "files", batch };
    }
    for (const batch of batches("documents", newDocuments(manifest, last))) yield { kind: "files", batch };
    yield { kind: "switch", head: headOf(manifest, last) };
    this.last = manifest;
  }
}

function* newMetadata(
  { metadata }: PublishedManifest,
  last: PublishedManifest | undefined,
): Generator<NamedFile> {
  for (const [name, bytes] of metadata) {
    if (isSame(last?.metadata.get(name), bytes)) continue;
    yield [name, encodeFile(bytes, contentDigest(bytes))];
  }
}

/** Of one path, what former manifests said comes before what it says now. Of a whole manifest, what is not listed. */
function* newDocuments(
  manifest: PublishedManifest,
  last: PublishedManifest | undefined,
): Generator<NamedFile> {
  const { documents, formerDocuments } = manifest;
  for (const [served, identity] of formerDocuments ?? []) {
    const split = splitServedPath(served);
    if (split === undefined || last?.formerDocuments?.has(served) === true) continue;
    const before = last?.documents.get(split.path);
    if (before !== undefined && contentDigest(before) === split.sha256) continue;
    yield [split.path, { sha256: split.sha256, identity }];
  }
  const isListed = last === undefined ? listedIn(manifest) : () => false;
  for (const [path, before, identity] of changedEntries(last?.documents, documents)) {
    if (identity === undefined || isSame(before, identity) || isListed(path, identity)) continue;
    const sha256 = contentDigest(identity);
    yield [path, isLarge(identity) ? encodeFile(identity, sha256) : { sha256, identity }];
  }
}

/** The documents of a whole manifest that are listed: all but the few that take more than one place. */
function* plainDocuments(manifest: PublishedManifest): Generator<NamedFile> {
  const isListed = listedIn(manifest);
  for (const [path, identity] of manifest.documents) {
    if (isListed(path, identity)) yield [path, { sha256: contentDigest(identity), identity }];
  }
}

function listedIn({ documents, formerDocuments }: PublishedManifest) {
  const former = new Set([...(formerDocuments?.keys() ?? [])].map((served) => splitServedPath(served)?.path));
  const isSorted = documents instanceof ChunkedMap;
  return (path: string, identity: Buffer): boolean => isSorted && !former.has(path) && !isLarge(identity);
}

function isLarge({ length }: Buffer): boolean {
  return length > MOST_BYTES_COMPRESSED_LATE;
}

function isSame(before: Buffer | undefined, now: Buffer): boolean {
  return before !== undefined && (before === now || contentDigest(before) === contentDigest(now));
}

function headOf(manifest: PublishedManifest, last: PublishedManifest | undefined): ManifestHead {
  const { commit, signedAt, expiresAt, version, metadata, tenants } = manifest;
  return {
    isWhole: last === undefined,
    commit,
    signedAt,
    expiresAt,
    version,
    expiries: expiriesOf(manifest),
    goneMetadata: [...(last?.metadata.keys() ?? [])].filter((name) => !metadata.has(name)),
    goneDocuments: last === undefined ? [] : [...goneDocuments(manifest, last)],
    products: productHeads(manifest, last),
    goneProducts: [...(last?.products.keys() ?? [])].filter((product) => !manifest.products.has(product)),
    tenants: tenantsHead(tenants),
  };
}

function tenantsHead(tenants: PublishedManifest["tenants"]): TenantsHead {
  const { formerNames } = tenants;
  const former = new Set(formerNames.map(([name]) => name));
  const example = firstWithout(tenants.keys(), former);
  return {
    size: tenants.size - former.size,
    ...(example === undefined ? {} : { example }),
    ...(formerNames.length === 0 ? {} : { formerNames }),
  };
}

function firstWithout(names: Iterable<string>, former: ReadonlySet<string>): string | undefined {
  for (const name of names) if (!former.has(name)) return name;
  return undefined;
}

function* goneDocuments(
  now: PublishedManifest,
  last: PublishedManifest,
): Generator<readonly [path: string, sha256: string]> {
  const isServed = (path: string, served: string, sha256: string): boolean => {
    const current = now.documents.get(path);
    if (current !== undefined && contentDigest(current) === sha256) return true;
    return now.formerDocuments?.has(served) === true;
  };
  for (const [path, bytes] of changedEntries(last.documents, now.documents)) {
    if (bytes === undefined) continue;
    const sha256 = contentDigest(bytes);
    if (!isServed(path, servedTargetPath(path, sha256), sha256)) yield [path, sha256];
  }
  for (const served of last.formerDocuments?.keys() ?? []) {
    const split = splitServedPath(served);
    if (split !== undefined && !isServed(split.path, served, split.sha256)) yield [split.path, split.sha256];
  }
}

/** Of those products of which something changed. */
function productHeads(
  { metadata, products, artifacts }: PublishedManifest,
  last: PublishedManifest | undefined,
): [string, ProductHead][] {
  const roles = releaseRoles(metadata.keys());
  return [...products].flatMap(([product, published]): [string, ProductHead][] => {
    const { policy } = published;
    const before = last?.products.get(product);
    const role = roles.get(product)?.name;
    const isSame =
      before?.policy === policy &&
      before.role === published.role &&
      (published.role !== undefined || before.releases === published.releases) &&
      last?.artifacts.get(product) === artifacts.get(product) &&
      (role === undefined || last?.metadata.get(role) === metadata.get(role));
    if (isSame) return [];
    const hosted = [...(artifacts.get(product) ?? [])].flatMap(([target, { location }]) =>
      location.kind === "hosted" ? [[target, writeArtifactLocation(location)]] : [],
    );
    const { releases } = published;
    const summary = {
      releases: releases.length,
      offers: offersOf(policy, releases),
      deadEnds: deadEndsOf(policy, releases),
    };
    return [
      [
        product,
        { ...(role === undefined ? {} : { releaseRole: role }), hosted: JSON.stringify(hosted), summary },
      ],
    ];
  });
}

/** What each channel offers. */
function offersOf(policy: ProductPolicy, releases: Releases): Record<string, string> {
  const offers = Object.entries(policy.channels).flatMap(([channel, said]) => {
    const version = channelCandidates(policy, said, releases, undefined, null)[0]?.release.version;
    return version === undefined ? [] : [[channel, version] as const];
  });
  return Object.fromEntries(offers);
}

function deadEndsOf({ channels }: ProductPolicy, releases: Releases): Record<string, DeadEnd> {
  const ends = Object.entries(channels).flatMap(([channel, { current }]) => {
    const deadEnd = findRelease(releases, current.version)?.deadEnd;
    return deadEnd === undefined ? [] : [[channel, deadEnd] as const];
  });
  return Object.fromEntries(ends);
}

/** The newest release role of each product: versions of a role only grow. */
function releaseRoles(
  names: Iterable<string>,
): Map<string, { readonly name: string; readonly version: number }> {
  const newest = new Map<string, { readonly name: string; readonly version: number }>();
  for (const name of names) {
    const [, number = "", role = ""] = /^(\d+)\.(.+)\.json$/.exec(name) ?? [];
    const product = releaseRoleProduct(role);
    const version = Number(number);
    if (product === undefined || (newest.get(product)?.version ?? -1) > version) continue;
    newest.set(product, { name, version });
  }
  return newest;
}

const METADATA_FILE = /^(?:(\d+)\.)?(.+)\.json$/;
const TOP_ROLES: ReadonlySet<string> = new Set(["root", "targets", "snapshot", "timestamp", "policy"]);

/**
 * Reads `expires` of the newest version of each role that somebody has to sign again, for the status page and the alarms
 * on it. The release role of a product that is gone stays listed, and nobody reads it.
 */
function expiriesOf(manifest: PublishedManifest): [role: string, expires: number][] {
  const newest = new Map<string, { version: number; expires: number }>();
  for (const [name, bytes] of manifest.metadata) {
    const [, number = "0", role = ""] = METADATA_FILE.exec(name) ?? [];
    const product = releaseRoleProduct(role);
    if (!TOP_ROLES.has(role) && (product === undefined || !manifest.products.has(product))) continue;
    if ((newest.get(role)?.version ?? -1) > Number(number)) continue;
    newest.set(role, { version: Number(number), expires: knownExpiries.of(bytes, readExpiry) });
  }
  return [...newest].map(([role, { expires }]) => [role, expires]);
}

/** The role of a product may list thousands of artifacts, and is the same from one manifest to the next. */
const knownExpiries = new KeptByIdentity<Buffer, number>();

function readExpiry(bytes: Buffer): number {
  const { signed }: { readonly signed: { readonly expires: string } } = JSON.parse(bytes.toString("utf8"));
  return Math.floor(Date.parse(signed.expires) / 1000);
}
