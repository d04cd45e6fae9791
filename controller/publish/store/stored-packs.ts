import { KeptByIdentity } from "../../../protocol/kept-by-identity.ts";
import { servedTargetPath } from "../../../protocol/tuf/name-files.ts";
import { readArtifactLocation, writeArtifactLocation } from "../../state/artifact-location.ts";
import { changedEntries } from "../../state/chunked-map.ts";
import { contentDigest } from "../content-digest.ts";
import { TIMESTAMP_FILE } from "../manifest-roles.ts";
import { PublishError } from "../publish-error.ts";
import type { ArtifactsByProduct, PublishedManifest } from "../published-manifest.ts";
import { findDocument } from "../published-manifest.ts";
import type { Pack } from "./manifest-pack.ts";
import type { StoredManifest } from "./restore-manifest.ts";

/** With so many packs on disk the next one holds the whole manifest, so that the others can be removed. */
const MOST_PACKS = 32;

/** What is known of a pack on disk. */
interface ShelvedPack {
  readonly metadata: readonly string[];
  readonly documents: readonly string[];
  readonly hasPaths: boolean;
}

/** Keeps track of what the packs on disk hold, to tell what a manifest adds and which packs are no longer needed. */
export class PackShelf {
  private readonly packs = new Map<number, ShelvedPack>();
  private metadata = new Map<string, Buffer>();
  /** In how many packs a document is, by served path. */
  private readonly documents = new Map<string, number>();
  /** The documents of the last manifest that was stored: a pack that holds one of them is not dropped. */
  private last: ReadonlyMap<string, Buffer> | undefined;
  private artifactPaths: string | undefined;
  private root = 0;

  versions(): number[] {
    return [...this.packs.keys()];
  }

  /** Takes note of a pack on disk; in the order of their versions. */
  add(version: number, pack: Pack): void {
    this.packs.set(version, {
      metadata: [...pack.metadata.keys()],
      documents: [...pack.documents.keys()],
      hasPaths: pack.artifactPaths !== undefined,
    });
    for (const [name, bytes] of pack.metadata) this.metadata.set(name, bytes);
    for (const path of pack.documents.keys()) this.documents.set(path, (this.documents.get(path) ?? 0) + 1);
    if (pack.artifactPaths !== undefined) this.artifactPaths = JSON.stringify(pack.artifactPaths);
    this.root = pack.root;
  }

  /**
   * What must be stored for a manifest besides its timestamp; `undefined`: all of it is.
   *
   * @throws PublishError `publish/version-reused`: a stored file of that name has other bytes
   */
  packFor(manifest: PublishedManifest): Pack | undefined {
    const root = newestRoot(manifest.metadata.keys());
    const { paths, json } = knownPaths.of(manifest.artifacts, hostedPaths);
    const isWhole = this.packs.size >= MOST_PACKS;
    const metadata = new Map<string, Buffer>();
    for (const [name, bytes] of manifest.metadata) {
      if (name !== TIMESTAMP_FILE && (!this.hasMetadata(name, bytes) || isWhole)) metadata.set(name, bytes);
    }
    const documents = new Map<string, Buffer>();
    for (const [path, , bytes] of changedEntries(isWhole ? undefined : this.last, manifest.documents)) {
      if (bytes === undefined) continue;
      const served = servedTargetPath(path, contentDigest(bytes));
      if (isWhole || !this.documents.has(served)) documents.set(served, bytes);
    }
    for (const [served, bytes] of manifest.formerDocuments ?? []) {
      if (isWhole || !this.documents.has(served)) documents.set(served, bytes);
    }
    const hasNewPaths = isWhole || json !== this.artifactPaths;
    if (metadata.size === 0 && documents.size === 0 && !hasNewPaths && root === this.root) return undefined;
    return { root, ...(hasNewPaths ? { artifactPaths: paths } : {}), metadata, documents };
  }

  /** Takes note that a manifest is stored as a whole, so that of the next only what differs is looked at. */
  stored({ documents }: PublishedManifest): void {
    this.last = documents;
  }

