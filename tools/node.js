// Stands in for `node` in npm scripts: hands over to a Node that is new enough, or says what is missing. Plain
// JavaScript, because a bare Debian starts it with an older one.
import { delimiter, dirname } from "node:path";
import launcher from "../bin/runtime.js";

const { findRuntime, handOver, refuse } = launcher;
const runtime = findRuntime();
if (runtime.kind === "none") {
  refuse(runtime.refusal);
} else {
  const node = runtime.kind === "pinned" ? runtime.node : process.execPath;
  // What is started by name below, such as npm, is to find the same one.
  const PATH = [dirname(node), process.env.PATH].join(delimiter);
  handOver(node, process.argv.slice(2), { ...process.env, PATH });
}
