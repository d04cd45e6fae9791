// Lets Node load our TypeScript below node_modules/, where it does not by itself: a package that npm installed from git
// holds the sources as they are (docs/decisions/0009). Given to `node --import` by launch.js.
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

const ours = new URL("..", import.meta.url).href;

registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith(ours) || !url.endsWith(".ts")) return nextLoad(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"));
    return { format: "module", source, shortCircuit: true };
  },
});
