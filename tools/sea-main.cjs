// What the single executable starts with: the agent's two files lie beside it as assets, with their compiled code.
const { getRawAsset } = require("node:sea");
const { compileBundle, runBundle } = require("../bin/compiled-code.js");

function run(name) {
  const bytes = (asset) => Buffer.from(getRawAsset(asset));
  const script = compileBundle(bytes(name).latin1Slice(), name, bytes(`${name}.code`));
  return runBundle(script, process.execPath, (id) => (id === "./rest.cjs" ? run("rest.cjs") : require(id)));
}

run("main.cjs");
