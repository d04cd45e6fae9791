import type {
  ChannelState,
  ExpectationsState,
  FleetState,
  ProductState,
  TenantState,
  VersionState,
} from "../../schemas/state.generated.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SnapshotFile } from "../source/snapshot.ts";
import { ChunkedMap } from "./chunked-map.ts";
import { findConflictMarker } from "./conflict-marker.ts";
import { describePrivateKey, findPrivateKey } from "./find-private-key.ts";
import type { ProductModel, StateDocument, TrustFiles } from "./fleet-model.ts";
import { type ReadDocument, readDocument } from "./read-document.ts";
import { findLineStarts, positionAt } from "./source-map.ts";
import { meantStatePath, readStatePath, type StatePath } from "./state-layout.ts";

/**
 * What was read of the files of a snapshot, by what they are for. Never changed: {@link collectFiles} makes the next one
 * of it, which shares with it everything that no changed file is a part of.
 */
export interface CollectedFiles {
  /** By path. */
  readonly files: ChunkedMap<SnapshotFile>;
  readonly fleet: StateDocument<FleetState> | undefined;
  readonly products: ReadonlyMap<string, ProductParts>;
  readonly tenants: ChunkedMap<StateDocument<TenantState>>;
  readonly expectations: ReadonlyMap<string, StateDocument<ExpectationsState>>;
  readonly trust: TrustFiles;
  /** What was found in files that have something to find, by path. */
  readonly findings: ReadonlyMap<string, readonly Diagnostic[]>;
}

/** What was read of the files in a product's folder. There is at least one. */
export interface ProductParts {
  readonly files: number;
  readonly product: StateDocument<ProductState> | undefined;
  readonly channels: ReadonlyMap<string, StateDocument<ChannelState>>;
  readonly versions: ReadonlyMap<string, StateDocument<VersionState>>;
  /** Names of files that could not be read. */
  readonly brokenChannels: ReadonlySet<string>;
  readonly brokenVersions: ReadonlySet<string>;
  /** The product as the rules see it; absent without a product.yaml that can be read. */
  readonly model: ProductModel | undefined;
}

export const NO_FILES: CollectedFiles = {
  files: ChunkedMap.empty(),
  fleet: undefined,
  products: new Map(),
  tenants: ChunkedMap.empty(),
  expectations: new Map(),
  trust: { roots: new Map(), releases: new Map() },
  findings: new Map(),
};

/** A file of a path that changed, as it is now; `undefined` where there is none any more. */
export type FileChanges = ReadonlyMap<string, SnapshotFile | undefined>;

/** Reads what changed. Pure; never throws for any content. */
export function collectFiles(before: CollectedFiles, changes: FileChanges): CollectedFiles {
  if (changes.size === 0) return before;
  const collector = new Collector(before);
  for (const [path, file] of changes) collector.change(path, file);
  return collector.collected();
}

type Changes<Value> = Map<string, Value | undefined>;

interface PartChanges {
  files: number;
  product?: { readonly now: StateDocument<ProductState> | undefined };
  readonly channels: Changes<StateDocument<ChannelState>>;
  readonly versions: Changes<StateDocument<VersionState>>;
  readonly brokenChannels: Changes<true>;
  readonly brokenVersions: Changes<true>;
}

/** Gathers what changes, and then puts it together. */
class Collector {
  private readonly before: CollectedFiles;
  private readonly files: Changes<SnapshotFile> = new Map();
  private readonly products = new Map<string, PartChanges>();
  private readonly tenants: Changes<StateDocument<TenantState>> = new Map();
  private readonly expectations: Changes<StateDocument<ExpectationsState>> = new Map();
  private readonly findings: Changes<readonly Diagnostic[]> = new Map();
  private readonly roots = new Map<number, Buffer | undefined>();
  private readonly releases: Changes<Buffer> = new Map();
  private fleet: StateDocument<FleetState> | undefined;
  private targets: Buffer | undefined;
  private isTrustChanged = false;

  constructor(before: CollectedFiles) {
    this.before = before;
    this.fleet = before.fleet;
    this.targets = before.trust.targets;
  }

