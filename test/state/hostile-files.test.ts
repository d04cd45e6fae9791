import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Diagnostic } from "../../controller/diagnostics/diagnostic.ts";
import { PRINTERS } from "../../controller/diagnostics/printers.ts";
import { checkState } from "../../controller/rules/check-state.ts";
import { EXAMPLE_NOW, exampleFiles, snapshotOfFiles } from "../../controller/rules/example-state.ts";

const TENANT = "tenants/acme.yaml";

/** What the check says of the example state with one file of these bytes in it. */
function check(bytes: Buffer | string, path = TENANT): readonly Diagnostic[] {
  const files = exampleFiles({});
  files.set(path, Buffer.from(bytes));
  return checkState(snapshotOfFiles(files), { now: EXAMPLE_NOW }).diagnostics;
}

function located(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ rule, span }) => `${rule} ${span?.line ?? "-"}:${span?.column ?? "-"}`);
}

describe("a hostile file is one located error", () => {
  const aliasBomb = Array.from({ length: 30 }, (_, index) =>
    index === 0 ? "a0: &a0 [x, x]" : `a${index}: &a${index} [*a${index - 1}, *a${index - 1}]`,
  ).join("\n");
  const cases: readonly [string, Buffer | string, readonly string[]][] = [
    ["nested flow lists, 100,000 deep", "[".repeat(100_000), ["yaml/too-deep 1:32"]],
    ["nested block mappings", deepBlock(40), ["yaml/too-deep 32:32"]],
    ["20,000 keys", manyKeys(20_000), ["yaml/too-many-keys 10001:3"]],
    [
      "5,000 equal keys",
      "a: 1\n".repeat(5_000),
      Array.from({ length: 20 }, (_, i) => `yaml/duplicate-key ${i + 2}:1`),
    ],
    ["bytes that are not UTF-8", Buffer.from([0x61, 0x3a, 0x20, 0xc3, 0x28]), ["file/not-utf8 1:4"]],
    ["a surrogate in UTF-8", Buffer.from([0x61, 0x3a, 0x20, 0xed, 0xa0, 0x80]), ["file/not-utf8 1:4"]],
    ["UTF-16", Buffer.from("\ufeffchannel: stable\n", "utf16le"), ["file/not-utf8 1:1"]],
    ["a byte order mark", "\ufeffchannel: stable\n", ["file/byte-order-mark 1:1"]],
    ["carriage returns", "channel: stable\r\npaused: true\r\n", ["file/carriage-return 1:16"]],
    ["a NUL", "channel: sta\0ble\n", ["file/control-character 1:13"]],
    ["an escape sequence of a terminal", "channel: \u001b[31mstable\n", ["file/control-character 1:10"]],
    ["tabs", "sites:\n\tberlin: {}\n", ["yaml/tab 2:1"]],
    ["more than 256 KiB", `channel: stable # ${"x".repeat(262_144)}\n`, ["file/too-large -:-"]],
    ["nothing", "", ["file/empty -:-"]],
    ["only a comment", "# nothing\n", ["file/empty -:-"]],
    ["two documents", "channel: stable\n---\nchannel: stable\n", ["yaml/multiple-documents 2:1"]],
    ["a merge key", "<<: {channel: stable}\n", ["yaml/merge-key 1:1"]],
    ["a tag that names a class", "channel: !!js/function 'x'\n", ["yaml/custom-tag 1:10"]],
    ["an anchor that names itself", "sites: &a\n  berlin: *a\n", ["yaml/alias 1:8", "yaml/alias 2:11"]],
    ["an unclosed quote of 200 KB", `channel: "${"x".repeat(200_000)}`, ["yaml/syntax 1:200010"]],
    ["__proto__ as a key", "__proto__: {channel: stable}\n", ["schema/unknown-key 1:1"]],
    ...["0012345", "1.10", "1e5", "0x1F", "12345678901234567", "~", "true", ".inf"].map(
      (key): [string, string, readonly string[]] => [
        `the device ${key} without quotes`,
        `devices:\n  ${key}: {channel: stable}\n`,
        ["yaml/key-not-text 2:3"],
      ],
    ),
    ["a text that clears the terminal", 'paused: {reason: "x\\e[2J"}\n', ["yaml/hidden-character 1:19"]],
    ["a text with half of a pair", 'paused: {reason: "x\\ud83d"}\n', ["yaml/hidden-character 1:19"]],
    ["a text that turns around", 'paused: {reason: "x\\u202e"}\n', ["yaml/hidden-character 1:19"]],
    ["a comment that turns around", "channel: stable # \u202e\n", ["file/control-character 1:19"]],
    [
      "a conflict",
      "channel: stable\n<<<<<<< HEAD\npaused: true\n=======\n>>>>>>> beta\n",
      ["file/conflict-marker 2:1"],
    ],
    ["a list as the document", "- 1\n", ["schema/wrong-type 1:1"]],
    ["a number as the document", "12\n", ["schema/wrong-type 1:1"]],
  ];
  for (const [what, bytes, expected] of cases) {
    test(what, () => {
      assert.deepEqual(located(check(bytes)), expected);
    });
  }

  test("an alias bomb, with at most 20 errors", () => {
    const diagnostics = check(aliasBomb);
    assert.equal(diagnostics.length, 20);
    assert.ok(diagnostics.every(({ rule }) => rule === "yaml/alias"));
  });

  test("4,000 unknown keys do not become 4,000 errors", () => {
    const diagnostics = check(
      `sites: {${Array.from({ length: 4000 }, (_, i) => `s${i}: {x: 1}`).join(", ")}}\n`,
    );
    assert.equal(diagnostics.length, 100);
  });
});

