import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readErrorTables } from "../../tools/read-error-tables.ts";
import { TOP } from "../support/run-command.ts";

const sources = globSync(["{protocol,controller,agent}/**/*.ts", "bin/*.js"], { cwd: TOP }).map((file) => ({
  file,
  text: readFileSync(join(TOP, file), "utf8"),
}));
const tables = await readErrorTables(TOP);
const codes = new Set(tables.flatMap(({ table }) => Object.keys(table)));

/** Each class of errors, with the file that it stands in. */
const classes = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/class (\w+) extends DomainError</g)].map((match) => ({ name: match[1] ?? "", file })),
);

test("every class of errors has a table of its codes beside it", () => {
  assert.ok(classes.length > 10, "the classes are found");
  const files = new Set(tables.map(({ file }) => file));
  const without = classes.filter(({ file }) => !files.has(file)).map(({ name }) => name);
  assert.deepEqual(without, []);
});

test("every code has the form domain/code, and each table has a domain of its own", () => {
  for (const code of codes) assert.match(code, /^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
  const domains = tables.flatMap(({ table }) => [
    ...new Set(Object.keys(table).map((code) => code.split("/")[0])),
  ]);
  assert.equal(domains.length, tables.length, "a table speaks for one domain");
  assert.equal(new Set(domains).size, domains.length, "a domain has one table");
});

test("causes and remedies are lower case and without a full stop, like every message", () => {
  for (const { table } of tables) {
    for (const [code, { cause, remedy }] of Object.entries(table)) {
      for (const text of [cause, remedy]) assert.match(text, /^(?:[a-z`]|Fairlead)[^\n]*[^.\s]$/, code);
    }
  }
});

test("every code is thrown or printed somewhere", () => {
  // Neither the line that defines a code nor a comparison with it brings it about.
  const used = new Set(
    sources.flatMap(({ text }) =>
      [
        ...text.matchAll(/(?<![!=]== |case )"([a-z]+\/[a-z0-9-]+)"(?!: \{)|error\[([a-z]+\/[a-z0-9-]+)\]/g),
      ].map((match) => match[1] ?? match[2]),
    ),
  );
  assert.deepEqual(
    [...codes].filter((code) => !used.has(code)),
    [],
  );
});

test("every code that is thrown or printed is in a table", () => {
  const named = new Set(classes.map(({ name }) => name));
  const unknown = sources.flatMap(({ file, text }) => {
    const thrown = [...text.matchAll(/new (\w+)\(\s*"([^"]+)"/g)].filter(([, name = ""]) => named.has(name));
    const printed = [...text.matchAll(/error\[()([^\]$]+)\]/g)];
    return [...thrown, ...printed].flatMap(([, , code = ""]) =>
      codes.has(code) ? [] : [`${file}: ${code}`],
    );
  });
  assert.deepEqual(unknown, []);
});

test("docs/errors.md says what the tables say", () => {
  const { status, stderr } = spawnSync(process.execPath, ["tools/generate-error-docs.ts", "--check"], {
    cwd: TOP,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
});