  change(path: string, file: SnapshotFile | undefined): void {
    const place = readStatePath(path);
    const difference = Number(file !== undefined) - Number(this.before.files.has(path));
    this.files.set(path, file);
    const reading = file === undefined ? undefined : readFile(place, file);
    this.findings.set(path, file === undefined ? undefined : findingsOf(place, file, reading));
    switch (place.kind) {
      case "fleet":
        this.fleet = documentOf<FleetState>(reading);
        return;
      case "product": {
        const parts = this.partsOf(place.product, difference);
        parts.product = { now: documentOf<ProductState>(reading) };
        return;
      }
      case "channel": {
        const { channels, brokenChannels } = this.partsOf(place.product, difference);
        channels.set(place.name, documentOf<ChannelState>(reading));
        brokenChannels.set(place.name, isBroken(reading));
        return;
      }
      case "version": {
        const { versions, brokenVersions } = this.partsOf(place.product, difference);
        versions.set(place.name, documentOf<VersionState>(reading));
        brokenVersions.set(place.name, isBroken(reading));
        return;
      }
      case "tenant":
        this.tenants.set(place.name, documentOf<TenantState>(reading));
        return;
      case "expectations":
        this.expectations.set(place.name, documentOf<ExpectationsState>(reading));
        return;
      case "trust-root":
        this.isTrustChanged = true;
        this.roots.set(place.number, file?.bytes);
        return;
      case "trust-targets":
        this.isTrustChanged = true;
        this.targets = file?.bytes;
        return;
      case "trust-releases":
        this.isTrustChanged = true;
        this.releases.set(place.product, file?.bytes);
        return;
      case "ignored":
      case "bad-name":
      case "unknown":
        return;
    }
  }

  collected(): CollectedFiles {
    const { before, fleet } = this;
    return {
      files: before.files.with(this.files),
      fleet,
      products: this.collectedProducts(),
      tenants: before.tenants.with(this.tenants),
      expectations: changedMap(before.expectations, this.expectations),
      trust: this.isTrustChanged ? this.collectedTrust() : before.trust,
      findings: changedMap(before.findings, this.findings),
    };
  }

  /** @param difference whether a file came (1) or went (-1) */
  private partsOf(product: string, difference: number): PartChanges {
    let parts = this.products.get(product);
    if (parts === undefined) {
      parts = {
        files: 0,
        channels: new Map(),
        versions: new Map(),
        brokenChannels: new Map(),
        brokenVersions: new Map(),
      };
      this.products.set(product, parts);
    }
    parts.files += difference;
    return parts;
  }

  private collectedProducts(): CollectedFiles["products"] {
    const changes: Changes<ProductParts> = new Map();
    for (const [name, change] of this.products) {
      changes.set(name, changedParts(name, this.before.products.get(name) ?? NO_PARTS, change));
    }
    return changedMap(this.before.products, changes);
  }

  private collectedTrust(): TrustFiles {
    const { trust } = this.before;
    const roots = new Map<number, Buffer>(trust.roots);
    for (const [number, bytes] of this.roots) {
      if (bytes === undefined) roots.delete(number);
      else roots.set(number, bytes);
    }
    return {
      roots: new Map([...roots].sort(([a], [b]) => a - b)),
      ...(this.targets === undefined ? {} : { targets: this.targets }),
      releases: changedMap(trust.releases, this.releases),
    };
  }
}

const NO_PARTS: ProductParts = {
  files: 0,
  product: undefined,
  channels: new Map(),
  versions: new Map(),
  brokenChannels: new Set(),
  brokenVersions: new Set(),
  model: undefined,
};

function changedParts(name: string, before: ProductParts, change: PartChanges): ProductParts | undefined {
  const files = before.files + change.files;
  if (files === 0) return undefined;
  const product = change.product === undefined ? before.product : change.product.now;
  const channels = changedMap(before.channels, change.channels);
  const versions = changedMap(before.versions, change.versions);
  return {
    files,
    product,
    channels,
    versions,
    brokenChannels: changedSet(before.brokenChannels, change.brokenChannels),
    brokenVersions: changedSet(before.brokenVersions, change.brokenVersions),
    model: product === undefined ? undefined : { name, product, channels, versions },
  };
}

