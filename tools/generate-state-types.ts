/**
 * Writes `schemas/state.generated.ts` from the JSON Schemas, so that the types of the state files are not written
 * twice. `--check` writes nothing and exits with 1 when the file is not what the schemas say.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "json-schema-to-typescript";

const directory = join(import.meta.dirname, "..", "schemas");
const target = join(directory, "state.generated.ts");
const kinds = ["fleet", "product", "channel", "version", "tenant"] as const;

/** One umbrella schema, so that what the kinds share is emitted once. */
const text = await compile(
  {
    title: "StateFiles",
    description: "Every kind of state file.",
    type: "object",
    additionalProperties: false,
    required: [...kinds],
    properties: Object.fromEntries(kinds.map((kind) => [kind, { $ref: `${kind}.schema.json` }])),
  },
  "StateFiles",
  {
    cwd: `${directory}/`,
    bannerComment: "// Generated from the schemas beside it by `npm run generate`. Do not edit.",
    ignoreMinAndMaxItems: true,
  },
);

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("schemas/state.generated.ts is not what the schemas say: run `npm run generate`");
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}
