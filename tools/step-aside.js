// npm runs this whenever it has changed node_modules/: a pinned runtime that does not start on this machine must not
// come first in the path of npm scripts. Without its link the system's Node starts them, which is new enough, or says
// what is missing.
//
// package.json names npm's own Node for it, because `node` would be the one that does not start; where a shell does not
// know that variable (Windows), `node` will do. Plain JavaScript: npm's Node may be older than ours.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import runtime from "../bin/runtime.js";

if (runtime.pinnedRuntime()?.failure !== undefined) {
  rmSync(fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url)), { force: true });
}
