import { KeptByIdentity } from "../../../protocol/kept-by-identity.ts";
import { productPolicyPath, tenantPolicyPath } from "../../../protocol/manifest-names.ts";
import type { TenantPolicy } from "../../../protocol/policy.ts";
import { splitServedPath } from "../../../protocol/tuf/name-files.ts";
import { batches, type NamedFile } from "./batch-files.ts";
import { findListed } from "./document-listing.ts";
import type {
  DocumentListing,
  FileBatch,
  ManifestHead,
  ManifestStep,
  Place,
  ProductHead,
} from "./manifest-change.ts";
import { type EncodedFile, type PreparedFile, prepareFile, prepareLazily } from "./prepared-file.ts";
import type { ServedManifest, ServedProduct } from "./served-manifest.ts";
import { servedProduct } from "./served-product.ts";

const IMMUTABLE = "public, max-age=31536000, immutable";
/** Long enough for a CDN to absorb a burst, and much shorter than any poll interval. */
const SHORT_LIVED = "public, max-age=5, must-revalidate";

/** A metadata file as it came and as it is served. */
interface HeldFile {
  readonly encoded: EncodedFile;
  readonly prepared: PreparedFile;
}

/** What one document path holds: what it says now first, then what it said in former manifests. */
type DocumentVersions = readonly [EncodedFile, ...EncodedFile[]];

/**
 * Takes in manifests as they are published, and gives what is served of them. New files wait until the head comes that
 * makes them count; then everything changes in one step, which takes as long as the change is large.
 */
export class ManifestIntake {
  private readonly tenantKey: (tenant: string) => string | undefined;
  private metadata: ReadonlyMap<string, HeldFile> = new Map();
  /** Documents that somebody has asked for, or that have changed since the listings; none: it is there no more. */
  private documents = new Map<string, readonly EncodedFile[]>();
  /** All documents of the first manifest that came. */
  private listed: readonly DocumentListing[] = [];
  private products: ReadonlyMap<string, ServedProduct> = new Map();
  private readonly productHeads = new Map<string, ProductHead>();
  private head: ManifestHead | undefined;
  private waitingMetadata = new Map<string, HeldFile>();
  private waitingDocuments = new Map<string, DocumentVersions>();
  private waitingListings: DocumentListing[] = [];

  /** @param tenantKey the key of a tenant, which names its policy document; `undefined` where there are none */
  constructor(tenantKey: (tenant: string) => string | undefined) {
    this.tenantKey = tenantKey;
  }

  /** New files of the next manifest; of one document, what it says now comes last. */
  add(batch: FileBatch | DocumentListing): void {
    if (batch.of === "listing") {
      this.waitingListings.push(batch);
      return;
    }
    const { of, files, memory } = batch;
    const cut = ([index, at, length]: Place): Buffer => {
      const shared = memory[index];
      if (shared === undefined) throw new RangeError("a file lies in memory that did not come with it");
      return Buffer.from(shared, at, length);
    };
    for (const { name, sha256, identity, gzip, br } of files) {
      const encoded: EncodedFile = {
        sha256,
        identity: cut(identity),
        ...(gzip === undefined ? {} : { gzip: cut(gzip) }),
        ...(br === undefined ? {} : { br: cut(br) }),
      };
      if (of === "metadata") {
        const prepared = prepareFile(encoded, name === "timestamp.json" ? SHORT_LIVED : IMMUTABLE);
        this.waitingMetadata.set(name, { encoded, prepared });
      } else {
        this.waitingDocuments.set(name, [encoded, ...(this.waitingDocuments.get(name) ?? [])]);
      }
    }
  }

  /** Forgets files whose manifest never came. */
  forgetWaiting(): void {
    this.waitingMetadata = new Map();
    this.waitingDocuments = new Map();
    this.waitingListings = [];
  }

  /** Makes what was added count. @returns what is served from now on */
  switchTo(head: ManifestHead): ServedManifest {
    if (head.isWhole) {
      this.metadata = new Map();
      this.products = new Map();
      this.productHeads.clear();
    }
    const metadata = new Map(this.metadata);
    for (const name of head.goneMetadata) metadata.delete(name);
    for (const [name, file] of this.waitingMetadata) metadata.set(name, file);
    this.metadata = metadata;
    this.switchDocuments(head);
    this.switchProducts(head);
    this.forgetWaiting();
    this.head = head;
    return this.served(head);
  }

  /**
   * All that is served now, for somebody who has none of it, as it is at the time of the call; then what has come of the
   * next manifest. Compressed forms are left out.
   */
  whole(): Iterable<ManifestStep> {
    const { head } = this;
    const coming = [
      ...stepsOf(
        plainFiles(this.waitingMetadata),
        this.waitingListings,
        plainVersions(this.waitingDocuments),
      ),
    ];
    if (head === undefined) return coming;
    const served = stepsOf(plainFiles(this.metadata), this.listed, plainVersions(this.documents));
    const whole: ManifestHead = {
      ...head,
      isWhole: true,
      goneMetadata: [],
      goneDocuments: this.goneOfListings(),
      goneProducts: [],
      products: [...this.productHeads],
    };
    return inTurn(served, [{ kind: "switch", head: whole }], coming);
  }

