/**
 * State is read by js-yaml and edited by the `yaml` package. Were they to read a file differently, an edit would change
 * something else than what the check saw: so whatever our reader accepts, both must read alike.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { parseDocument, stringify } from "yaml";
import { decodeText } from "../../controller/state/decode-text.ts";
import { parseYaml, YAML_LIMITS } from "../../controller/state/parse-yaml.ts";
import { readPlainYaml } from "../../controller/state/read-plain-yaml.ts";
import { SourceMap } from "../../controller/state/source-map.ts";

const TOP = join(import.meta.dirname, "..", "..");

/** Fails when the fast reader reads a text that the full one refuses or reads as something else. */
function requirePlainAgreement(text: string): "read" | "left" {
  const plain = readPlainYaml(text, YAML_LIMITS.keys);
  if (plain === undefined) return "left";
  const full = parseYaml(text);
  assert.deepEqual(full.ok ? full.value : full.faults, plain, JSON.stringify(text));
  return "read";
}

/** Fails when our reader accepts a text that `yaml` refuses or reads as something else. */
function requireAgreement(text: string): "accepted" | "refused" {
  requirePlainAgreement(text);
  const ours = parseYaml(text);
  if (!ours.ok) return "refused";
  const theirs = parseDocument(text, { schema: "core", uniqueKeys: true });
  assert.deepEqual(theirs.errors, [], JSON.stringify(text));
  assert.deepEqual(theirs.toJS() ?? null, ours.value ?? null, JSON.stringify(text));
  return "accepted";
}

test("both parsers read every state file of this repository alike", () => {
  const folders = ["releases", "test/golden", "test/scenarios"].map((name) => join(TOP, name));
  let accepted = 0;
  for (const folder of folders) {
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!path.endsWith(".yaml")) continue;
      const bytes = readFileSync(join(folder, path));
      const text = bytes.toString("utf8");
      if (decodeText(path, bytes).ok && requireAgreement(text) === "accepted") accepted++;
    }
  }
  assert.ok(accepted > 100, `${accepted} files`);
});

const words = fc.oneof(
  fc.constantFrom(
    ...[
      "1.10",
      "1.4.2",
      "0x1F",
      "0o17",
      "1e3",
      ".5",
      "-0",
      "+1",
      "1_000",
      "0b1",
      "012",
      "1.",
      ".inf",
      ".NaN",
      "-.Inf",
    ],
    ...[
      "true",
      "yes",
      "No",
      "on",
      "null",
      "~",
      "",
      "2027-01-31",
      "02:00",
      "12:30:45",
      "12:30",
      "<<",
      "=",
      "2%",
      "4h",
    ],
    ...[
      "a: b",
      "a #b",
      "#",
      "- a",
      "? a",
      "&a",
      "*a",
      "!a",
      "|",
      ">",
      "%a",
      "@a",
      "`a",
      "[a",
      "{a",
      "'",
      '"',
      "\\",
      "a\nb",
    ],
  ),
  fc.string({ maxLength: 12, unit: fc.constantFrom(..."abz019 .:-#'\"{}[],&*?!|>%@`~_/\\é日".split("")) }),
);

const values = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    words,
    fc.boolean(),
    fc.integer(),
    fc.constant(null),
    fc.array(tie("node"), { maxLength: 4 }),
    fc.dictionary(words, tie("node"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).node;

test("both parsers read what a program writes alike, in block and in flow style", () => {
  fc.assert(
    fc.property(values, fc.boolean(), (value, isFlow) => {
      requireAgreement(stringify(value, { collectionStyle: isFlow ? "flow" : "block" }));
    }),
    { numRuns: 2000 },
  );
});

test("both parsers read lines that people write alike", () => {
  const line = fc
    .tuple(fc.constantFrom("", "  ", "    ", "- ", "  - "), fc.constantFrom("a", "b", "'c'", '"d"'), words)
    .map(([indent, key, word]) => `${indent}${key}: ${word}`);
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
      if (requireAgreement(`${lines.join("\n")}\n`) === "accepted") accepted++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(accepted > 300, `${accepted} of 3000 were YAML at all`);
});

/** A state file as people write it, to be spoilt in a few places. */
const WRITTEN = `# What a tenant wants.
channel: stable  # the usual one
window: {days: [sat, sun], start: "02:00", duration: 4h, zone: 'Europe/Berlin'}
empty:
list:
- a
- {b: c d, e: []}
sites:
  berlin: {channel: beta}

artifacts:
  - platform: linux-x64
    url: https://acme.example/a#b
    size: 48211456
  -   platform: darwin
      sizes: [1, 2.5, -3]
groups:
    canaries:
        devices: [d-1, d-2]
        paused: false
`;

test("the fast reader reads what is written plainly, and spoilt files as the full one does or not at all", () => {
  assert.equal(requirePlainAgreement(WRITTEN.replace("2.5", "2")), "left");
  assert.equal(requirePlainAgreement(WRITTEN.replace("2.5, -3", "2")), "read");
  const part = fc.constantFrom(
    ...[
      ..." \n:#-,[]{}'\"\\|>?&*!%@`~.=0a",
      "  ",
      "\n  ",
      "\n- ",
      ": ",
      " #",
      "---\n",
      "...\n",
      "<<: ",
      "''",
    ],
    ...[
      "a: ",
      "a:\n",
      "- - ",
      "null",
      "true: ",
      "-0",
      "0x1",
      "1e3",
      ".inf",
      "1.2.3",
      "__proto__: ",
      "\t",
      "é",
      "? ",
    ],
  );
  const edit = fc.record({ at: fc.nat(WRITTEN.length), removed: fc.nat(4), part: fc.option(part) });
  let read = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let text = WRITTEN.replace("2.5, -3", "2");
      for (const { at, removed, part } of edits)
        text = text.slice(0, at) + (part ?? "") + text.slice(at + removed);
      if (requirePlainAgreement(text) === "read") read++;
    }),
    { numRuns: 5000 },
  );
  assert.ok(read > 500, `${read} of 5000 were still plain`);
});

test("the place of each scalar holds the text that it was read from", () => {
  fc.assert(
    fc.property(values, fc.boolean(), (value, isFlow) => {
      const text = stringify(value, { collectionStyle: isFlow ? "flow" : "block" });
      const parsed = parseYaml(text);
      if (!parsed.ok) return;
      const places = new SourceMap(text, parsed.events);
      visitScalars(parsed.value, [], (path, scalar) => {
        const source = places.sourceOf(path);
        assert.ok(source !== undefined, JSON.stringify({ text, path }));
        if (source.includes("\n") || /^[|>]/.test(source)) return;
        assert.deepEqual(parseYaml(`- ${source}\n`), { ...parseYaml(`- ${source}\n`), value: [scalar] });
      });
    }),
    { numRuns: 1000 },
  );
});

function visitScalars(
  value: unknown,
  path: readonly (string | number)[],
  visit: (path: readonly (string | number)[], scalar: unknown) => void,
): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visitScalars(item, [...path, index], visit);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) visitScalars(item, [...path, key], visit);
  } else {
    visit(path, value);
  }
}
