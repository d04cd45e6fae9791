// Plain JavaScript that any Node from 14 on can read: it starts a program on the runtime that Fairlead is made for.
import module from "node:module";
import { REQUIRED_MAJOR } from "./required-node.js";

// By `require`, as an `import` of these reads all that they export, and some of it brings much that no command needs.
const require = module.createRequire(import.meta.url);
const { existsSync } = require("node:fs");
const { dirname, join, sep } = require("node:path");
const { fileURLToPath, pathToFileURL } = require("node:url");

const top = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Where compiled code is kept between runs, which halves the start of a command. Only beside our own modules, where
 * whoever may write could change those as well; never in a folder that others can write to.
 */
const compileCache = existsSync(join(top, "node_modules"))
  ? join(top, "node_modules", ".cache", "fairlead")
  : join(top, ".compiled");

export function launch(name) {
  const entry = entryOf(name);
  const options = optionsFor(entry);
  if (Number(process.versions.node.split(".")[0]) >= REQUIRED_MAJOR && options.length === 0) {
    module.enableCompileCache(compileCache);
    import(pathToFileURL(entry).href);
    return;
  }
  import("./runtime.js").then(({ findRuntime, handOver, refuse }) => {
    const runtime = findRuntime();
    if (runtime.kind === "none") {
      refuse(runtime.refusal);
      return;
    }
    const node = runtime.kind === "this" ? process.execPath : runtime.node;
    const env = { NODE_COMPILE_CACHE: compileCache, ...process.env };
    handOver(node, [...options, entry, ...process.argv.slice(2)], env);
  });
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
