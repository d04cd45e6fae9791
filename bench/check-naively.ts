/**
 * The peer that one would write in an hour: each file read, parsed by `yaml` and checked by ajv, the schema compiled
 * once. `node check-naively.ts ROOT`
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";

const root = process.argv[2] ?? ".";
const schemas = join(import.meta.dirname, "..", "schemas");
const read = (name: string): object => JSON.parse(readFileSync(join(schemas, `${name}.schema.json`), "utf8"));
const ajv = new Ajv({ allErrors: true, strict: false });
ajv.addSchema(read("common"));
const validate = Object.fromEntries(
  ["fleet", "product", "channel", "version", "tenant"].map((kind) => [kind, ajv.compile(read(kind))]),
);

let refused = 0;
for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) {
  if (!path.endsWith(".yaml")) continue;
  const value: unknown = parse(readFileSync(join(root, path), "utf8"));
  if (validate[kindOf(path)]?.(value) !== true) refused++;
}
process.exitCode = refused === 0 ? 0 : 1;

function kindOf(path: string): string {
  if (path === "fleet.yaml") return "fleet";
  if (path.startsWith("tenants/")) return "tenant";
  if (path.includes("/versions/")) return "version";
  return path.includes("/channels/") ? "channel" : "product";
}
