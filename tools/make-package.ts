/**
 * Makes dist/, the package that is published: programs and libraries bundled into few files, which load faster than many,
 * with the declarations of what programs import. It is a package of its own because npm would take a script that builds
 * the checkout's for one that it must run when it installs from git (docs/decisions/0009).
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { build, type Metafile } from "esbuild";
import { bundlePage } from "../controller/serve/page/bundle-page.ts";
import { bundleAgent } from "./bundle-agent.ts";
import { BUNDLE, builtinsAsTheyAre, licencesOf, ownVersion, TOP } from "./bundle-settings.ts";

/** Another folder than `dist/` where it is named, so that two can be made at once. */
const dist = resolve(process.argv[2] ?? join(TOP, "dist"));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly type: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Files that are started or imported by their place; the rest goes into chunks that they share. A thread's code is looked
 * for beside the code that starts it, and that is in a chunk.
 */
const ENTRY_POINTS = {
  "agent/index": "agent/index.ts",
  "protocol/index": "protocol/index.ts",
  "controller/main": "controller/main.ts",
  "chunks/reconcile-worker": "controller/serve/worker/reconcile-worker.ts",
  "chunks/fleet-worker": "controller/serve/fleet/fleet-worker.ts",
  "chunks/preview-worker": "controller/serve/preview/preview-worker.ts",
  "chunks/demo-fleet-thread": "simulated-fleet/demo/demo-fleet-thread.ts",
} as const;

/**
 * Installed beside the package as ever: they find files or threads of their own by where they lie, or are needed by
 * `serve` only, which starts once.
 */
const INSTALLED = [
  "@fastify/proxy-addr",
  "@fastify/rate-limit",
  "@fastify/static",
  "@fastify/swagger",
  "chokidar",
  "fastify",
  "pino",
  "prom-client",
  "simple-git",
] as const;

async function bundle(version: string): Promise<void> {
  const agent = await bundleAgent(join(dist, "agent"), version);
  const rest = await build({
    ...BUNDLE,
    entryPoints: ENTRY_POINTS,
    outdir: dist,
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    // The page is built ahead, so that what builds it is not needed.
    external: [...INSTALLED, "esbuild"],
    metafile: true,
    plugins: [ownVersion(version), builtinsAsTheyAre],
  });
  const alone = await build({
    ...BUNDLE,
    entryPoints: ["controller/validate-alone.ts"],
    outfile: join(dist, "controller/validate-alone.cjs"),
    // `require` of one file costs less than the loader of modules and the chunks that it would load.
    format: "cjs",
    external: [...INSTALLED],
    metafile: true,
    plugins: [ownVersion(version)],
  });
  const page = await writePage();
  const bundles = [agent, rest, alone].map(({ metafile }) => metafile);
  writeFileSync(join(dist, "LICENCES-OF-BUNDLED.txt"), licencesOf(...bundles, page));
}

/** The page as it will be served. @returns what it was made of */
async function writePage(): Promise<Metafile> {
  const { document, parts, metafile } = await bundlePage(join(TOP, "dashboard"));
  const folder = join(dist, "page");
  mkdirSync(folder);
  for (const { name, bytes } of [document, ...parts]) writeFileSync(join(folder, name), bytes);
  return metafile;
}

function writeDeclarations(): void {
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const options = ["-p", join(TOP, "tsconfig.build.json"), "--outDir", dist];
  execFileSync(process.execPath, [compiler, ...options], { stdio: "inherit" });
}

function publishedManifest(manifest: Manifest): unknown {
  const { name, version, description, license, type, bin, exports, engines, dependencies } = manifest;
  const entries = Object.entries(exports).map(([entry, file]) => [
    entry,
    file.endsWith(".ts")
      ? { types: file.replace(/\.ts$/, ".d.ts"), default: file.replace(/\.ts$/, ".js") }
      : file,
  ]);
  const installed = INSTALLED.map((dependency) => [dependency, dependencies[dependency]]);
  return {
    ...{ name, version, description, license, type, bin },
    exports: Object.fromEntries(entries),
    ...{ engines, dependencies: Object.fromEntries(installed) },
  };
}

rmSync(dist, { recursive: true, force: true });
const manifest: Manifest = JSON.parse(readFileSync(join(TOP, "package.json"), "utf8"));
writeDeclarations();
await bundle(manifest.version);
const schemas = readdirSync(join(TOP, "schemas")).filter((name) => name.endsWith(".json"));
const asTheyAre = ["bin", "deploy", "protocol/vectors", "LICENSE", "README.md"];
for (const path of [...asTheyAre, ...schemas.map((name) => `schemas/${name}`)]) {
  cpSync(join(TOP, path), join(dist, path), { recursive: true });
}
writeFileSync(join(dist, "package.json"), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
