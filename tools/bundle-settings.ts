import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, join } from "node:path";
import type { BuildOptions, Metafile, Plugin } from "esbuild";

export const TOP = join(import.meta.dirname, "..");

/** Of what this package's own package.json says, a bundle needs the version only. */
export function ownVersion(version: string): Plugin {
  return {
    name: "own-version",
    setup(build) {
      build.onLoad({ filter: /package\.json$/ }, ({ path }) =>
        path === join(TOP, "package.json")
          ? { contents: JSON.stringify({ version }), loader: "json" }
          : undefined,
      );
    },
  };
}

/**
 * Builtins as `require` gives them. An `import` reads each property that they export, and some load much: `WebSocket` of
 * node:http alone costs as much as an empty node. Bundled CommonJS packages get them from here, too: in a module they
 * have no `require`.
 */
export const builtinsAsTheyAre: Plugin = {
  name: "builtins-as-they-are",
  setup(build) {
    build.onResolve({ filter: /^[\w:/]+$/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: "builtin" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: "js",
    }));
  },
};

/** What every bundle of ours has in common. Names stay as they are: they are what a stack shows. */
export const BUNDLE = {
  absWorkingDir: TOP,
  bundle: true,
  platform: "node",
  target: "node26",
  logLevel: "warning",
  legalComments: "none",
  minifySyntax: true,
  minifyWhitespace: true,
} satisfies BuildOptions;

const PACKAGE_FILE = /^(?:\.\.\/)*(node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** The licences of all packages of which bundles hold code, as they ask for it. */
export function licencesOf(...bundles: readonly Metafile[]): string {
  const packages = bundles
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((path) => PACKAGE_FILE.exec(path)?.[1] ?? []);
  const texts = [...new Set(packages)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(TOP, folder, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${licenceText(join(TOP, folder))}`;
  });
  return `What is bundled here holds code of these packages.\n\n${texts.join(`\n${"-".repeat(72)}\n\n`)}`;
}

function licenceText(folder: string): string {
  const files = readdirSync(folder).filter((name) => /^licen[cs]e/i.test(name));
  if (files.length === 0) throw new Error(`${basename(folder)} brings no file with its licence`);
  return files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}
