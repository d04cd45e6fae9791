/**
 * Writes `docs/state.md` from the schemas, the rules and the files of `docs/example-state/`. `--check` writes nothing
 * and exits with 1 when the page is not what they say.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KeyRules, ruleOfForm } from "./key-rules.ts";
import {
  FILE_KINDS,
  innerReference,
  keysOf,
  type Schema,
  type SchemaKey,
  SHARED_FORMS,
  SHARED_PARTS,
  schemaOf,
  sharedSchema,
} from "./schema-keys.ts";

const docs = join(import.meta.dirname, "..", "docs");
const target = join(docs, "state.md");
const rules = new KeyRules();

/** The file of each kind, and the examples of it, in `docs/example-state/`. */
const FILES: Readonly<Record<(typeof FILE_KINDS)[number], { file: string; examples: readonly string[] }>> = {
  fleet: { file: "fleet.yaml", examples: ["fleet.yaml"] },
  product: { file: "products/<product>/product.yaml", examples: ["products/agent/product.yaml"] },
  channel: {
    file: "products/<product>/channels/<channel>.yaml",
    examples: ["beta", "stable", "lts"].map((name) => `products/agent/channels/${name}.yaml`),
  },
  version: {
    file: "products/<product>/versions/<version>.yaml",
    examples: ["1.5.0", "1.4.0", "1.3.5"].map((name) => `products/agent/versions/${name}.yaml`),
  },
  tenant: { file: "tenants/<tenant>.yaml", examples: ["tenants/acme.yaml"] },
  expectations: { file: "expectations/<name>.yaml", examples: ["expectations/kiosks.yaml"] },
};

const text = page();
if (process.argv.includes("--check")) {
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error("docs/state.md is not what the schemas say: run `npm run generate`");
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}

function page(): string {
  return [
    "<!-- Generated from schemas/ and docs/example-state/ by tools/generate-state-docs.ts. Do not edit. -->\n\n",
    "# State files\n\nEvery key of every file that the state repository holds, in one page. The examples are one small state,\n",
    "[example-state/](example-state/), which a test holds against schemas and rules. Whatever is not written here is an\n",
    "error: another key, a value of another form. Each key says which [rules](rules.md) speak about it: those whose\n",
    "failing example is reported there, and the one about its form. The schemas that\n",
    "this page is made from are in [schemas/](../schemas/): an editor reads them through the first line of a state file,\n",
    "`# yaml-language-server: $schema=...`, which `fairlead init` writes.\n\n",
    ...FILE_KINDS.map((kind) => `- [\`${FILES[kind].file}\`](#${kind})\n`),
    "- parts that several files share:\n",
    ...SHARED_PARTS.map((part) => `  [${part}](#${part.toLowerCase()})\n`),
    "- [forms of values](#forms)\n",
    ...FILE_KINDS.map(fileSection),
    ...SHARED_PARTS.map(
      (part) =>
        `\n<a id="${part.toLowerCase()}"></a>\n\n## ${part}\n\n${described(schemaOf(part))}${keySections(part)}`,
    ),
    '\n<a id="forms"></a>\n\n## Forms of values\n',
    ...SHARED_FORMS.map(formSection),
  ].join("");
}

function fileSection(kind: (typeof FILE_KINDS)[number]): string {
  const { file, examples } = FILES[kind];
  const shown = examples.map((example) => {
    const path = `example-state/${example}`;
    return `\n[${example}](${path}):\n\n\`\`\`yaml\n${readFileSync(join(docs, path), "utf8")}\`\`\`\n`;
  });
  const heading = `\n<a id="${kind}"></a>\n\n## ${file.replaceAll(/[<>]/g, (sign) => `\\${sign}`)}\n\n`;
  return `${heading}${described(schemaOf(kind))}${shown.join("")}${keySections(kind)}`;
}

function keySections(section: string): string {
  return keysOf(section).map(keySection).join("");
}

function keySection(key: SchemaKey): string {
  const { schema, isRequired, path } = key;
  // Of a form, its own section says the limits.
  const limits =
    key.shared === undefined || !SHARED_FORMS.includes(key.shared) ? limitsOf(schema) : undefined;
  const facts = [typeOf(key), isRequired ? "required" : undefined, defaultOf(schema), limits];
  const examples = (schema.examples ?? []).map((example) => `\`${inYaml(example)}\``);
  const speaking = rules.of(key).map(ruleLink);
  const parts = [
    described(schema).trimEnd(),
    examples.length === 0 ? "" : `Example: ${examples.join(", ")}.`,
    afterPublication(key),
    speaking.length === 0 ? "" : `Rules: ${speaking.join(", ")}.`,
  ];
  const said = parts.filter((part) => part !== "").map((part) => `${part}\n`);
  return [
    `\n<a id="${anchorOf(key)}"></a>\n\n### ${key.section}: \`${pathText(path)}\`\n\n`,
    `*${facts.filter((fact) => fact !== undefined).join("; ")}*\n\n${said.join("\n")}`,
  ].join("");
}

