import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { RULES } from "../../controller/rules/rules.ts";
import { checkExample } from "./check-example.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "controller", "rules");

describe("the list of rules", () => {
  test("holds every file of the rules folder, named after its id", () => {
    const files = readdirSync(FOLDER, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) =>
        readdirSync(join(FOLDER, name)).map((file) => `${name}/${file.replace(/\.ts$/, "")}`),
      );
    assert.deepEqual(
      RULES.map(({ id }) => id),
      files.sort(),
    );
  });

  test("has ids, summaries and explanations in the house style", () => {
    for (const { id, summary, explanation } of RULES) {
      assert.match(id, /^[a-z]+\/[a-z0-9-]+$/, id);
      assert.match(summary, /^[a-z`].*[^.]$/, `${id}: a summary is lower case without a full stop`);
      assert.match(explanation, /^[A-Z`].*\.$/s, `${id}: an explanation is prose`);
    }
  });
});

describe("the examples of each rule", () => {
  for (const rule of RULES) {
    test(`${rule.id} refuses its failing example, and says so once for each mistake`, () => {
      const diagnostics = checkExample(rule.failing);
      const own = diagnostics.filter((diagnostic) => diagnostic.rule === rule.id);
      assert.notEqual(own.length, 0, `found instead: ${diagnostics.map((found) => found.rule).join(", ")}`);
      for (const { severity, message, label, help, notes } of own) {
        assert.equal(severity, rule.severity);
        for (const text of [message, label, help, ...notes]) {
          if (text !== undefined) assert.doesNotMatch(text, /^[A-Z][a-z]|\.$|\n|undefined/, text);
        }
      }
    });

    test(`${rule.id} has nothing to say of its passing example, and neither has another rule of its severity`, () => {
      const diagnostics = checkExample(rule.passing);
      assert.deepEqual(
        diagnostics.filter(({ rule: id, severity }) => id === rule.id || severity === "error"),
        [],
      );
    });
  }
});
