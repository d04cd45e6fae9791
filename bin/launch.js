// Plain JavaScript that any Node from 14.18 on can read: it starts a program on the runtime that Fairlead is made for.
// CommonJS, as is all of this folder: with modules, node would load its whole loader for them before the published
// agent, which needs none.
const { existsSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { join, sep } = require("node:path");
const { pathToFileURL } = require("node:url");
const { findRuntime, handOver, refuse } = require("./runtime.js");

const top = join(__dirname, "..");

/**
 * Where compiled code is kept between runs, which halves the start of a command. Only beside our own modules, where
 * whoever may write could change those as well; never in a folder that others can write to.
 */
const compileCache = existsSync(join(top, "node_modules"))
  ? join(top, "node_modules", ".cache", "fairlead")
  : join(top, ".compiled");

/**
 * @param name of the program, without its ending
 * @param alone programs for one command each, by its name; taken where the published package has them
 */
exports.launch = function launch(name, alone = {}) {
  const runtime = findRuntime();
  if (runtime.kind === "none") {
    refuse(runtime.refusal);
    return;
  }
  const command = process.argv[2];
  const bundled = Object.keys(alone).includes(command) ? join(top, `${alone[command]}.cjs`) : "";
  const entry = existsSync(bundled) ? bundled : entryOf(name);
  const options = optionsFor(entry);
  if (runtime.kind === "this" && options.length === 0) {
    enableCompileCache(compileCache);
    if (entry.endsWith(".cjs")) require("./compiled-code.js").runKept(entry, compileCache);
    else import(pathToFileURL(entry).href);
    return;
  }
  const node = runtime.kind === "this" ? process.execPath : runtime.node;
  const env = { NODE_COMPILE_CACHE: compileCache, ...process.env };
  handOver(node, [...options, entry, ...process.argv.slice(2)], env);
};

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
  const loader = pathToFileURL(join(__dirname, "load-typescript.mjs"));
  return ["--disable-warning=ExperimentalWarning", "--import", loader.href];
}
