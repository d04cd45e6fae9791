import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { TOP } from "../support/run-command.ts";

const page = readFileSync(join(TOP, "docs", "threats.md"), "utf8");
const [table = "", list = ""] = page.split("\n## Proofs\n");
const proofs = [...list.matchAll(/^(\d+)\. `([^`]+)`: (.+)$/gm)].map(([, number, file, name]) => ({
  number: Number(number),
  file: file ?? "",
  name: name ?? "",
}));

test("every claim about a threat points to a proof, and every proof is a test that is there", () => {
  const claimed = new Set([...table.matchAll(/\[(\d+)\](?!\()/g)].map(([, number]) => Number(number)));
  assert.deepEqual(
    proofs.map(({ number }) => number),
    proofs.map((_, index) => index + 1),
  );
  assert.deepEqual(
    [...claimed].sort((a, b) => a - b),
    proofs.map(({ number }) => number),
  );
  const missing = proofs.filter(({ file, name }) => {
    const text = readFileSync(join(TOP, file), "utf8");
    return !text.includes(`"${name}"`);
  });
  assert.deepEqual(missing, []);
});
