import type { ErrorObject } from "ajv";
import { nearestMatch } from "../diagnostics/nearest-match.ts";
import { describeForm } from "./describe-form.ts";

export type DocumentPath = readonly (string | number)[];

/** A mistake against the schema, in our own words, at a path of the document. */
export interface SchemaFault {
  readonly rule: string;
  readonly message: string;
  readonly path: DocumentPath;
  readonly part: "key" | "value";
  readonly label?: string;
  readonly notes?: readonly string[];
  readonly help?: string;
}

/** Most mistakes that are reported of one file; a file with more is wrong as a whole. */
const MAX_FAULTS = 100;

/**
 * Turns ajv's findings into ours: one for each mistake, at the smallest place.
 *
 * @param sourceOf the text of a scalar as it stands in the file, to tell `1.10` from the number 1.1 that it reads as
 */
export function describeSchemaErrors(
  errors: readonly ErrorObject[],
  sourceOf: (path: DocumentPath) => string | undefined,
): SchemaFault[] {
  const faults: SchemaFault[] = [];
  const misspelt = misspeltKeys(errors);
  const told = new Set<string>();
  for (const error of withoutBranches(errors)) {
    // What follows from another key (`then`, `else`) is told by itself.
    if (error.keyword === "if") continue;
    if (error.keyword === "required" && misspelt.has(placeOfKey(error, error.params.missingProperty)))
      continue;
    const fault = describe(error, pathOf(error.instancePath), sourceOf);
    const place = `${JSON.stringify(fault.path)}${fault.part}${fault.rule === "schema/missing-key" ? fault.message : ""}`;
    if (told.has(place)) continue;
    told.add(place);
    faults.push(fault);
    if (faults.length === MAX_FAULTS) break;
  }
  return faults;
}

/** Missing keys whose misspelt form stands in the same mapping: reported as an unknown key, and not also as missing. */
function misspeltKeys(errors: readonly ErrorObject[]): ReadonlySet<string> {
  const meant = new Set<string>();
  for (const error of errors) {
    if (error.keyword !== "additionalProperties") continue;
    const near = nearestMatch(String(error.params.additionalProperty), keysOf(error));
    if (near !== undefined) meant.add(placeOfKey(error, near));
  }
  return meant;
}

function placeOfKey(error: ErrorObject, key: unknown): string {
  return `${error.instancePath}/${String(key)}`;
}

function keysOf(error: ErrorObject): string[] {
  const properties: unknown = error.parentSchema?.properties;
  return isObject(properties) ? Object.keys(properties) : [];
}

/**
 * Drops errors that say the same twice. Under `oneOf` an object keeps what is wrong inside it, as it was meant for the
 * object branch, and any other value keeps the error of `oneOf` itself. Of a wrong property name `propertyNames` stays.
 */
function withoutBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  const alternatives = errors.filter(({ keyword }) => keyword === "oneOf");
  return errors.filter((error) => {
    if (error.keyword === "oneOf") return !isObject(error.data);
    const outer = alternatives.find(
      ({ instancePath }) =>
        error.instancePath === instancePath || error.instancePath.startsWith(`${instancePath}/`),
    );
    if (outer === undefined) return error.propertyName === undefined || error.keyword === "propertyNames";
    return isObject(outer.data) && !(error.keyword === "type" && error.instancePath === outer.instancePath);
  });
}

function describe(
  error: ErrorObject,
  path: DocumentPath,
  sourceOf: (path: DocumentPath) => string | undefined,
): SchemaFault {
  const params: Record<string, unknown> = error.params;
  switch (error.keyword) {
    case "additionalProperties":
      return unknownKey(error, path, String(params.additionalProperty));
    case "required":
      return missingKey(error, path, String(params.missingProperty));
    case "false schema":
      return strayKey(path);
    case "propertyNames":
      return badName([...path, String(params.propertyName)]);
    case "type":
    case "oneOf":
    case "pattern":
    case "form":
    case "enum":
      return wrongValue(error, path, sourceOf(path));
    case "uniqueItems":
      return {
        rule: "schema/duplicate-item",
        message: `item ${Number(params.i) + 1} of the list says the same as item ${Number(params.j) + 1}`,
        path: [...path, Math.max(Number(params.i), Number(params.j))],
        part: "value",
        help: "keep one of them",
      };
    default:
      return outOfRange(error, path, params);
  }
}

function unknownKey(error: ErrorObject, path: DocumentPath, key: string): SchemaFault {
  const allowed = keysOf(error);
  const place = { path: [...path, key], part: "key" } as const;
  if (key === "<<") {
    return {
      rule: "yaml/merge-key",
      message: "`<<` is a merge key, which state files may not use",
      ...place,
      help: "write the keys out: what a scope says must be readable where it stands",
    };
  }
  const near = nearestMatch(key, allowed);
  return {
    rule: "schema/unknown-key",
    message: `unknown key \`${key}\``,
    ...place,
    label: "not known here",
    notes: [`allowed here: ${allowed.join(", ")}`],
    ...(near === undefined ? {} : { help: `did you mean \`${near}\`?` }),
  };
}

