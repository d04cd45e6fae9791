import channelSchema from "../schemas/channel.schema.json" with { type: "json" };
import commonSchema from "../schemas/common.schema.json" with { type: "json" };
import expectationsSchema from "../schemas/expectations.schema.json" with { type: "json" };
import fleetSchema from "../schemas/fleet.schema.json" with { type: "json" };
import productSchema from "../schemas/product.schema.json" with { type: "json" };
import tenantSchema from "../schemas/tenant.schema.json" with { type: "json" };
import versionSchema from "../schemas/version.schema.json" with { type: "json" };

/** As much of JSON Schema (draft 7) as the state schemas use. */
export interface Schema {
  readonly $ref?: string;
  readonly $comment?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  /** Parts of `allOf` that say what goes with what; the keys themselves stand in `properties`. */
  readonly if?: object;
  readonly then?: object;
  readonly else?: object;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly uniqueItems?: boolean;
  readonly pattern?: string;
  /** The form of value, which a rule of its own is about. */
  readonly form?: string;
  readonly afterPublication?: string;
}

/** One key of a state file, or of a part that several files share. */
export interface SchemaKey {
  /** The schema that it stands in: `channel`, or a shared part such as `pin`. */
  readonly section: string;
  /** From the top of that schema; `[]` stands for the items of a list, `<name>` for a key that people choose. */
  readonly path: readonly string[];
  readonly isRequired: boolean;
  /** What is said of it, with what it refers to filled in. */
  readonly schema: Schema;
  /** The shared definition that it refers to. */
  readonly shared: string | undefined;
}

export const FILE_KINDS = ["fleet", "product", "channel", "version", "tenant", "expectations"] as const;

const FILES: Readonly<Record<(typeof FILE_KINDS)[number], Schema>> = {
  fleet: fleetSchema,
  product: productSchema,
  channel: channelSchema,
  version: versionSchema,
  tenant: tenantSchema,
  expectations: expectationsSchema,
};

const SHARED: Readonly<Record<string, Schema>> = commonSchema.$defs;

/** Shared definitions that have keys of their own: each has a section of the reference. */
export const SHARED_PARTS: readonly string[] = Object.keys(SHARED).filter((name) =>
  hasKeys(sharedSchema(name)),
);
/** Shared definitions of values in a form of their own: each has a line of the reference. */
export const SHARED_FORMS: readonly string[] = Object.keys(SHARED).filter(
  (name) => sharedSchema(name).form !== undefined,
);

/** The schema of a section: a kind of file, or a shared part. */
export function schemaOf(section: string): Schema {
  const kind = FILE_KINDS.find((known) => known === section);
  return kind === undefined ? sharedSchema(section) : FILES[kind];
}

/** A definition of common.schema.json. */
export function sharedSchema(name: string): Schema {
  const schema = Object.hasOwn(SHARED, name) ? SHARED[name] : undefined;
  if (schema === undefined)
    throw new Error(`the schemas refer to \`${name}\`, which common.schema.json lacks`);
  return schema;
}

/** Whether there are keys below a schema that it names itself. */
function hasKeys(schema: Schema): boolean {
  const below = belowOf(schema);
  return (
    schema.properties !== undefined ||
    below.some(({ schema: inner }) => inner.$ref === undefined && hasKeys(inner))
  );
}

/** Every key of a section, in the order of its schema; what refers to a shared part is not followed. */
export function keysOf(section: string): SchemaKey[] {
  return [...walk(section, [], schemaOf(section))];
}

function* walk(section: string, path: readonly string[], schema: Schema): Generator<SchemaKey> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const key = keyOf(section, [...path, name], schema.required?.includes(name) === true, property);
    yield key;
    if (key.shared === undefined) yield* walk(section, key.path, property);
  }
  for (const { step, schema: inner } of belowOf(schema)) {
    if (inner.$ref === undefined) yield* walk(section, step === "" ? path : [...path, step], inner);
  }
}

function keyOf(section: string, path: readonly string[], isRequired: boolean, property: Schema): SchemaKey {
  const [inner = {}] = property.allOf ?? [property];
  const shared = referenceOf(inner);
  const schema = shared === undefined ? property : { ...sharedSchema(shared), ...property };
  return { section, path, isRequired, schema, shared };
}

/** What stands below a schema without a fixed name: items of a list, values under names that people choose, choices. */
function belowOf({ items, additionalProperties, oneOf = [] }: Schema): { step: string; schema: Schema }[] {
  return [
    ...(items === undefined ? [] : [{ step: "[]", schema: items }]),
    ...(typeof additionalProperties === "object" ? [{ step: "<name>", schema: additionalProperties }] : []),
    ...oneOf.flatMap((choice) => (choice.properties === undefined ? [] : [{ step: "", schema: choice }])),
  ];
}

/** The shared definition that the items of a list, or the values under chosen names, refer to. */
export function innerReference(schema: Schema): string | undefined {
  return belowOf(schema).flatMap(({ schema: inner }) => referenceOf(inner) ?? [])[0];
}

/**
 * The key that a place in a file is about: `["devices", "d-1", "products", "agent", "pin"]` of a tenant is `pin` of the
 * shared part `settings`. The nearest key above it where the place itself is none.
 */
export function keyAt(section: string, path: readonly string[]): SchemaKey | undefined {
  let key: SchemaKey | undefined;
  let at: Schema = schemaOf(section);
  let where = section;
  let below: string[] = [];
  for (const step of path) {
    const choice = [at, ...(at.oneOf ?? [])].find(({ properties = {} }) => Object.hasOwn(properties, step));
    const property = choice?.properties?.[step];
    if (property !== undefined) {
      below = [...below, step];
      key = keyOf(where, below, choice?.required?.includes(step) === true, property);
      at = key.schema;
      if (key.shared !== undefined && SHARED_PARTS.includes(key.shared)) [where, below] = [key.shared, []];
      continue;
    }
    const inner = belowOf(at).find((known) => known.step !== "");
    if (inner === undefined) return key;
    const reference = referenceOf(inner.schema);
    at = reference === undefined ? inner.schema : sharedSchema(reference);
    [where, below] = reference === undefined ? [where, [...below, inner.step]] : [reference, []];
  }
  return key;
}

function referenceOf({ $ref }: Schema): string | undefined {
  return $ref?.split("/").at(-1);
}