  /**
   * Forgets the packs that hold nothing of the manifest, or nothing that a later pack does not hold as well.
   *
   * @returns whether there were any
   */
  drop(manifest: PublishedManifest): boolean {
    const newestFirst = [...this.packs].sort(([a], [b]) => b - a);
    const [newest] = newestFirst;
    const withPaths = newestFirst.find(([, { hasPaths }]) => hasPaths);
    const oldest = newestFirst.at(-1);
    const later = new Set<string>();
    const dropped: ShelvedPack[] = [];
    for (const each of newestFirst) {
      const [version, { metadata, documents }] = each;
      const isNeeded =
        each === newest ||
        each === withPaths ||
        metadata.some((name) => manifest.metadata.has(name) && !later.has(name)) ||
        documents.some((path) => !later.has(path) && isServed(manifest, path));
      if (!isNeeded) {
        this.packs.delete(version);
        dropped.push(each[1]);
      }
      // Nothing is older than the oldest, which may be the one that holds nearly everything.
      else if (each !== oldest) for (const name of [...metadata, ...documents]) later.add(name);
    }
    if (dropped.length === 0) return false;
    for (const { documents } of dropped) this.forget(documents);
    const names = new Set([...this.packs.values()].flatMap(({ metadata }) => metadata));
    this.metadata = new Map([...this.metadata].filter(([name]) => names.has(name)));
    return true;
  }

  private forget(documents: readonly string[]): void {
    for (const path of documents) {
      const packs = (this.documents.get(path) ?? 0) - 1;
      if (packs > 0) this.documents.set(path, packs);
      else this.documents.delete(path);
    }
  }

  private hasMetadata(name: string, bytes: Buffer): boolean {
    const stored = this.metadata.get(name);
    if (stored === undefined) return false;
    if (stored === bytes || stored.equals(bytes)) return true;
    throw new PublishError("publish/version-reused", `\`${name}\` is stored already with other content`, {
      help: "a published version never changes: sign the role again, which gives it a new one",
    });
  }
}

/**
 * Everything that packs hold, given in the order of their versions. Roots newer than the last pack's are left out: they
 * belong to a manifest that was never completed, and the stored roles need not be valid under them.
 */
export function mergePacks(packs: readonly Pack[], timestamp: Buffer): StoredManifest {
  const root = packs.at(-1)?.root ?? 0;
  const metadata = new Map<string, Buffer>();
  const documents = new Map<string, Buffer>();
  for (const pack of packs) {
    for (const [name, bytes] of pack.metadata) {
      if (rootNumberOf(name) <= root || rootNumberOf(name) === Number.POSITIVE_INFINITY)
        metadata.set(name, bytes);
    }
    for (const [path, bytes] of pack.documents) documents.set(path, bytes);
  }
  const paths = packs.findLast(({ artifactPaths }) => artifactPaths !== undefined)?.artifactPaths;
  metadata.set(TIMESTAMP_FILE, timestamp);
  const hosted = Object.entries(paths ?? {}).map(
    ([target, path]) => [target, readArtifactLocation(path)] as const,
  );
  return { metadata, documents, hosted: new Map(hosted) };
}

/** Whether a document of that served path (`<dir>/<sha256>.<base>`) belongs to the manifest. */
function isServed(manifest: PublishedManifest, served: string): boolean {
  const [, folder = "", sha256 = "", base = ""] = /^(.*\/)([0-9a-f]{64})\.(.*)$/.exec(served) ?? [];
  return findDocument(manifest, folder + base, sha256) !== undefined;
}

/** As version files name them. */
function hostedPaths(artifacts: ArtifactsByProduct): HostedPaths {
  const hosted = [...artifacts.values()].flatMap((some) =>
    [...some].flatMap(([target, { location }]) =>
      location.kind === "hosted" ? [[target, writeArtifactLocation(location)]] : [],
    ),
  );
  const paths: Record<string, string> = Object.fromEntries(hosted);
  return { paths, json: JSON.stringify(paths) };
}

interface HostedPaths {
  readonly paths: Readonly<Record<string, string>>;
  readonly json: string;
}

const knownPaths = new KeptByIdentity<ArtifactsByProduct, HostedPaths>();

/** The number in the name of a root file; infinity for any other file. */
function rootNumberOf(name: string): number {
  return Number(/^(\d+)\.root\.json$/.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
}

function newestRoot(names: Iterable<string>): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const name of names) {
    const number = name.endsWith(".root.json") ? rootNumberOf(name) : Number.POSITIVE_INFINITY;
    if (Number.isFinite(number)) newest = Math.max(newest, number);
  }
  return newest;
}
