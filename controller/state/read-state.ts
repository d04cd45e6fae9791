import type {
  ChannelState,
  FleetState,
  ProductState,
  TenantState,
  VersionState,
} from "../../schemas/state.generated.ts";
import { compareDiagnostics } from "../diagnostics/compare-diagnostics.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Snapshot, SnapshotFile } from "../source/snapshot.ts";
import { describePrivateKey } from "./find-private-key.ts";
import type { FleetModel, ProductModel, StateDocument, TrustFiles } from "./fleet-model.ts";
import { describeIrregular } from "./irregular-entries.ts";
import type { ReadDocument } from "./read-document.ts";
import { fleetModelOf, type SoundState } from "./sound-state.ts";
import { StateCache } from "./state-cache.ts";

export interface StateReading {
  /** Everything that could be read. */
  readonly sound: SoundState;
  /** The same as a whole; `undefined` when a file could not be read. */
  readonly model: FleetModel | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads every file of a snapshot by itself: encoding, YAML, schema, and whether a file of that name belongs there.
 * Pure; never throws for any content.
 *
 * @param options.cache keeps documents across snapshots, so that only changed blobs are read again
 */
export function readState(snapshot: Snapshot, options: { readonly cache?: StateCache } = {}): StateReading {
  const reader = new StateReader(snapshot, options.cache ?? new StateCache());
  return reader.read();
}

interface ProductParts {
  product: StateDocument<ProductState> | undefined;
  readonly channels: Map<string, StateDocument<ChannelState>>;
  readonly versions: Map<string, StateDocument<VersionState>>;
}

/** Collects the parts of one snapshot. */
class StateReader {
  private readonly snapshot: Snapshot;
  private readonly cache: StateCache;
  private readonly diagnostics: Diagnostic[] = [];
  private readonly products = new Map<string, ProductParts>();
  private readonly tenants = new Map<string, StateDocument<TenantState>>();
  private readonly roots = new Map<number, Buffer>();
  private readonly releases = new Map<string, Buffer>();
  private readonly files: ReadonlySet<string>;
  private readonly productsWithBrokenVersions = new Set<string>();
  private fleet: StateDocument<FleetState> | undefined;
  private targets: Buffer | undefined;

  constructor(snapshot: Snapshot, cache: StateCache) {
    this.snapshot = snapshot;
    this.cache = cache;
    this.files = new Set(snapshot.files.map(({ path }) => path));
  }

  read(): StateReading {
    this.cache.startRead();
    for (const entry of this.snapshot.irregular) this.diagnostics.push(describeIrregular(entry));
    for (const file of this.snapshot.files) this.readFile(file);
    this.requireFile(
      "fleet.yaml",
      "the state has no fleet.yaml",
      "add fleet.yaml with `schemaVersion: 1` and `defaultChannel`",
    );
    for (const name of this.products.keys()) {
      const path = `products/${name}/product.yaml`;
      this.requireFile(path, `product \`${name}\` has no product.yaml`, `add ${path} with a \`description\``);
    }
    const sound = this.collect();
    const isWhole = this.diagnostics.every(({ severity }) => severity !== "error");
    return {
      sound,
      model: isWhole ? fleetModelOf(sound) : undefined,
      diagnostics: this.diagnostics.sort(compareDiagnostics),
    };
  }

  private readFile(file: SnapshotFile): void {
    const { place, reading, privateKey } = this.cache.read(file);
    if (privateKey !== undefined) {
      this.diagnostics.push(describePrivateKey(privateKey, file.path, "state"));
    }
    switch (place.kind) {
      case "fleet":
        this.fleet = this.document<FleetState>(reading);
        return;
      case "product":
        this.partsOf(place.product).product = this.document<ProductState>(reading);
        return;
      case "channel":
        this.keep(this.partsOf(place.product).channels, place.name, this.document<ChannelState>(reading));
        return;
      case "version": {
        const document = this.document<VersionState>(reading);
        if (document === undefined) this.productsWithBrokenVersions.add(place.product);
        this.keep(this.partsOf(place.product).versions, place.name, document);
        return;
      }
      case "tenant":
        this.keep(this.tenants, place.name, this.document<TenantState>(reading));
        return;
      case "trust-root":
        this.roots.set(place.number, file.bytes);
        return;
      case "trust-targets":
        this.targets = file.bytes;
        return;
      case "trust-releases":
        this.releases.set(place.product, file.bytes);
        return;
      case "ignored":
        return;
      case "bad-name":
        this.report(
          "file/bad-name",
          "error",
          file.path,
          `\`${place.name}\` cannot be a name here`,
          BAD_NAME_HELP,
        );
        return;
      case "unknown":
        this.report(
          "file/unreferenced",
          "warning",
          file.path,
          "nothing reads this file",
          helpForUnknown(file.path),
        );
        return;
    }
  }

  /** The schema of the kind has been checked where there is a document, so it has the type of that kind. */
  private document<T>(reading: ReadDocument | undefined): StateDocument<T> | undefined {
    if (reading === undefined) return undefined;
    if (reading.ok) return reading.document as StateDocument<T>;
    this.diagnostics.push(...reading.diagnostics);
    return undefined;
  }

  private keep<T>(
    into: Map<string, StateDocument<T>>,
    name: string,
    document: StateDocument<T> | undefined,
  ): void {
    if (document !== undefined) into.set(name, document);
  }

  private partsOf(product: string): ProductParts {
    let parts = this.products.get(product);
    if (parts === undefined) {
      parts = { product: undefined, channels: new Map(), versions: new Map() };
      this.products.set(product, parts);
    }
    return parts;
  }

  private requireFile(path: string, message: string, help: string): void {
    if (!this.files.has(path)) this.report("file/missing", "error", path, message, help);
  }

  private report(
    rule: string,
    severity: "error" | "warning",
    file: string,
    message: string,
    help: string,
  ): void {
    this.diagnostics.push({ rule, severity, message, file, related: [], notes: [], help });
  }

  private collect(): SoundState {
    const products = new Map<string, ProductModel>();
    for (const [name, { product, channels, versions }] of this.products) {
      if (product !== undefined) products.set(name, { name, product, channels, versions });
    }
    return {
      commit: this.snapshot.commit,
      committedAt: this.snapshot.committedAt,
      fleet: this.fleet,
      products: this.cache.keepProducts(products),
      tenants: this.tenants,
      trust: this.trust(),
      files: this.files,
      productNames: new Set(this.products.keys()),
      productsWithBrokenVersions: this.productsWithBrokenVersions,
    };
  }

  private trust(): TrustFiles | undefined {
    const { roots, targets, releases } = this;
    if (roots.size === 0 && targets === undefined && releases.size === 0) return undefined;
    return { roots, ...(targets === undefined ? {} : { targets }), releases };
  }
}

const BAD_NAME_HELP =
  "names of products, channels and tenants are lower-case letters, digits and dashes and start with a letter";

function helpForUnknown(path: string): string {
  if (path.endsWith(".yml")) return `rename it to ${path.replace(/\.yml$/, ".yaml")}`;
  return "delete it, or move it to where it is read: fleet.yaml, products/<product>/..., tenants/<tenant>.yaml";
}
