/**
 * Writes `schemas/state.generated.ts` and `schemas/controller.generated.ts` from the JSON Schemas, so that the types of the
 * state files and of the controller's configuration are not written twice. `--check` writes nothing and exits with 1 when
 * a file is not what the schemas say.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, compileFromFile } from "json-schema-to-typescript";

const directory = join(import.meta.dirname, "..", "schemas");
const kinds = ["fleet", "product", "channel", "version", "tenant", "expectations"] as const;

const options = {
  cwd: `${directory}/`,
  bannerComment: "// Generated from the schemas beside it by `npm run generate`. Do not edit.",
  ignoreMinAndMaxItems: true,
} as const;

/** One umbrella schema, so that what the kinds share is emitted once. */
const state = await compile(
  {
    title: "StateFiles",
    description: "Every kind of state file.",
    type: "object",
    additionalProperties: false,
    required: [...kinds],
    properties: Object.fromEntries(kinds.map((kind) => [kind, { $ref: `${kind}.schema.json` }])),
  },
  "StateFiles",
  options,
);
const controller = await compileFromFile(join(directory, "controller.schema.json"), options);

for (const [name, text] of [
  ["state.generated.ts", state],
  ["controller.generated.ts", controller],
] as const) {
  const target = join(directory, name);
  if (!process.argv.includes("--check")) {
    writeFileSync(target, text);
  } else if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error(`schemas/${name} is not what the schemas say: run \`npm run generate\``);
    process.exitCode = 1;
  }
}
