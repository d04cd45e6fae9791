// compile-bundle BUNDLE NAME CODE: makes the compiled code of a bundle of the agent, in a process whose numbers are drawn as
// its starter says. Of the first file of all functions; of the rest, from which a start takes a few, of few.
const { readFileSync, writeFileSync } = require("node:fs");
const { compileBundle, compileWhole } = require("../bin/compiled-code.js");

const [bundle, name, code] = process.argv.slice(2);
const compile = name === "main.cjs" ? compileWhole : compileBundle;
writeFileSync(code, compile(readFileSync(bundle, "latin1"), name).createCachedData());
