/**
 * Makes dist/, the package that is published: as the checkout is laid out, with compiled code and declarations where
 * that has TypeScript. It is a package of its own because npm would take a script that builds the checkout's for one
 * that it must run when it installs from git (docs/decisions/0009).
 */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const top = join(import.meta.dirname, "..");
const dist = join(top, "dist");

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

function publishedManifest(manifest: Manifest): unknown {
  const { name, version, description, license, type, bin, exports, engines, dependencies } = manifest;
  const compiled = Object.entries(exports).map(([entry, file]) => [
    entry,
    file.endsWith(".ts")
      ? { types: file.replace(/\.ts$/, ".d.ts"), default: file.replace(/\.ts$/, ".js") }
      : file,
  ]);
  return {
    ...{ name, version, description, license, type, bin },
    exports: Object.fromEntries(compiled),
    ...{ engines, dependencies },
  };
}

rmSync(dist, { recursive: true, force: true });
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [compiler, "-p", join(top, "tsconfig.build.json")], { stdio: "inherit" });
const schemas = readdirSync(join(top, "schemas")).filter((name) => name.endsWith(".json"));
const asTheyAre = ["bin", "deploy", "protocol/vectors", "LICENSE", "README.md"];
for (const path of [...asTheyAre, ...schemas.map((name) => `schemas/${name}`)]) {
  cpSync(join(top, path), join(dist, path), { recursive: true });
}
const manifest: Manifest = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
writeFileSync(join(dist, "package.json"), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`);
