import type { SnapshotFile } from "../source/snapshot.ts";
import { findPrivateKey, type PrivateKeyText } from "./find-private-key.ts";
import type { ProductModel } from "./fleet-model.ts";
import { type ReadDocument, readDocument } from "./read-document.ts";
import { readStatePath, type StatePath } from "./state-layout.ts";

/** What is known of one file. */
export interface ReadFile {
  readonly blob: string;
  readonly place: StatePath;
  /** `undefined` for a file that is no YAML document of the state. */
  readonly reading: ReadDocument | undefined;
  /** A private key that stands in it, which none may. */
  readonly privateKey: PrivateKeyText | undefined;
}

/**
 * Keeps what was read from each file while its blob id stays the same, so that of a new commit only changed files are
 * read, and the model of each product of which no file changed, so that what was found in it can be kept as well.
 * What the last read did not use is dropped.
 */
export class StateCache {
  private current = new Map<string, ReadFile>();
  private previous = new Map<string, ReadFile>();
  private products: ReadonlyMap<string, ProductModel> = new Map();

  /** Call before each read of a snapshot. */
  startRead(): void {
    this.previous = this.current;
    this.current = new Map();
  }

  /** One file, from memory where the same path had the same bytes before. */
  read(file: SnapshotFile): ReadFile {
    const known = this.previous.get(file.path);
    const read = known?.blob === file.blob ? known : readFile(file);
    this.current.set(file.path, read);
    return read;
  }

  /** Call after each read: gives the products with the model of the read before wherever all their files are the same. */
  keepProducts(products: ReadonlyMap<string, ProductModel>): ReadonlyMap<string, ProductModel> {
    const kept = new Map<string, ProductModel>();
    for (const [name, product] of products) {
      const known = this.products.get(name);
      kept.set(name, known !== undefined && isSame(known, product) ? known : product);
    }
    this.products = kept;
    return kept;
  }
}

function readFile(file: SnapshotFile): ReadFile {
  const { blob } = file;
  const place = readStatePath(file.path);
  const privateKey = findPrivateKey(file.bytes);
  switch (place.kind) {
    case "fleet":
    case "product":
    case "channel":
    case "version":
    case "tenant":
      return { blob, place, privateKey, reading: readDocument(place.kind, file) };
    default:
      return { blob, place, privateKey, reading: undefined };
  }
}

function isSame(a: ProductModel, b: ProductModel): boolean {
  return a.product === b.product && haveSame(a.channels, b.channels) && haveSame(a.versions, b.versions);
}

function haveSame<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): boolean {
  if (a.size !== b.size) return false;
  for (const [name, document] of a) if (b.get(name) !== document) return false;
  return true;
}
