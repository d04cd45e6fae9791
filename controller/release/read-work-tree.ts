import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isName } from "../../protocol/manifest-names.ts";
import type { VersionScheme } from "../../protocol/version.ts";
import type { ProductState, VersionState } from "../../schemas/state.generated.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import { readDocument } from "../state/read-document.ts";
import { readStatePath } from "../state/state-layout.ts";
import { ReleaseError } from "./release-error.ts";

/** One product as its files in the work tree say. */
export interface WorkTreeProduct {
  readonly name: string;
  readonly versionScheme: VersionScheme;
  readonly versions: readonly VersionState[];
}

/** Names of the products that the state root holds, sorted. */
export function productNames(root: string): string[] {
  const folder = join(root, "products");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => isName(name) && existsSync(join(folder, name, "product.yaml")))
    .sort();
}

/**
 * Reads a product and its versions from the work tree, as a commit of it would say them.
 *
 * @throws ReleaseError `release/unknown-product`, `release/invalid-state`
 */
export function readProduct(root: string, name: string): WorkTreeProduct {
  if (!productNames(root).includes(name)) {
    const known = productNames(root).join(", ");
    throw new ReleaseError("release/unknown-product", `there is no product \`${name}\``, {
      help: `add products/${name}/product.yaml first${known === "" ? "" : `, or name one of: ${known}`}`,
    });
  }
  const directory = `products/${name}`;
  const { versionScheme = "semver" } = readStateFile<ProductState>(
    root,
    "product",
    `${directory}/product.yaml`,
  );
  const folder = join(root, directory, "versions");
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const versions = files
    .filter((file) => readStatePath(`${directory}/versions/${file}`).kind === "version")
    .map((file) => readStateFile<VersionState>(root, "version", `${directory}/versions/${file}`));
  return { name, versionScheme, versions };
}

/** The schema of the kind has been checked, so the value has its type. */
function readStateFile<T>(root: string, kind: "product" | "version", path: string): T {
  const reading = readDocument(kind, { path, blob: "", bytes: readFileSync(join(root, path)) });
  if (reading.ok) return reading.document.value as T;
  const message = reading.diagnostics[0]?.message ?? "it cannot be read";
  throw new ReleaseError("release/invalid-state", `${path}: ${message}`, {
    help: "run `fairlead validate` and correct what it shows",
  });
}

/** The `trust/` folder of the work tree; `undefined` where there is none. */
export function readTrust(root: string): TrustFiles | undefined {
  const trust = join(root, "trust");
  if (!existsSync(trust)) return undefined;
  const roots = new Map<number, Buffer>();
  const releases = new Map<string, Buffer>();
  let targets: Buffer | undefined;
  for (const entry of readdirSync(trust, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const place = readStatePath(file.slice(root.length + 1).replaceAll("\\", "/"));
    if (place.kind === "trust-root") roots.set(place.number, readFileSync(file));
    if (place.kind === "trust-targets") targets = readFileSync(file);
    if (place.kind === "trust-releases") releases.set(place.product, readFileSync(file));
  }
  return { roots, ...(targets === undefined ? {} : { targets }), releases };
}
