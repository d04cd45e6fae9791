import { KeptByIdentity } from "../../../protocol/kept-by-identity.ts";
import { releaseRoleProduct } from "../../../protocol/manifest-names.ts";
import {
  findDocument,
  type PublishedArtifact,
  type PublishedManifest,
} from "../../publish/published-manifest.ts";
import { type PreparedFile, prepareFile, prepareLazily } from "./prepared-file.ts";

const IMMUTABLE = "public, max-age=31536000, immutable";
/** Long enough for a CDN to absorb a burst, and much shorter than any poll interval. */
const SHORT_LIVED = "public, max-age=5, must-revalidate";

/** Everything that is served of one manifest, by the rest of the URL path. What is not in here does not exist. */
export interface ServedManifest {
  readonly manifest: PublishedManifest;
  /** Below `/tuf/`. */
  readonly metadata: ReadonlyMap<string, PreparedFile>;
  /** Policy documents below `/targets/`, by consistent-snapshot name; also those of a few manifests before. */
  readonly documents: Pick<ReadonlyMap<string, PreparedFile>, "get">;
  /** `expires` of each top-level role and of `policy`, seconds since 1970. */
  readonly expiries: ReadonlyMap<string, number>;
}

const DIGEST_PREFIX = /^(.*\/)?([0-9a-f]{64})\.([^/]+)$/;

/** An artifact that somebody asked for. */
export interface FoundArtifact {
  /** Its target path in the manifest. */
  readonly target: string;
  readonly artifact: PublishedArtifact;
  /** It was asked for by its digest, so that the answer can never change. */
  readonly immutable: boolean;
}

/** The artifact of a path below `/targets/`, asked for by its target path or by its consistent-snapshot name. */
export function findArtifact({ artifacts }: PublishedManifest, path: string): FoundArtifact | undefined {
  const plain = artifacts.get(path);
  if (plain !== undefined) return { target: path, artifact: plain, immutable: false };
  const [, directory = "", sha256, base = ""] = DIGEST_PREFIX.exec(path) ?? [];
  const target = `${directory}${base}`;
  const artifact = artifacts.get(target);
  return sha256 !== undefined && artifact?.sha256 === sha256
    ? { target, artifact, immutable: true }
    : undefined;
}

/**
 * Prepares a manifest for serving. What `before` has prepared from equal bytes is taken over. Small documents are
 * prepared when they are first asked for: a fleet has thousands, and each is asked for by few.
 */
export async function prepareManifest(
  manifest: PublishedManifest,
  before: ServedManifest | undefined,
): Promise<ServedManifest> {
  const metadata = new Map<string, PreparedFile>();
  for (const [name, bytes] of manifest.metadata) {
    const cacheControl = name === "timestamp.json" ? SHORT_LIVED : IMMUTABLE;
    metadata.set(name, await reuseOrPrepare(before?.metadata.get(name), bytes, cacheControl));
  }
  for (const bytes of manifest.documents.values()) {
    if (bytes.length <= MOST_BYTES_PREPARED_LATE || preparedDocuments.get(bytes) !== undefined) continue;
    preparedDocuments.set(bytes, await prepareFile(bytes, "application/json", IMMUTABLE));
  }
  const documents = { get: (name: string) => preparedDocument(manifest, name) };
  return { manifest, metadata, documents, expiries: expiriesOf(manifest) };
}

/** Larger documents are compressed ahead, off the thread that answers. */
const MOST_BYTES_PREPARED_LATE = 64 * 1024;

const preparedDocuments = new KeptByIdentity<Buffer, PreparedFile>();

function preparedDocument(manifest: PublishedManifest, name: string): PreparedFile | undefined {
  const [, folder = "", sha256 = "", base = ""] = DIGEST_PREFIX.exec(name) ?? [];
  const bytes = findDocument(manifest, folder + base, sha256);
  if (bytes === undefined) return undefined;
  return preparedDocuments.of(bytes, (unprepared) =>
    prepareLazily(unprepared, "application/json", IMMUTABLE),
  );
}

async function reuseOrPrepare(
  known: PreparedFile | undefined,
  bytes: Buffer,
  cacheControl: string,
): Promise<PreparedFile> {
  const identity = known?.representations.identity.bytes;
  if (known !== undefined && (identity === bytes || identity?.equals(bytes) === true)) return known;
  return prepareFile(bytes, "application/json", cacheControl);
}

const METADATA_FILE = /^(?:(\d+)\.)?(.+)\.json$/;
const TOP_ROLES: ReadonlySet<string> = new Set(["root", "targets", "snapshot", "timestamp", "policy"]);

/**
 * Reads `expires` of the newest version of each role that somebody has to sign again, for the status page and the alarms
 * on it. The release role of a product that is gone stays listed, and nobody reads it.
 */
function expiriesOf(manifest: PublishedManifest): Map<string, number> {
  const newest = new Map<string, { version: number; expires: number }>();
  for (const [name, bytes] of manifest.metadata) {
    const [, number = "0", role = ""] = METADATA_FILE.exec(name) ?? [];
    const product = releaseRoleProduct(role);
    if (!TOP_ROLES.has(role) && (product === undefined || !manifest.products.has(product))) continue;
    if ((newest.get(role)?.version ?? -1) > Number(number)) continue;
    newest.set(role, { version: Number(number), expires: knownExpiries.of(bytes, readExpiry) });
  }
  return new Map([...newest].map(([role, { expires }]) => [role, expires]));
}

const knownExpiries = new KeptByIdentity<Buffer, number>();

function readExpiry(bytes: Buffer): number {
  const { signed } = JSON.parse(bytes.toString("utf8")) as { signed: { expires: string } };
  return Math.floor(Date.parse(signed.expires) / 1000);
}
