import type { Span } from "../diagnostics/diagnostic.ts";
import type { FleetModel, StateDocument } from "../state/fleet-model.ts";

/** A place in the text of a state file. */
export interface TextPlace {
  readonly file: string;
  readonly span: Span;
}

/** Of several artifacts of a version the one that is meant. */
export interface MeantBuild {
  readonly platform: string;
  /** `undefined`: the first one of the platform. */
  readonly format?: string | undefined;
}

/** The tokens of a JSON pointer (RFC 6901, sections 3 and 4); empty for the whole document. */
export function pointerTokens(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * Where in the text a `where` of a trail stands: `tenants/acme.yaml#/sites/berlin/channel`. What the file does not
 * say stands at its nearest parent. `undefined`: the state has no such file.
 *
 * @param build what counts where a version's own `requires` says nothing
 */
export function locatePointer(model: FleetModel, where: string, build?: MeantBuild): TextPlace | undefined {
  const hash = where.indexOf("#");
  const file = hash === -1 ? where : where.slice(0, hash);
  const document = documentOf(model, file);
  if (document === undefined) return undefined;
  const pointer = hash === -1 ? "" : where.slice(hash + 1);
  const path = pointer === "/requires" ? requirementsPath(model, file, build) : pointerTokens(pointer);
  return { file, span: document.spanOf(path) };
}

/** The release role repeats on each artifact what a version requires, so a trail cannot tell who of the two said it. */
function requirementsPath(
  model: FleetModel,
  file: string,
  build: MeantBuild | undefined,
): readonly (string | number)[] {
  const [, product = "", version = ""] = /^products\/([^/]+)\/versions\/(.+)\.yaml$/.exec(file) ?? [];
  const artifacts = model.products.get(product)?.versions.get(version)?.value.artifacts ?? [];
  const index = artifacts.findIndex(
    ({ platform, format, requires }) =>
      platform === build?.platform &&
      (build.format === undefined || format === build.format) &&
      requires !== undefined,
  );
  return index === -1 ? ["requires"] : ["artifacts", index, "requires"];
}

function documentOf(model: FleetModel, file: string): StateDocument<unknown> | undefined {
  if (file === "fleet.yaml") return model.fleet;
  const tenant = /^tenants\/([^/]+)\.yaml$/.exec(file)?.[1];
  if (tenant !== undefined) return model.tenants.get(tenant);
  const [, name = "", rest = ""] = /^products\/([^/]+)\/(.+)\.yaml$/.exec(file) ?? [];
  const product = model.products.get(name);
  if (rest === "product") return product?.product;
  const [folder, entry = ""] = splitOnce(rest);
  return folder === "channels" ? product?.channels.get(entry) : product?.versions.get(entry);
}

function splitOnce(path: string): [string, string | undefined] {
  const slash = path.indexOf("/");
  return slash === -1 ? [path, undefined] : [path.slice(0, slash), path.slice(slash + 1)];
}
