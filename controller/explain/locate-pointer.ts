import { readWhere } from "../../protocol/trail.ts";
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
  const { file, pointer } = readWhere(where);
  const document = documentOf(model, file);
  return document === undefined ? undefined : { file, span: spanOfPointer(document, pointer, build) };
}

/** The same in one file. */
export function spanOfPointer(document: StateDocument<unknown>, pointer: string, build?: MeantBuild): Span {
  return document.spanOf(
    pointer === "/requires" ? requirementsPath(document, build) : pointerTokens(pointer),
  );
}

/** The release role repeats on each artifact what a version requires, so a trail cannot tell who of the two said it. */
function requirementsPath(
  { value }: StateDocument<unknown>,
  build: MeantBuild | undefined,
): readonly (string | number)[] {
  const artifacts: readonly unknown[] =
    isObject(value) && "artifacts" in value && Array.isArray(value.artifacts) ? value.artifacts : [];
  const index = artifacts.findIndex(
    (artifact) =>
      isObject(artifact) &&
      "requires" in artifact &&
      "platform" in artifact &&
      artifact.platform === build?.platform &&
      (build?.format === undefined || ("format" in artifact && artifact.format === build.format)),
  );
  return index === -1 ? ["requires"] : ["artifacts", index, "requires"];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
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