/** The map with these changes, sorted by its keys; the very same where nothing changes. */
function changedMap<Value>(
  before: ReadonlyMap<string, Value>,
  changes: ReadonlyMap<string, Value | undefined>,
): ReadonlyMap<string, Value> {
  if (changes.entries().every(([key, value]) => before.get(key) === value)) return before;
  const changed = new Map<string, Value>(before);
  let isSorted = true;
  for (const [key, value] of changes) {
    if (value === undefined) changed.delete(key);
    else {
      isSorted &&= before.has(key);
      changed.set(key, value);
    }
  }
  return isSorted ? changed : new Map([...changed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function changedSet(
  before: ReadonlySet<string>,
  changes: ReadonlyMap<string, true | undefined>,
): ReadonlySet<string> {
  if (changes.entries().every(([key, value]) => before.has(key) === (value ?? false))) return before;
  const changed = new Set(before);
  for (const [key, value] of changes) {
    if (value === true) changed.add(key);
    else changed.delete(key);
  }
  return changed;
}

function readFile(place: StatePath, file: SnapshotFile): ReadDocument | undefined {
  switch (place.kind) {
    case "fleet":
    case "product":
    case "channel":
    case "version":
    case "tenant":
    case "expectations":
      return readDocument(place.kind, file);
    default:
      return undefined;
  }
}

/** The schema of the kind has been checked where there is a document, so it has the type of that kind. */
function documentOf<T>(reading: ReadDocument | undefined): StateDocument<T> | undefined {
  return reading?.ok === true ? (reading.document as StateDocument<T>) : undefined;
}

function isBroken(reading: ReadDocument | undefined): true | undefined {
  return reading?.ok === false ? true : undefined;
}

function findingsOf(
  place: StatePath,
  file: SnapshotFile,
  reading: ReadDocument | undefined,
): readonly Diagnostic[] | undefined {
  const found: Diagnostic[] = [];
  const privateKey = findPrivateKey(file.latin1 ?? file.bytes);
  if (privateKey !== undefined) found.push(describePrivateKey(privateKey, file.path, "state"));
  if (reading?.ok === false) found.push(...reading.diagnostics);
  if (place.kind === "trust-targets" || place.kind === "trust-releases" || place.kind === "trust-root") {
    const conflict = conflictIn(file);
    if (conflict !== undefined) found.push(conflict);
  }
  if (place.kind === "bad-name") {
    const message = `\`${place.name}\` cannot be a name here`;
    found.push(findingAt(file.path, "file/bad-name", "error", message, BAD_NAME_HELP));
  }
  if (place.kind === "unknown") {
    const meant = meantStatePath(file.path);
    found.push(
      meant === undefined
        ? findingAt(file.path, "file/unreferenced", "warning", "nothing reads this file", UNKNOWN_HELP)
        : findingAt(
            file.path,
            "file/misplaced",
            "error",
            `nothing reads this file, which looks like \`${meant}\``,
            `rename it to \`${meant}\`, or delete it`,
          ),
    );
  }
  return found.length === 0 ? undefined : found;
}

/** Signed files are no YAML: that one holds a conflict would be told as JSON that is broken somewhere. */
function conflictIn({ path, bytes }: SnapshotFile): Diagnostic | undefined {
  if (!bytes.includes("<<<<<<< ")) return undefined;
  const text = bytes.toString("utf8");
  const conflict = findConflictMarker(text);
  if (conflict === undefined) return undefined;
  const { range, message } = conflict;
  const { line, column } = positionAt(findLineStarts(text), range.start);
  const span = { line, column, endLine: line, endColumn: column + range.end - range.start };
  const help = "put both sides' version files in place and run `fairlead release sign`, which writes it anew";
  return {
    rule: "file/conflict-marker",
    severity: "error",
    message,
    file: path,
    span,
    related: [],
    notes: [],
    help,
  };
}

const BAD_NAME_HELP =
  "names of products, channels and tenants are lower-case letters, digits and dashes and start with a letter";

const UNKNOWN_HELP =
  "delete it, or move it to where it is read: fleet.yaml, products/<product>/..., tenants/<tenant>.yaml, expectations/<name>.yaml";

/** A finding about a file as a whole. */
export function findingAt(
  file: string,
  rule: string,
  severity: Diagnostic["severity"],
  message: string,
  help: string,
): Diagnostic {
  return { rule, severity, message, file, related: [], notes: [], help };
}
