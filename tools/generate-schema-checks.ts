/**
 * Compiles the JSON Schemas to the functions that check by them, so that no command does it at each start, nor loads what
 * it takes. `--check` writes nothing and exits with 1 when a file is not what the schemas say.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { _, Ajv, type KeywordCxt, type Options, type SchemaObject } from "ajv";
import { AFTER_PUBLICATION } from "../controller/state/publication.ts";
import { FORMS } from "../controller/state/value-forms.ts";

const top = join(import.meta.dirname, "..");
const BANNER = "// Generated from schemas/ by `npm run generate`. Do not edit.\n";

// It is CommonJS, and its types describe it as if it were not.
const { default: standaloneCode }: { default(ajv: Ajv, checks: Readonly<Record<string, string>>): string } =
  createRequire(import.meta.url)("ajv/dist/standalone");

/** One generated module. */
interface Checks {
  /** Where it goes, without the ending. */
  readonly file: string;
  /** What each function is called, and the `$id` of its schema. */
  readonly exports: Readonly<Record<string, string>>;
  /** What a value is that passed, and the module that says so; absent: `unknown`. */
  readonly type?: readonly [name: string, module: string];
  /** Schemas by their `$id`. */
  readonly schemas: readonly SchemaObject[];
  readonly options: Options;
}

const common = readSchema("common");
const kinds = ["fleet", "product", "channel", "version", "tenant", "expectations"] as const;
/** Everything that is wrong, with what the schema says there: our own words are made of it. */
const explaining = { allErrors: true, verbose: true, messages: false } as const;

const CHECKS: readonly Checks[] = [
  {
    file: "controller/state/state-checks.generated",
    exports: Object.fromEntries(kinds.map((kind) => [kind, `${kind}.schema.json`])),
    schemas: [common, ...kinds.map(readSchema)],
    options: explaining,
  },
  {
    file: "controller/serve/config-check.generated",
    exports: { config: "controller.schema.json" },
    type: ["ControllerConfig", "../../schemas/controller.generated.ts"],
    schemas: [common, readSchema("controller")],
    options: explaining,
  },
  {
    file: "controller/inventory/record-check.generated",
    exports: { record: "record" },
    type: ["WrittenRecord", "./written-record.ts"],
    schemas: [{ ...readSchema("inventory").$defs.record, $id: "record" }],
    options: { messages: false },
  },
];

for (const checks of CHECKS) {
  for (const [ending, text] of [
    ["js", moduleOf(checks)],
    ["d.ts", declarationsOf(checks)],
  ] as const) {
    const name = `${checks.file}.${ending}`;
    const target = join(top, name);
    if (!process.argv.includes("--check")) {
      writeFileSync(target, text);
    } else if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
      console.error(`${name} is not what the schemas say: run \`npm run generate\``);
      process.exitCode = 1;
    }
  }
}

function moduleOf({ file, exports, schemas, options }: Checks): string {
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    ...options,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addKeyword({ keyword: "form", schemaType: "string", code: checkForm });
  ajv.addKeyword({ keyword: AFTER_PUBLICATION, metaSchema: { enum: ["may-change", "may-grow"] } });
  for (const schema of schemas) ajv.addSchema(schema);
  const imports = new Set<string>();
  const code = standaloneCode(ajv, exports)
    .replace('"use strict";', "")
    // Code that is asked for as a module still takes ajv's own small functions by `require`.
    .replaceAll(/require\("ajv\/dist\/runtime\/(\w+)"\)/g, (_all, name: string) => {
      imports.add(`import ${name} from "ajv/dist/runtime/${name}.js";`);
      return name;
    });
  if (code.includes("require(")) throw new Error("ajv takes something by `require` that is not known here");
  if (code.includes("forms[")) {
    const folder = dirname(file) === "controller/state" ? "." : "../state";
    imports.add(`import { FORMS as forms } from "${folder}/value-forms.ts";`);
  }
  return `${BANNER}${[...imports].join("\n")}\n${code}\n`;
}

function declarationsOf({ exports, type }: Checks): string {
  const imports = ['import type { ValidateFunction } from "ajv";'];
  if (type !== undefined) imports.push(`import type { ${type[0]} } from "${type[1]}";`);
  const checked = `ValidateFunction${type === undefined ? "" : `<${type[0]}>`}`;
  const declared = Object.keys(exports).map((name) => `export declare const ${name}: ${checked};`);
  return `${BANNER}${imports.join("\n")}\n\n${declared.join("\n")}\n`;
}

/** Calls the function of a form; forms that have none are for the words in which a mistake is told. */
function checkForm(context: KeywordCxt): void {
  const form: unknown = context.schema;
  if (typeof form !== "string" || !Object.hasOwn(FORMS, form)) return;
  const check = context.gen.scopeValue("keyword", { ref: FORMS[form], key: form, code: _`forms[${form}]` });
  context.pass(_`${check}(${context.data})`);
}

/** Without what is for editors and documentation. */
function readSchema(name: string): SchemaObject {
  const text = readFileSync(join(top, "schemas", `${name}.schema.json`), "utf8");
  return JSON.parse(text, function (this: unknown, key, value: unknown) {
    return key === "examples" && Array.isArray(value) ? undefined : value;
  });
}
