import versionSchema from "../../schemas/version.schema.json" with { type: "json" };

/**
 * The schema keyword that says what of a version may change once it is published: `may-change`, or `may-grow` for a
 * list that may get more items. What has no such keyword never changes.
 */
export const AFTER_PUBLICATION = "afterPublication";

/** A key that stays as it was published. Where a file leaves it away, it means `default`. */
export interface LastingKey {
  readonly name: string;
  readonly default: unknown;
}

/** The keys of a version, artifacts apart, that never change. */
export const LASTING_VERSION_KEYS: readonly LastingKey[] = lastingKeys(versionSchema.properties);

/** The keys of an artifact that never change. */
export const LASTING_ARTIFACT_KEYS: readonly LastingKey[] = lastingKeys(
  versionSchema.properties.artifacts.items.properties,
);

function lastingKeys(properties: Readonly<Record<string, object>>): LastingKey[] {
  return Object.entries(properties)
    .filter(([, schema]) => !(AFTER_PUBLICATION in schema))
    .map(([name, schema]) => ({ name, default: "default" in schema ? schema.default : undefined }));
}

/** What a version or an artifact says under a key, or means by leaving it away. */
export function meaningOf(said: object, key: LastingKey): unknown {
  return Object.entries(said).find(([name]) => name === key.name)?.[1] ?? key.default;
}
