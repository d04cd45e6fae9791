import { isChannelName, isName } from "../../protocol/manifest-names.ts";

/** What a path of the state repository is for. */
export type StatePath =
  | { readonly kind: "fleet" }
  | { readonly kind: "product"; readonly product: string }
  | { readonly kind: "channel"; readonly product: string; readonly name: string }
  | { readonly kind: "version"; readonly product: string; readonly name: string }
  | { readonly kind: "tenant"; readonly name: string }
  | { readonly kind: "expectations"; readonly name: string }
  | { readonly kind: "trust-root"; readonly number: number }
  | { readonly kind: "trust-targets" }
  | { readonly kind: "trust-releases"; readonly product: string }
  /** Allowed beside state and not read. */
  | { readonly kind: "ignored" }
  /** Where a state file would be, under a name that none can have. */
  | { readonly kind: "bad-name"; readonly name: string }
  | { readonly kind: "unknown" };

/** The kinds that are YAML with a schema of their own. */
export type DocumentKind = "fleet" | "product" | "channel" | "version" | "tenant" | "expectations";

const VERSION_FILE = /^[0-9A-Za-z][0-9A-Za-z.-]{0,63}$/;

/** Tells what a path (relative to the state root, with `/`) is for. */
export function readStatePath(path: string): StatePath {
  if (path === "fleet.yaml") return { kind: "fleet" };
  const parts = path.split("/");
  if (isIgnored(parts)) return { kind: "ignored" };
  switch (parts[0]) {
    case "products":
      return placeInProduct(parts);
    case "tenants":
      return placeInFolder("tenant", parts);
    case "expectations":
      return placeInFolder("expectations", parts);
    case "trust":
      return placeInTrust(path);
    default:
      return { kind: "unknown" };
  }
}

function isIgnored(parts: readonly string[]): boolean {
  const [top = ""] = parts;
  const file = parts.at(-1) ?? "";
  if (file.startsWith(".") || file.startsWith("README")) return true;
  return parts.length > 1 && (top === "artifacts" || top === "schemas" || top.startsWith("."));
}

/** Folders of state by what people call them too. */
const MEANT_FOLDERS: ReadonlyMap<string, string> = new Map([
  ...["product", "products"].map((name) => [name, "products"] as const),
  ...["tenant", "tenants"].map((name) => [name, "tenants"] as const),
  ...["channel", "channels"].map((name) => [name, "channels"] as const),
  ...["version", "versions"].map((name) => [name, "versions"] as const),
  ...["expectation", "expectations"].map((name) => [name, "expectations"] as const),
]);

/**
 * The path of a state file that a file nobody reads was meant to be: it differs in the case of letters, `.yml`, or the
 * number of its folder (`tenant/`). `undefined` where it is like none.
 */
export function meantStatePath(path: string): string | undefined {
  const meant = path
    .toLowerCase()
    .replace(/\.yml$/, ".yaml")
    .split("/")
    .map((part, index) => (index % 2 === 0 ? (MEANT_FOLDERS.get(part) ?? part) : part))
    .join("/");
  if (meant === path) return undefined;
  const place = readStatePath(meant).kind;
  return place === "unknown" || place === "ignored" || place === "bad-name" ? undefined : meant;
}

/** A folder with files and nothing else. */
function placeInFolder(kind: "tenant" | "expectations", parts: readonly string[]): StatePath {
  const name = stemOf(parts[1]);
  if (parts.length !== 2 || name === undefined) return { kind: "unknown" };
  return isName(name) ? { kind, name } : { kind: "bad-name", name };
}

function placeInProduct(parts: readonly string[]): StatePath {
  const [, product = "", folder, file] = parts;
  if (parts.length === 3 && folder === "product.yaml") {
    return isName(product) ? { kind: "product", product } : { kind: "bad-name", name: product };
  }
  const name = stemOf(file);
  if (parts.length !== 4 || name === undefined) return { kind: "unknown" };
  if (folder !== "channels" && folder !== "versions") return { kind: "unknown" };
  if (!isName(product)) return { kind: "bad-name", name: product };
  if (folder === "channels") {
    return isChannelName(name) ? { kind: "channel", product, name } : { kind: "bad-name", name };
  }
  return VERSION_FILE.test(name) ? { kind: "version", product, name } : { kind: "bad-name", name };
}

function placeInTrust(path: string): StatePath {
  if (path === "trust/targets.json") return { kind: "trust-targets" };
  const root = /^trust\/root\/([1-9]\d{0,8})\.root\.json$/.exec(path);
  if (root !== null) return { kind: "trust-root", number: Number(root[1]) };
  const releases = /^trust\/releases\/([^/]+)\.json$/.exec(path)?.[1];
  if (releases !== undefined && isName(releases)) return { kind: "trust-releases", product: releases };
  return { kind: "unknown" };
}

function stemOf(file: string | undefined): string | undefined {
  return file?.endsWith(".yaml") === true ? file.slice(0, -".yaml".length) : undefined;
}