/** A key that is known, and does not go with another one that stands beside it. */
function strayKey(path: DocumentPath): SchemaFault {
  return {
    rule: "schema/unknown-key",
    message: `\`${String(path.at(-1))}\` does not go with what else is said here`,
    path,
    part: "key",
    label: "not meant here",
    help: "look the key up in docs/state.md: it says what it goes with",
  };
}

function missingKey(error: ErrorObject, path: DocumentPath, key: string): SchemaFault {
  const properties = isObject(error.parentSchema?.properties) ? error.parentSchema.properties : {};
  const wanted = properties[key];
  const description = isObject(wanted) && typeof wanted.description === "string" ? wanted.description : "";
  return {
    rule: "schema/missing-key",
    message: `key \`${key}\` is missing`,
    path,
    part: path.length === 0 || typeof path.at(-1) === "number" ? "value" : "key",
    label: `needs \`${key}\``,
    ...(description === "" ? {} : { notes: [`\`${key}\`: ${asPhrase(description)}`] }),
    help: `add \`${key}: ...\``,
  };
}

function badName(path: DocumentPath): SchemaFault {
  return {
    rule: "schema/bad-name",
    message: `\`${shorten(String(path.at(-1)))}\` cannot be a name here`,
    path,
    part: "key",
    help: "names are lower-case letters, digits and dashes and start with a letter; device ids may hold `.`, `_` and `:`",
  };
}

function wrongValue(error: ErrorObject, path: DocumentPath, source: string | undefined): SchemaFault {
  const place = { path, part: "value" } as const;
  const schema = error.parentSchema ?? {};
  const shown = shorten(source ?? JSON.stringify(error.data) ?? "nothing");
  if (typeof schema.form === "string" && !isObject(error.data) && !Array.isArray(error.data)) {
    return { ...describeForm(schema.form, shown, error.data), ...place };
  }
  if (error.keyword === "enum" && Array.isArray(schema.enum)) {
    const near = nearestMatch(String(error.data), schema.enum.map(String));
    return {
      rule: "schema/wrong-choice",
      message: `\`${shown}\` is not one of ${listOf(schema.enum)}`,
      ...place,
      ...(near === undefined ? {} : { help: `did you mean \`${near}\`?` }),
    };
  }
  const expected = expectedOf(schema);
  return {
    rule: "schema/wrong-type",
    message: `expected ${expected}, got ${kindOf(error.data)}`,
    ...place,
    label: `expected ${expected}`,
    ...(typeof error.data === "string"
      ? {}
      : typeof schema.type === "string" && schema.type === "string"
        ? { help: "put quotes around it" }
        : {}),
  };
}

function outOfRange(error: ErrorObject, path: DocumentPath, params: Record<string, unknown>): SchemaFault {
  const limit = String(params.limit);
  const subject = {
    minimum: `below the least, ${limit}`,
    maximum: `above the most, ${limit}`,
    minItems: `too short: it needs at least ${limit}`,
    maxItems: `too long: at most ${limit} are allowed`,
    minLength: "empty",
    minProperties: "empty",
    maxLength: `too long: at most ${limit} characters are allowed`,
    maxProperties: `too large: at most ${limit} keys are allowed`,
  }[error.keyword];
  return {
    rule: "schema/out-of-range",
    message: `the ${kindOf(error.data).replace(/^an? /, "").replace(/ .*/, "")} is ${subject ?? "not allowed here"}`,
    path,
    part: "value",
  };
}

function expectedOf(schema: Record<string, unknown>): string {
  if (Array.isArray(schema.oneOf)) {
    const kinds: readonly unknown[] = schema.oneOf;
    const isText = kinds.some((kind) => isObject(kind) && kind.type === "string");
    return isText ? "text or a list of texts" : "`true`, `false` or a mapping with a `reason`";
  }
  switch (schema.type) {
    case "object":
      return "a mapping (`key: value` lines)";
    case "array":
      return "a list";
    case "string":
      return "text";
    case "boolean":
      return "`true` or `false`";
    case "integer":
      return "a whole number";
    case "number":
      return "a number";
    default:
      return "another kind of value";
  }
}

function kindOf(data: unknown): string {
  if (data === null || data === undefined) return "nothing";
  if (Array.isArray(data)) return "a list";
  if (isObject(data)) return "a mapping";
  if (typeof data === "string") return `text \`${shorten(data)}\``;
  return `a ${typeof data} \`${String(data)}\``;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(values: readonly unknown[]): string {
  return values.map((value) => `\`${String(value)}\``).join(", ");
}

function asPhrase(description: string): string {
  return description.charAt(0).toLowerCase() + description.slice(1).replace(/\.$/, "");
}

/** A value as a message may hold it: one line, at most 60 characters. */
function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** A JSON pointer (RFC 6901) as a path; what looks like an index of a list is one only where a list is meant. */
function pathOf(pointer: string): (string | number)[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((token) => (/^\d+$/.test(token) ? Number(token) : token));
}
