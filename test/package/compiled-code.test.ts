import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { run, TOP } from "../support/run-command.ts";

/** A bundle and where its compiled code is kept, and a start of it as the launcher does it. */
function bundle(t: TestContext, source: string) {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-compiled-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [file, kept] = [join(folder, "main.cjs"), join(folder, "compiled")];
  const write = (text: string): void => writeFileSync(file, text);
  write(source);
  const start = async (...options: readonly string[]): Promise<string> => {
    const script = `require(${JSON.stringify(join(TOP, "bin/compiled-code.js"))}).runKept(...process.argv.slice(1))`;
    const { code, stdout, stderr } = await run(process.execPath, [...options, "-e", script, file, kept]);
    assert.deepEqual([code, stderr], [0, ""]);
    return stdout.trim();
  };
  const codes = (): string[] => readdirSync(kept).map((name) => join(kept, name));
  return { kept, write, start, codes };
}

const source = (word: string): string =>
  `const say = () => { const inner = () => ${JSON.stringify(word)}; return inner(); };\n` +
  `exports.said = say(); console.log(module.exports.said, typeof require("node:fs").readFileSync);`;

test("compiled code is kept at the first start and taken at the next", async (t) => {
  const { start, codes } = bundle(t, source("one"));
  assert.equal(await start(), "one function");
  const [code = "", ...others] = codes();
  assert.deepEqual(others, []);
  const before = statSync(code);
  assert.equal(await start(), "one function");
  assert.deepEqual([statSync(code).ino, statSync(code).mtimeMs], [before.ino, before.mtimeMs]);
});

test("code of another source of the same length is never run, nor that of a node with other flags", async (t) => {
  const { start, write, codes } = bundle(t, source("one"));
  assert.equal(await start(), "one function");
  write(source("two"));
  assert.equal(await start(), "two function");
  assert.equal(await start("--no-opt"), "two function");
  assert.equal(codes().length, 3);
});

test("damaged code is made anew, wherever the damage is, and nothing of it is run", async (t) => {
  const { start, codes } = bundle(t, source("one"));
  await start();
  const [code = ""] = codes();
  const sound = readFileSync(code);
  for (const at of [0, 31, 32, 40, Math.floor(sound.length / 2), sound.length - 1]) {
    const damaged = Buffer.from(sound);
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    writeFileSync(code, damaged);
    assert.equal(await start(), "one function", `byte ${at}`);
    assert.notDeepEqual(readFileSync(code), damaged, `byte ${at}`);
  }
  for (const length of [0, 10, 32, 33, sound.length - 1]) {
    writeFileSync(code, sound.subarray(0, length));
    assert.equal(await start(), "one function", `${length} bytes`);
  }
  assert.deepEqual(codes(), [code]);
});

test("where nothing can be kept, it runs all the same", async (t) => {
  const { start, kept } = bundle(t, source("one"));
  writeFileSync(kept, "in its place");
  assert.equal(await start(), "one function");
  assert.equal(readFileSync(kept, "utf8"), "in its place");
});
