import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import { compareDiagnostics } from "../diagnostics/compare-diagnostics.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Snapshot } from "../source/snapshot.ts";
import { type CollectedFiles, findingAt, type ProductParts } from "./collected-files.ts";
import type { FleetModel, ProductModel } from "./fleet-model.ts";
import { describeIrregular } from "./irregular-entries.ts";
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
 * @param options.cache keeps what was read across snapshots, so that only changed files are read again
 */
export function readState(snapshot: Snapshot, options: { readonly cache?: StateCache } = {}): StateReading {
  const collected = (options.cache ?? new StateCache()).collect(snapshot);
  const sound = soundState(snapshot, collected);
  const diagnostics = [
    ...snapshot.irregular.map(describeIrregular),
    ...[...collected.findings.values()].flat(),
    ...missingFiles(collected),
  ].sort(compareDiagnostics);
  const isWhole = diagnostics.every(({ severity }) => severity !== "error");
  return { sound, model: isWhole ? fleetModelOf(sound) : undefined, diagnostics };
}

function* missingFiles({ files, products }: CollectedFiles): Generator<Diagnostic> {
  if (!files.has("fleet.yaml")) {
    const help = "add fleet.yaml with `schemaVersion: 1` and `defaultChannel`";
    yield findingAt("fleet.yaml", "file/missing", "error", "the state has no fleet.yaml", help);
  }
  for (const [name, { product }] of products) {
    if (product !== undefined) continue;
    const path = `products/${name}/product.yaml`;
    if (files.has(path)) continue;
    const message = `product \`${name}\` has no product.yaml`;
    yield findingAt(path, "file/missing", "error", message, `add ${path} with a \`description\``);
  }
}

function soundState(snapshot: Snapshot, collected: CollectedFiles): SoundState {
  const { files, fleet, tenants, products, expectations, trust } = collected;
  const { roots, targets, releases } = trust;
  const hasTrust = roots.size > 0 || targets !== undefined || releases.size > 0;
  return {
    commit: snapshot.commit,
    committedAt: snapshot.committedAt,
    fleet,
    tenants,
    expectations,
    trust: hasTrust ? trust : undefined,
    files,
    ...knownProducts.of(products, summarise),
  };
}

type ProductsOfState = Pick<
  SoundState,
  "products" | "productNames" | "productsWithBrokenVersions" | "channelNames" | "namesText"
>;

/** By what was read of all products: while that stays, so does the map of their models, and what is kept by that. */
const knownProducts = new KeptByIdentity<ReadonlyMap<string, ProductParts>, ProductsOfState>();

function summarise(products: ReadonlyMap<string, ProductParts>): ProductsOfState {
  const models = new Map<string, ProductModel>();
  const broken = new Set<string>();
  const channelNames = new Set<string>();
  const names: string[] = [];
  for (const [name, { model, channels, brokenChannels, brokenVersions }] of products) {
    if (model !== undefined) models.set(name, model);
    if (brokenVersions.size > 0) broken.add(name);
    const read = [...channels.keys()].join();
    names.push(`${name} ${model === undefined} ${read} ${[...brokenChannels].join()}`);
    for (const channel of [...channels.keys(), ...brokenChannels]) channelNames.add(channel);
  }
  return {
    products: models,
    productNames: new Set(products.keys()),
    productsWithBrokenVersions: broken,
    channelNames,
    namesText: names.join("\n"),
  };
}
