// Runs a bundle with the code that V8 has made of it before. What node keeps by itself (`enableCompileCache`) holds little
// more than the outermost functions: each other one is compiled anew at each start, when it is first called.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");

/** As CommonJS has it; all on the first line, so that the others keep their numbers. */
const HEAD = "(function (exports, require, module, __filename, __dirname) { ";

/**
 * @param {string} source ASCII
 * @param {string} filename what a stack calls it
 * @param {Buffer} [code] what `createCachedData` of a script gave for this source: what another V8 made, or one with other flags, is not used
 */
function compileBundle(source, filename, code) {
  return new Script(`${HEAD}${source}\n})`, { filename, cachedData: code });
}

/** Compiles all functions of a bundle, and not, as V8 does it by itself, each when it is first called. */
function compileWhole(source, filename) {
  const { setFlagsFromString } = require("node:v8");
  setFlagsFromString("--no-lazy");
  const script = compileBundle(source, filename);
  // Code says by which flags it was made, and is taken by the same ones only.
  setFlagsFromString("--lazy");
  return script;
}

function runBundle(script, filename, require) {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, filename, dirname(filename));
  return module.exports;
}

/** Runs a bundle and keeps its code in a folder, where whoever may write could change the bundle as well. */
function runKept(file, folder) {
  const source = fs.readFileSync(file, "latin1");
  const { version, arch, execArgv, env } = process;
  const made = JSON.stringify([version, arch, execArgv, env.NODE_OPTIONS, source]);
  const kept = join(folder, `${createHash("sha256").update(made).digest("hex")}.code`);
  const code = readKept(kept);
  const script = code === undefined ? compileWhole(source, file) : compileBundle(source, file, code);
  if (code === undefined) keep(kept, script.createCachedData());
  else if (script.cachedDataRejected) forget(kept);
  runBundle(script, file, createRequire(file));
}

/** V8 believes code whatever it says, so a damaged disk must not get there: its digest stands before it. */
function readKept(path) {
  try {
    const bytes = fs.readFileSync(path);
    const code = bytes.subarray(DIGEST_BYTES);
    return digestOf(code).equals(bytes.subarray(0, DIGEST_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all; where it cannot be kept, the next start compiles again. */
function keep(path, code) {
  const temporary = `${path}.${process.pid}`;
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(temporary, Buffer.concat([digestOf(code), code]), { flag: "wx" });
    fs.renameSync(temporary, path);
  } catch {
    forget(temporary);
  }
}

/** The next start makes it anew. */
function forget(path) {
  try {
    fs.rmSync(path, { force: true });
  } catch {
    // It is of no use, and does no harm.
  }
}

const DIGEST_BYTES = 32;

function digestOf(bytes) {
  return createHash("sha256").update(bytes).digest();
}

module.exports = { compileBundle, compileWhole, runBundle, runKept };
