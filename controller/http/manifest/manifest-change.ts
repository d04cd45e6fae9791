/**
 * What becomes of the served manifest by one publication, as plain data: first the files that are new, in batches, then
 * the head that makes them count. It is put together where manifests are signed and taken in where they are served, which
 * are two threads; so it holds nothing but what can be sent, and taking it in costs no more than what has changed.
 */
import type { DeadEnd } from "../../../protocol/release.ts";

/** What is taken in at one go: some of the files that come, or at the end the head that makes them count. */
export type ManifestStep =
  | { readonly kind: "files"; readonly batch: FileBatch | DocumentListing }
  | { readonly kind: "switch"; readonly head: ManifestHead };

/** New files of one kind, and the memory that they lie in, which all threads share: handing it over copies nothing. */
export interface FileBatch {
  readonly of: "metadata" | "documents";
  readonly files: readonly BatchedFile[];
  readonly memory: readonly SharedArrayBuffer[];
}

/**
 * Some documents of a manifest as a whole, sorted by their paths, in a table that all threads share like the bytes: a large
 * fleet has many thousands, of which a thread is asked for few. Of a path that a batch of files has, too, that one counts.
 */
export interface DocumentListing {
  readonly of: "listing";
  /** How many there are. */
  readonly size: number;
  /** Written and read by `document-listing.ts`. */
  readonly table: SharedArrayBuffer;
  readonly memory: readonly SharedArrayBuffer[];
}

export interface BatchedFile {
  /** The file name below `/tuf/`, or the target path of a document without its digest. */
  readonly name: string;
  readonly sha256: string;
  /** Bytes as they are. */
  readonly identity: Place;
  /** Compressed; absent where that is not made ahead. */
  readonly gzip?: Place;
  readonly br?: Place;
}

/** Where bytes lie: in which memory of the batch, from where on, and how many. */
export type Place = readonly [memory: number, at: number, length: number];

/** What is said of a manifest besides its files. */
export interface ManifestHead {
  /** Nothing that was sent before this and its batches counts any more. */
  readonly isWhole: boolean;
  readonly commit: string;
  /** Seconds since 1970. */
  readonly signedAt: number;
  readonly expiresAt: number;
  /** Version of the timestamp role. */
  readonly version: number;
  /** `expires` of each top-level role and of `policy`, seconds since 1970. */
  readonly expiries: readonly (readonly [role: string, expires: number])[];
  /** Files that are served no more. */
  readonly goneMetadata: readonly string[];
  readonly goneDocuments: readonly (readonly [path: string, sha256: string])[];
  /** Products of which something changed, by name. */
  readonly products: readonly (readonly [product: string, head: ProductHead])[];
  readonly goneProducts: readonly string[];
  readonly tenants: TenantsHead;
}

/** What is said of tenants as a whole. */
export interface TenantsHead {
  /** How many there are. */
  readonly size: number;
  /** One of them, to show a person how a machine is enrolled. */
  readonly example?: string;
  /** Names that some of them had before and answer to, with what each is called now; absent: there is none. */
  readonly formerNames?: readonly (readonly [former: string, tenant: string])[];
}

/** What is said of a product besides its policy document and its signed releases. */
export interface ProductHead {
  /** Metadata file of the release role; absent where nothing is released. */
  readonly releaseRole?: string;
  /** JSON: where artifacts lie that are signed without a URL, `[target path, path below the artifact folder][]`. */
  readonly hosted: string;
  readonly summary: ProductSummary;
}

/** What the status shows, so that showing it needs no reading of every release. */
export interface ProductSummary {
  /** How many releases there are. */
  readonly releases: number;
  /** What each channel offers; channels with nothing left are missing. */
  readonly offers: Readonly<Record<string, string>>;
  /** Of each channel that points to a dead end, why it is one. */
  readonly deadEnds: Readonly<Record<string, DeadEnd>>;
}
