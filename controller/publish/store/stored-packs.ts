import { KeptByIdentity } from "../../../protocol/kept-by-identity.ts";
import { servedTargetPath, splitServedPath } from "../../../protocol/tuf/name-files.ts";
import { readArtifactLocation, writeArtifactLocation } from "../../state/artifact-location.ts";
import { changedEntries } from "../../state/chunked-map.ts";
import { contentDigest } from "../content-digest.ts";
import { TIMESTAMP_FILE } from "../manifest-roles.ts";
import { PublishError } from "../publish-error.ts";
import type { ArtifactsByProduct, PublishedManifest } from "../published-manifest.ts";
import { findDocument } from "../published-manifest.ts";
import type { Pack, PackedDocument } from "./manifest-pack.ts";
import type { StoredManifest } from "./restore-manifest.ts";

/** With so many packs on disk the next one holds what all of them do, or all but the first, so that they can be removed. */
const MOST_PACKS = 32;
/** Of what a manifest is made of, the share that the first pack must still hold for that not to be written again. */
const FIRST_IS_WORTH = 1 / 2;

/** What is known of a pack on disk. */
interface ShelvedPack {
  readonly metadata: readonly string[];
  readonly documents: readonly ShelvedDocument[];
  readonly hasPaths: boolean;
}

type ShelvedDocument = Pick<PackedDocument, "path" | "sha256">;

/** Keeps track of what the packs on disk hold, to tell what a manifest adds and which packs are no longer needed. */
export class PackShelf {
  private readonly packs = new Map<number, ShelvedPack>();
  private readonly metadata = new Map<string, Buffer>();
  private readonly documents = new DocumentCounts();
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
      documents: pack.documents.map(({ path, sha256 }) => ({ path, sha256 })),
      hasPaths: pack.artifactPaths !== undefined,
    });
    for (const [name, bytes] of pack.metadata) this.metadata.set(name, bytes);
    for (const document of pack.documents) this.documents.add(document);
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
    const isFull = this.packs.size >= MOST_PACKS;
    const stored = isFull
      ? this.keptOfFirst(manifest)
      : { metadata: this.metadata, documents: this.documents };
    const metadata = new Map<string, Buffer>();
    for (const [name, bytes] of manifest.metadata) {
      this.requireSame(name, bytes);
      if (name !== TIMESTAMP_FILE && !stored.metadata.has(name)) metadata.set(name, bytes);
    }
    const documents: PackedDocument[] = [];
    for (const document of documentsOf(manifest, isFull ? undefined : this.last)) {
      if (!stored.documents.has(document)) documents.push(document);
    }
    const hasNewPaths = isFull || json !== this.artifactPaths;
    if (metadata.size === 0 && documents.length === 0 && !hasNewPaths && root === this.root) return undefined;
    return { root, ...(hasNewPaths ? { artifactPaths: paths } : {}), metadata, documents };
  }

  /** Takes note that a manifest is stored as a whole, so that of the next only what differs is looked at. */
  stored({ documents }: PublishedManifest): void {
    this.last = documents;
  }

  /**
   * Forgets the packs that hold nothing of the manifest, or nothing that a later pack does not hold as well.
   *
   * @returns their versions
   */
  drop(manifest: PublishedManifest): number[] {
    const newestFirst = [...this.packs].sort(([a], [b]) => b - a);
    const withPaths = newestFirst.find(([, { hasPaths }]) => hasPaths);
    const dropped = new Map<number, ShelvedPack>();
    const later = new LaterPacks();
    for (const each of newestFirst) {
      const [version, pack] = each;
      const isNeeded =
        later.isEmpty ||
        each === withPaths ||
        pack.metadata.some((name) => manifest.metadata.has(name) && !later.hasMetadata(name)) ||
        pack.documents.some((document) => {
          if (findDocument(manifest, document.path, document.sha256) === undefined) return false;
          // Nearly every document is in one pack only.
          return this.documents.count(document) === 1 || !later.hasDocument(document);
        });
      if (isNeeded) later.add(pack);
      else {
        this.packs.delete(version);
        dropped.set(version, pack);
      }
    }
    if (dropped.size === 0) return [];
    for (const { documents } of dropped.values()) {
      for (const document of documents) this.documents.remove(document);
    }
    const names = new Set([...this.packs.values()].flatMap(({ metadata }) => metadata));
    for (const { metadata } of dropped.values()) {
      for (const name of metadata) if (!names.has(name)) this.metadata.delete(name);
    }
    return [...dropped.keys()];
  }

  /**
   * What need not be written again, where packs have become too many: what the first one holds, as long as that is most of
   * the manifest. It is the one that may be large; the others have what has changed since.
   */
  private keptOfFirst(manifest: PublishedManifest): Stored {
    const [first] = [...this.packs].sort(([a], [b]) => a - b);
    if (first === undefined) return NOTHING_STORED;
    const metadata = new Set(first[1].metadata);
    const documents = new DocumentCounts();
    for (const document of first[1].documents) documents.add(document);
    let [all, kept] = [0, 0];
    for (const [name, { length }] of manifest.metadata) {
      all += length;
      if (metadata.has(name)) kept += length;
    }
    for (const document of documentsOf(manifest, undefined)) {
      all += document.bytes.length;
      if (documents.has(document)) kept += document.bytes.length;
    }
    return kept >= all * FIRST_IS_WORTH ? { metadata, documents } : NOTHING_STORED;
  }

  private requireSame(name: string, bytes: Buffer): void {
    const stored = this.metadata.get(name);
    if (stored === undefined || stored === bytes || stored.equals(bytes)) return;
    throw new PublishError("publish/version-reused", `\`${name}\` is stored already with other content`, {
      help: "a published version never changes: sign the role again, which gives it a new one",
    });
  }
}