  /** Documents that listings have and that are there no more. */
  private goneOfListings(): ManifestHead["goneDocuments"] {
    return [...this.documents].flatMap(([path, versions]) => {
      const listed = versions.length > 0 ? undefined : findListed(this.listed, path);
      return listed === undefined ? [] : [[path, listed.sha256]];
    });
  }

  private switchDocuments({ goneDocuments, isWhole }: ManifestHead): void {
    if (isWhole) {
      this.documents = new Map(this.waitingDocuments);
      this.listed = this.waitingListings;
    } else {
      for (const [path, versions] of this.waitingDocuments) {
        const former = this.versionsOf(path).filter(
          ({ sha256 }) => !versions.some((version) => version.sha256 === sha256),
        );
        this.documents.set(path, [...versions, ...former]);
      }
    }
    for (const [path, sha256] of goneDocuments) {
      const left = this.versionsOf(path).filter((file) => file.sha256 !== sha256);
      if (left.length > 0 || findListed(this.listed, path) !== undefined) this.documents.set(path, left);
      else this.documents.delete(path);
    }
  }

  /** What a document says now, then what it said before; none: there is no such document. */
  private versionsOf(path: string): readonly EncodedFile[] {
    const known = this.documents.get(path);
    if (known !== undefined) return known;
    const listed = findListed(this.listed, path);
    if (listed === undefined) return [];
    // Whoever is asked for it once is asked again, and keeps what was made of it.
    const versions = [listed];
    this.documents.set(path, versions);
    return versions;
  }

  private switchProducts({ products, goneProducts }: ManifestHead): void {
    if (products.length === 0 && goneProducts.length === 0) return;
    const next = new Map(this.products);
    for (const product of goneProducts) {
      next.delete(product);
      this.productHeads.delete(product);
    }
    for (const [product, head] of products) {
      this.productHeads.set(product, head);
      const [policy] = this.versionsOf(productPolicyPath(product));
      const role = head.releaseRole === undefined ? undefined : this.metadata.get(head.releaseRole);
      if (policy !== undefined) next.set(product, servedProduct(product, head, policy, role?.encoded));
    }
    this.products = new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private served({ commit, signedAt, expiresAt, version, ...head }: ManifestHead): ServedManifest {
    const { products } = this;
    return {
      metadata: new Map([...this.metadata].map(([name, { prepared }]) => [name, prepared])),
      documents: { get: (served) => this.findDocument(served) },
      expiries: new Map(head.expiries),
      manifest: {
        commit,
        signedAt,
        expiresAt,
        version,
        products,
        tenants: { ...head.tenants, get: (tenant) => this.findTenant(tenant) },
        artifacts: artifactsOf(products),
      },
    };
  }

  private findDocument(served: string): PreparedFile | undefined {
    const split = splitServedPath(served);
    if (split === undefined) return undefined;
    const file = this.versionsOf(split.path).find(({ sha256 }) => sha256 === split.sha256);
    return file === undefined ? undefined : preparedDocuments.of(file, prepareDocument);
  }

  private findTenant(tenant: string): TenantPolicy | undefined {
    const key = this.tenantKey(tenant);
    const [file] = key === undefined ? [] : this.versionsOf(tenantPolicyPath(key));
    return file === undefined ? undefined : tenantPolicies.of(file, readTenant);
  }
}

function plainFiles(files: ReadonlyMap<string, HeldFile>): readonly NamedFile[] {
  return [...files].map(([name, { encoded }]) => [name, withoutEncodings(encoded)]);
}

/** Of one document, what it says now comes last. */
function plainVersions(documents: ReadonlyMap<string, readonly EncodedFile[]>): readonly NamedFile[] {
  return [...documents].flatMap(([path, versions]) =>
    versions.toReversed().map((file): NamedFile => [path, withoutEncodings(file)]),
  );
}

function withoutEncodings({ sha256, identity }: EncodedFile): EncodedFile {
  return { sha256, identity };
}

function* stepsOf(
  metadata: readonly NamedFile[],
  listed: readonly DocumentListing[],
  documents: readonly NamedFile[],
): Generator<ManifestStep, void, void> {
  for (const batch of batches("metadata", metadata)) yield { kind: "files", batch };
  for (const batch of listed) yield { kind: "files", batch };
  for (const batch of batches("documents", documents)) yield { kind: "files", batch };
}

function* inTurn(...parts: readonly Iterable<ManifestStep>[]): Generator<ManifestStep, void, void> {
  for (const part of parts) yield* part;
}

const preparedDocuments = new KeptByIdentity<EncodedFile, PreparedFile>();
const tenantPolicies = new KeptByIdentity<EncodedFile, TenantPolicy>();

function prepareDocument(file: EncodedFile): PreparedFile {
  return file.br === undefined ? prepareLazily(file, IMMUTABLE) : prepareFile(file, IMMUTABLE);
}

function readTenant({ identity }: EncodedFile): TenantPolicy {
  return JSON.parse(identity.toString("utf8"));
}

/** `releases/<product>/<version>/<platform>/<file>`: the second part says whose it is. */
function artifactsOf(products: ReadonlyMap<string, ServedProduct>): ServedManifest["manifest"]["artifacts"] {
  return { get: (target) => products.get(target.split("/")[1] ?? "")?.artifacts.get(target) };
}
