/**
 * Writes `dashboard/api/types.ts` from the JSON Schemas of the API's routes, so that the page and the controller cannot
 * disagree about what is sent. `--check` writes nothing and exits with 1 when the file is not what the schemas say.
 *
 * A schema that a file of `controller/http/` exports becomes a type of its own, wherever an answer holds it.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile, type JSONSchema } from "json-schema-to-typescript";
import { Metrics } from "../controller/http/metrics.ts";
import { OperatorToken } from "../controller/http/operator-token.ts";
import { Push } from "../controller/http/push/push.ts";
import { QuietLog } from "../controller/http/quiet-log.ts";
import { NOTHING_SERVED } from "../controller/http/served-state.ts";
import { createServer } from "../controller/http/server.ts";
import { WrongTokens } from "../controller/http/wrong-tokens.ts";
import { remoteFleet } from "../controller/serve/fleet/fleet-calls.ts";
import { createLog } from "../controller/serve/log.ts";

const top = join(import.meta.dirname, "..");
const target = join(top, "dashboard", "api", "types.ts");

type Schema = { readonly [key: string]: unknown };

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly schema: Schema;
    readonly description?: string;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

const paths = await describedPaths();
const named = await namedSchemas();
const definitions = new Map<string, Schema>();
const reads: string[] = [];
const writes: string[] = [];

for (const [path, operations] of Object.entries(paths).sort()) {
  if (!path.startsWith("/api/v1/")) continue;
  for (const [method, operation] of Object.entries(operations)) {
    const answer = answerOf(operation);
    // Agents' own: bytes, streams.
    if (answer === undefined) continue;
    const line = describeOperation(path, method, operation, answer);
    (method === "get" ? reads : writes).push(line);
  }
}

const text = await write();
if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (readFileSync(target, "utf8") !== text) {
  console.error("dashboard/api/types.ts is not what the routes say: run `npm run generate`");
  process.exitCode = 1;
}

/** What `/openapi.json` says of a controller that has everything. */
async function describedPaths(): Promise<Readonly<Record<string, Readonly<Record<string, Operation>>>>> {
  const unasked = (): never => {
    throw new Error("nobody is asked here");
  };
  const log = createLog("silent");
  const fleet = remoteFleet(unasked);
  const push = new Push(unasked, 1);
  const app = await createServer({
    state: () => NOTHING_SERVED,
    metrics: new Metrics(
      () => NOTHING_SERVED,
      () => 0,
      "0.0.0",
    ),
    log,
    quietLog: new QuietLog(log),
    now: () => 0,
    artifacts: undefined,
    webhook: undefined,
    fleet,
    push,
    preview: {
      service: {
        history: unasked,
        commit: unasked,
        branches: unasked,
        plan: unasked,
        prepare: unasked,
        write: unasked,
        rootOf: unasked,
        lines: unasked,
      },
      ref: "main",
      forge: undefined,
      pageChanges: "off",
    },
    audience: { agents: false, operators: "open" },
    operatorToken: new OperatorToken("nobody's"),
    wrongTokens: new WrongTokens(),
    isTenantKey: () => false,
    accept: unasked,
    publicOrigin: undefined,
    hosts: undefined,
    maxConnections: 1,
    logged: 0,
    version: "0.0.0",
  });
  const { paths: described = {} } = JSON.parse(JSON.stringify(app.swagger()));
  push.close();
  await app.close();
  return described;
}

/** Each exported schema of an object, by what it says but for its description. */
async function namedSchemas(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const file of globSync("controller/http/{api,fleet-api,preview-api}/*.ts", { cwd: top }).sort()) {
    const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(join(top, file)).href);
    for (const [name, value] of Object.entries(exported)) {
      if (isSchema(value) && value.type === "object" && isSchema(value.properties)) {
        found.set(fingerprint(value), pascalCase(name));
      }
    }
  }
  return found;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fingerprint({ description: _, ...schema }: Schema): string {
  return JSON.stringify(schema, (_key, value: unknown) =>
    isSchema(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

function pascalCase(name: string): string {
  return name
    .replace(/_SCHEMA$/, "")
    .toLowerCase()
    .replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function answerOf({ responses }: Operation): Schema | "nothing" | undefined {
  const [, good] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
  if (good === undefined) return undefined;
  if (good.content === undefined) return "nothing";
  const schema = good.content["application/json"]?.schema;
  return schema?.type === "null" ? "nothing" : schema;
}

function describeOperation(
  path: string,
  method: string,
  { operationId, summary, parameters = [], requestBody }: Operation,
  answer: Schema | "nothing",
): string {
  const name = `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}`;
  const define = (kind: string, schema: Schema): string => {
    const own = named.get(fingerprint(schema));
    definitions.set(own ?? `${name}${kind}`, schema);
    return own ?? `${name}${kind}`;
  };
  const queries = parameters.filter((each) => each.in === "query");
  const parts: string[] = [];
  if (queries.length > 0) {
    const properties = queries.map((each) => [
      each.name,
      { ...each.schema, ...(each.description === undefined ? {} : { description: each.description }) },
    ]);
    const required = queries.filter((each) => each.required === true).map((each) => each.name);
    parts.push(
      `query: ${define("Query", { type: "object", properties: Object.fromEntries(properties), required })}`,
    );
  }
  const body = requestBody?.content["application/json"]?.schema;
  if (body !== undefined) parts.push(`body: ${define("Body", body)}`);
  parts.push(`answer: ${answer === "nothing" ? "undefined" : define("Answer", answer)}`);
  const key = method === "get" ? path : `${method.toUpperCase()} ${path}`;
  return `  /** ${summary ?? operationId} */\n  ${JSON.stringify(key)}: { ${parts.join("; ")} };\n`;
}

async function write(): Promise<string> {
  const all: Record<string, JSONSchema> = {};
  // A map goes on to what is added to it on the way.
  for (const [name, schema] of definitions) all[name] = refer(schema, name);
  const compiled = await compile(
    {
      title: "Everything",
      type: "object",
      additionalProperties: false,
      required: Object.keys(all),
      properties: Object.fromEntries(
        Object.keys(all).map((name) => [name, { $ref: `#/definitions/${name}` }]),
      ),
      definitions: all,
    },
    "Everything",
    {
      additionalProperties: false,
      bannerComment: "// Generated from the schemas of the API's routes by `npm run generate`. Do not edit.",
      ignoreMinAndMaxItems: true,
      style: { printWidth: 110 },
    },
  );
  const types = compiled.replace(/export interface Everything \{\n(?:.*\n)*?\}\n/, "");
  return `${types}
/** What can be asked, by its path. */
export interface Reads {
${reads.join("")}}

/** What can be done, by its method and path. */
export interface Writes {
${writes.join("")}}
`;
}

/** The schema with what it holds of the named ones replaced by their names. */
function refer(schema: Schema, own: string): JSONSchema {
  const walk = (value: unknown, isTop: boolean): unknown => {
    if (Array.isArray(value)) return value.map((each) => walk(each, false));
    if (!isSchema(value)) return value;
    const name = isTop ? undefined : named.get(fingerprint(value));
    if (name !== undefined && name !== own) {
      if (!definitions.has(name)) definitions.set(name, value);
      return { $ref: `#/definitions/${name}` };
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, false)]));
  };
  return walk(schema, true) as JSONSchema;
}