/** What some packs hold. */
interface Stored {
  readonly metadata: { has(name: string): boolean };
  readonly documents: { has(document: ShelvedDocument): boolean };
}

const NOTHING_STORED: Stored = { metadata: { has: () => false }, documents: { has: () => false } };

/** The documents of a manifest that are not in `last`, and those of the manifests before it. */
function* documentsOf(
  { documents, formerDocuments }: PublishedManifest,
  last: ReadonlyMap<string, Buffer> | undefined,
): Generator<PackedDocument> {
  for (const [path, , bytes] of changedEntries(last, documents)) {
    if (bytes !== undefined) yield { path, sha256: contentDigest(bytes), bytes };
  }
  for (const [served, bytes] of formerDocuments ?? []) {
    const split = splitServedPath(served);
    if (split !== undefined) yield { ...split, bytes };
  }
}

/** In how many packs each document is. Nearly all are in one, with the only content that their path has. */
class DocumentCounts {
  /** Of each path the digests of what is stored, each as often as it is there. */
  private readonly digests = new Map<string, string | readonly string[]>();

  has(document: ShelvedDocument): boolean {
    return this.count(document) > 0;
  }

  count({ path, sha256 }: ShelvedDocument): number {
    const held = this.digests.get(path);
    if (held === undefined || typeof held === "string") return held === sha256 ? 1 : 0;
    return held.reduce((sum, one) => (one === sha256 ? sum + 1 : sum), 0);
  }

  add({ path, sha256 }: ShelvedDocument): void {
    const held = this.digests.get(path);
    this.digests.set(path, held === undefined ? sha256 : [held, sha256].flat());
  }

  remove({ path, sha256 }: ShelvedDocument): void {
    const held = [this.digests.get(path) ?? []].flat();
    const at = held.indexOf(sha256);
    const left = at === -1 ? held : held.toSpliced(at, 1);
    const [first] = left;
    if (first === undefined) this.digests.delete(path);
    else this.digests.set(path, left.length === 1 ? first : left);
  }
}

/** What packs hold that come after the one that is looked at. Documents are gathered only where somebody asks for them. */
class LaterPacks {
  private readonly packs: ShelvedPack[] = [];
  private gathered = 0;
  private readonly metadata = new Set<string>();
  private readonly documents = new DocumentCounts();

  get isEmpty(): boolean {
    return this.packs.length === 0;
  }

  add(pack: ShelvedPack): void {
    this.packs.push(pack);
    for (const name of pack.metadata) this.metadata.add(name);
  }

  hasMetadata(name: string): boolean {
    return this.metadata.has(name);
  }

  hasDocument(document: ShelvedDocument): boolean {
    for (; this.gathered < this.packs.length; this.gathered++) {
      for (const held of this.packs[this.gathered]?.documents ?? []) this.documents.add(held);
    }
    return this.documents.has(document);
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
    for (const { path, sha256, bytes } of pack.documents)
      documents.set(servedTargetPath(path, sha256), bytes);
  }
  const paths = packs.findLast(({ artifactPaths }) => artifactPaths !== undefined)?.artifactPaths;
  metadata.set(TIMESTAMP_FILE, timestamp);
  const hosted = Object.entries(paths ?? {}).map(
    ([target, path]) => [target, readArtifactLocation(path)] as const,
  );
  return { metadata, documents, hosted: new Map(hosted) };
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
