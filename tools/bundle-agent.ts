/**
 * The agent as two files: what a look without news needs, and what everything else does. A process that starts for one
 * look, and mostly finds nothing, then reads and compiles a third of the agent.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, relative } from "node:path";
import {
  type BuildOptions,
  build,
  type Metafile,
  type OnResolveArgs,
  type OnResolveResult,
  type Plugin,
  type PluginBuild,
} from "esbuild";
import { BUNDLE, ownVersion, TOP } from "./bundle-settings.ts";

/** Looking: both are started by it, and what they import is the first file. */
const STARTS = ["agent/main.ts", "agent/commands/update.ts"] as const;

/** Loaded by the first file when something in it is asked for; gets what that has of what both need. */
const REST = "./rest.cjs";

export interface AgentBundle {
  /** Where each file lies. */
  readonly files: { readonly "main.cjs": string; readonly "rest.cjs": string };
  /** Of all that is in both. */
  readonly metafile: Metafile;
}

/** Writes `main.cjs` and `rest.cjs` into a folder: CommonJS, whose `require` of builtins costs less than an import. */
export async function bundleAgent(folder: string, version: string): Promise<AgentBundle> {
  const known = ownVersion(version);
  const settings = { ...BUNDLE, write: false, format: "cjs" } as const;
  const whole = await build({
    ...settings,
    ...{ entryPoints: ["agent/main.ts"], plugins: [known], metafile: true },
  });
  const first = importedBy(whole.metafile, STARTS);
  const later = loadedLater(whole.metafile, first);
  const shared = sharedWith(whole.metafile, first);
  const main = await textOf({
    ...settings,
    stdin: { contents: await mainEntry(shared), resolveDir: TOP },
    plugins: [inMain(first), known],
  });
  const rest = await textOf({
    ...settings,
    stdin: { contents: restEntry(later), resolveDir: TOP },
    plugins: [inRest(first), known],
    banner: { js: "module.exports=((shared)=>{const module={exports:{}};" },
    footer: { js: "return module.exports});" },
  });
  mkdirSync(folder, { recursive: true });
  const files = { "main.cjs": join(folder, "main.cjs"), "rest.cjs": join(folder, "rest.cjs") };
  writeFileSync(files["main.cjs"], main);
  writeFileSync(files["rest.cjs"], rest);
  return { files, metafile: whole.metafile };
}

async function textOf(options: BuildOptions): Promise<string> {
  const { outputFiles: [file] = [] } = await build(options);
  if (file === undefined) throw new Error("esbuild made no file");
  return file.text;
}

/** Paths of the modules that are imported, by modules that are, from these on; not of those loaded when they are needed. */
function importedBy({ inputs }: Metafile, starts: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...starts];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const { path: imported, kind } of inputs[path]?.imports ?? []) {
      if (kind !== "dynamic-import" && Object.hasOwn(inputs, imported)) waiting.push(imported);
    }
  }
  return found;
}

/** What the modules of the first file load when it is needed, and is not in that file. */
function loadedLater({ inputs }: Metafile, first: ReadonlySet<string>): readonly string[] {
  const loaded = [...first].flatMap((path) =>
    (inputs[path]?.imports ?? []).flatMap(({ path, kind }) => (kind === "dynamic-import" ? path : [])),
  );
  return [...new Set(loaded)].filter((path) => !first.has(path)).sort();
}

/** What the first file has and something takes by its path: the rest, or whoever loads it when it is needed. */
function sharedWith({ inputs }: Metafile, first: ReadonlySet<string>): readonly string[] {
  const taken = Object.entries(inputs).flatMap(([importer, { imports }]) =>
    imports.flatMap(({ path, kind }) => (kind === "dynamic-import" || !first.has(importer) ? path : [])),
  );
  return [...new Set(taken)].filter((path) => first.has(path)).sort();
}

/** What both files use and only the first has, by path: names of what a module of ours exports; packages give all at once. */
async function exportsOf(paths: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const ours = paths.filter((path) => path.endsWith(".ts"));
  const { metafile } = await build({
    ...{ absWorkingDir: TOP, entryPoints: [...ours], bundle: false, format: "esm" },
    ...{ write: false, metafile: true, outdir: "out", outbase: "." },
  });
  return new Map(
    Object.values(metafile.outputs).map(({ entryPoint = "", exports }) => [entryPoint, exports]),
  );
}