describe("a hostile entry of the commit is an error", () => {
  test("whatever its name, and the name is printed without control characters", () => {
    const irregular = [
      { path: "tenants/\u001b[2J.yaml", kind: "bad-name" },
      { path: "../etc/passwd", kind: "bad-name" },
      { path: "tenants/link.yaml", kind: "symlink" },
      { path: "vendor", kind: "submodule" },
      { path: "tenants/huge.yaml", kind: "too-large", size: 300_000, limit: 262_144 },
      { path: "", kind: "too-many", size: 100_001, limit: 100_000 },
    ] as const;
    const { model, diagnostics } = checkState(snapshotOfFiles(exampleFiles({}), irregular), {
      now: EXAMPLE_NOW,
    });
    assert.equal(model, undefined);
    assert.equal(diagnostics.length, irregular.length);
    for (const print of Object.values(PRINTERS)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that none gets through is the point
      assert.doesNotMatch(print(diagnostics, printOptions), /[\0-\x08\x0b-\x1f]/);
    }
  });
});

const printOptions = { textOf: () => undefined, pathPrefix: "", colour: false, toolVersion: "0.0.0" };

describe("any content at all", () => {
  const yamlish = fc
    .array(
      fc.constantFrom(
        ..."abc:-?[]{},&*!|>'\"%@`# \n\t\\~0123456789.eE+".split(""),
        ...[
          "channel",
          "version",
          "products",
          "pin",
          "<<",
          "---",
          "...",
          "!!str",
          "sites: ",
          "\n  ",
          "- ",
          ": ",
        ],
      ),
      { maxLength: 60 },
    )
    .map((parts) => Buffer.from(parts.join("")));
  const anyBytes = fc.oneof(
    yamlish,
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
  );
  const anyPath = fc.constantFrom(
    ...[TENANT, "fleet.yaml", "products/agent/product.yaml", "products/agent/channels/stable.yaml"],
    ...[
      "products/agent/versions/1.1.0.yaml",
      "trust/targets.json",
      "trust/root/1.root.json",
      "trust/releases/agent.json",
    ],
  );

  test("is judged without throwing, and each finding can be shown in every format", () => {
    fc.assert(
      fc.property(anyBytes, anyPath, (bytes, path) => {
        const diagnostics = check(bytes, path);
        for (const { span } of diagnostics) {
          if (span === undefined) continue;
          assert.ok(span.line >= 1 && span.column >= 1);
          assert.ok(span.endLine > span.line || span.endColumn >= span.column);
        }
        for (const print of Object.values(PRINTERS)) {
          print(diagnostics, { ...printOptions, textOf: () => bytes.toString("utf8") });
        }
      }),
      { numRuns: 1500 },
    );
  });
});

function deepBlock(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${" ".repeat(level)}k:\n`).join("");
}

function manyKeys(count: number): string {
  return Array.from({ length: count }, (_, index) => `  k${index}: 1`).join("\n");
}

describe("a number that people would write in another way", () => {
  for (const [written, isPlain] of [
    ...["010", "0x10", "1e1", "+5", "-0", ".5", "01000", "0o17", "5.", "12345678901234567"].map(
      (text) => [text, false] as const,
    ),
    ...["10", "0.5", "100", "0"].map((text) => [text, true] as const),
  ]) {
    test(`${written} is ${isPlain ? "read" : "refused where it stands"}`, () => {
      const found = located(check(`window: {days: [sat], start: "02:00", duration: ${written}}\n`));
      assert.equal(found.includes("yaml/unclear-number 1:49"), !isPlain, found.join());
    });
  }

  test("quotes make text of it, and a version stays one", () => {
    assert.deepEqual(located(check('groups: {tills: {match: {ring: "010"}}}\n')), []);
  });
});

test("a folder or ending that is nearly right is an error: what stands in it holds nobody", () => {
  for (const path of [
    "tenants/beta.YAML",
    "tenant/beta.yaml",
    "Tenants/beta.yaml",
    "product/agent/product.yaml",
  ]) {
    const found = check("channel: stable\n", path).filter(({ file }) => file === path);
    assert.deepEqual(
      found.map(({ rule, severity }) => `${severity} ${rule}`),
      ["error file/misplaced"],
      path,
    );
  }
});
