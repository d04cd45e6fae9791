// Plain JavaScript that any Node from 14 on can read: it starts a program on the runtime that Fairlead is made for.
import { existsSync } from "node:fs";
import module from "node:module";
import { dirname, join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findRuntime, handOver, refuse } from "./runtime.js";

const top = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Where compiled code is kept between runs, which halves the start of a command. Only beside our own modules, where
 * whoever may write could change those as well; never in a folder that others can write to.
 */
const compileCache = existsSync(join(top, "node_modules"))
  ? join(top, "node_modules", ".cache", "fairlead")
  : join(top, ".compiled");

export function launch(name) {
  const runtime = findRuntime();
  if (runtime.kind === "none") {
    refuse(runtime.refusal);
    return;
  }
  const entry = entryOf(name);
  const options = optionsFor(entry);
  if (runtime.kind === "this" && options.length === 0) {
    module.enableCompileCache(compileCache);
    import(pathToFileURL(entry).href);
    return;
  }
  const node = runtime.kind === "this" ? process.execPath : runtime.node;
  const env = { NODE_COMPILE_CACHE: compileCache, ...process.env };
  handOver(node, [...options, entry, ...process.argv.slice(2)], env);
}

/** TypeScript in a checkout, a bundle in the published package. */
function entryOf(name) {
  const files = [".ts", ".js", ".cjs"].map((ending) => join(top, `${name}${ending}`));
  return files.find((file) => existsSync(file));
}

/**
 * A published package holds compiled JavaScript. Node runs the TypeScript of a checkout as it is, and that of a package
 * installed from git with some help.
 */
function optionsFor(entry) {
  if (!entry.endsWith(".ts") || !`${top}${sep}`.includes(`${sep}node_modules${sep}`)) return [];
  const loader = new URL("load-typescript.js", import.meta.url);
  return ["--disable-warning=ExperimentalWarning", "--import", loader.href];
}
