import assert from "node:assert/strict";
import { test } from "node:test";
import { AGENT, run } from "../support/run-command.ts";
import { enrolledMachine } from "./enrolled-machine.ts";

/** Tells at its end which of these parts of Node and of the packages a process has loaded. */
const TELL_LOADED = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from "node:module";
const packages = new Set();
registerHooks({ load: (url, context, next) => {
  const found = /node_modules\\/([^/]+)\\//.exec(url);
  if (found) packages.add(found[1]);
  return next(url, context);
} });
process.on("exit", () => {
  const heavy = /^NativeModule (http|https|tls|perf_hooks|zlib|child_process|internal\\/deps\\/undici\\/undici)$/;
  const builtins = process.moduleLoadList.filter((name) => heavy.test(name));
  process.stderr.write(JSON.stringify([...packages, ...builtins.map((name) => name.slice(13))].sort()));
});
`)}`;

test("a quiet poll loads neither a YAML parser, nor decompression, node:http, TLS or undici", async (t) => {
  const { machine } = await enrolledMachine(t);
  await machine.agent("update", "--check");
  const quiet = ["--import", TELL_LOADED, AGENT, "update", "--check", "--home", machine.home];
  const { code, stderr } = await run(process.execPath, quiet);
  assert.deepEqual([code, JSON.parse(stderr)], [0, ["semver"]]);
});