/** Starts the agent. What is shared is put together when it is first asked for. */
async function mainEntry(shared: readonly string[]): Promise<string> {
  const names = await exportsOf(shared);
  const imports: string[] = [];
  const members = shared.map((path, module) => {
    const place = JSON.stringify(`./${path}`);
    const exported = names.get(path);
    if (exported === undefined) return `${JSON.stringify(path)}: require(${place})`;
    const alias = (name: string): string => `m${module}_${name}`;
    imports.push(
      `import { ${exported.map((name) => `${name} as ${alias(name)}`).join(", ")} } from ${place};`,
    );
    return `${JSON.stringify(path)}: { ${exported.map((name) => `${name}: ${alias(name)}`).join(", ")} }`;
  });
  return [
    'import parts from "agent-parts";',
    'import "./agent/main.ts";',
    ...imports,
    `parts.share(() => ({ ${members.join(",\n")} }));`,
  ].join("\n");
}

/** Between the two files: what they share, and the second one once it is loaded. */
const PARTS = `
let make, made, rest;
const shared = () => (made ??= make());
exports.share = (how) => { make = how; };
exports.first = (path) => shared()[path];
exports.later = (path) => (rest ??= require(${JSON.stringify(REST)})(shared()))[path];
`;

/** What is loaded when it is needed is in the same file already, or in the rest. */
function inMain(first: ReadonlySet<string>): Plugin {
  return {
    name: "first-file-of-agent",
    setup(build) {
      build.onResolve({ filter: /^agent-parts$/ }, ({ path }) => ({ path, namespace: "parts" }));
      build.onLoad({ filter: /.*/, namespace: "parts" }, () => ({ contents: PARTS, loader: "js" }));
      build.onResolve({ filter: /^\.\/rest\.cjs$/ }, ({ path }) => ({ path, external: true }));
      onModule(
        build,
        ({ kind }) => kind === "dynamic-import",
        (path) => ({ path, namespace: "needed" }),
      );
      build.onLoad({ filter: /.*/, namespace: "needed" }, ({ path }) => ({
        contents: `module.exports = require("agent-parts").${first.has(path) ? "first" : "later"}(${JSON.stringify(path)});`,
        loader: "js",
      }));
    },
  };
}

/** Each by its path, and loaded when it is asked for. */
function restEntry(later: readonly string[]): string {
  const members = later.map((path) => {
    const name = JSON.stringify(path);
    return `get ${name}() { return require(${JSON.stringify(`./${path}`)}); }`;
  });
  return `module.exports = { ${members.join(",\n")} };`;
}

/** What is in the first file is taken from there: there must be one of each. */
function inRest(first: ReadonlySet<string>): Plugin {
  return {
    name: "rest-of-agent",
    setup(build) {
      onModule(
        build,
        () => true,
        (path) => (first.has(path) ? { path, namespace: "shared" } : undefined),
      );
      build.onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({
        contents: `module.exports = shared[${JSON.stringify(path)}];`,
        loader: "js",
      }));
    },
  };
}

/** Has some of the imports resolved otherwise, by the paths that they lead to, as in a metafile. */
function onModule(
  build: PluginBuild,
  isMeant: (imported: OnResolveArgs) => boolean,
  resolve: (path: string) => OnResolveResult | undefined,
): void {
  build.onResolve({ filter: /.*/ }, async (imported) => {
    const { path, importer, kind, resolveDir, pluginData } = imported;
    if (kind === "entry-point" || isBuiltin(path) || pluginData === RESOLVED || !isMeant(imported))
      return undefined;
    const found = await build.resolve(path, { importer, kind, resolveDir, pluginData: RESOLVED });
    return found.errors.length > 0 ? undefined : resolve(relative(TOP, found.path).replaceAll("\\", "/"));
  });
}

/** Marks the question that is asked on behalf of another one. */
const RESOLVED = Symbol("resolved");