function formSection(name: string): string {
  const schema = sharedSchema(name);
  const { form = "", pattern } = schema;
  const limits = limitsOf(schema);
  return [
    `\n<a id="form-${name.toLowerCase()}"></a>\n\n### ${name}\n\n${described(schema)}\n`,
    pattern === undefined ? "" : `Pattern: \`${pattern}\`${limits === undefined ? "" : `; ${limits}`}.\n`,
    `${pattern === undefined ? "" : "\n"}Rule: ${ruleLink(ruleOfForm(form))}.\n`,
  ].join("");
}

function described({ description = "" }: Schema): string {
  return `${description}\n`;
}

/** `channel-rollout-waves` for `rollout.waves` of a channel: what messages and people link to. */
function anchorOf({ section, path }: SchemaKey): string {
  const names = path.map((step) => step.replaceAll(/[^A-Za-z0-9]/g, "")).filter((step) => step !== "");
  return [section, ...names].join("-").toLowerCase();
}

/** `rollout.waves[].percent` */
function pathText(path: readonly string[]): string {
  return path.reduce(
    (text, step) => (step === "[]" || text === "" ? `${text}${step}` : `${text}.${step}`),
    "",
  );
}

function typeOf({ schema, shared }: SchemaKey): string {
  if (shared !== undefined && SHARED_PARTS.includes(shared)) return `[${shared}](#${shared.toLowerCase()})`;
  if (shared !== undefined && SHARED_FORMS.includes(shared)) return formLink(shared);
  if (schema.enum !== undefined) return schema.enum.map((choice) => `\`${String(choice)}\``).join(" or ");
  const inner = innerReference(schema);
  const of =
    inner === undefined
      ? ""
      : ` of ${SHARED_FORMS.includes(inner) ? formLink(inner) : `[${inner}](#${inner.toLowerCase()})`}`;
  switch (schema.type) {
    case "array":
      return `list${of}`;
    case "object":
      return schema.properties === undefined
        ? `names, each with ${of.replace(/^ of /, "") || "keys"}`
        : "keys";
    case "boolean":
      return "`true` or `false`";
    case "integer":
      return "whole number";
    case "number":
      return "number";
    case "string":
      return "text";
    default:
      return "value";
  }
}

function formLink(name: string): string {
  return `[${name}](#form-${name.toLowerCase()})`;
}

function defaultOf(schema: Schema): string | undefined {
  return schema.default === undefined ? undefined : `default \`${inYaml(schema.default)}\``;
}

function limitsOf(schema: Schema): string | undefined {
  const limits = [
    range(schema.minimum, schema.maximum, ""),
    range(schema.minLength, schema.maxLength, " characters"),
    range(schema.minItems, schema.maxItems, " items"),
    range(schema.minProperties, schema.maxProperties, " names"),
    schema.uniqueItems === true ? "none twice" : undefined,
  ].filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : limits.join(", ");
}

function range(least: number | undefined, most: number | undefined, of: string): string | undefined {
  const count = (number: number): string => number.toLocaleString("en");
  if (least !== undefined && most !== undefined) return `${count(least)} to ${count(most)}${of}`;
  if (most !== undefined) return `at most ${count(most)}${of}`;
  return least === undefined ? undefined : `at least ${count(least)}${of}`;
}

/** Only a version is published for good. */
function afterPublication({ section, schema }: SchemaKey): string {
  if (section !== "version") return "";
  const why = schema.$comment === undefined ? "" : ` ${schema.$comment}`;
  switch (schema.afterPublication) {
    case "may-change":
      return `After publication: may change.${why}`;
    case "may-grow":
      return `After publication: more may be added, and nothing taken away.${why}`;
    default:
      return "After publication: never changes.";
  }
}

/** A value as it stands in a file: JSON is YAML, and a plain text needs no quotes. */
function inYaml(value: unknown): string {
  return typeof value === "string" && /^[\w./:@-]+%?$/.test(value) ? value : JSON.stringify(value);
}

function ruleLink(id: string): string {
  return `[${id}](rules.md#${id.replaceAll("/", "")})`;
}
