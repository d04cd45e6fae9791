import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AcknowledgedDiagnostic, Diagnostic } from "../../controller/diagnostics/diagnostic.ts";
import type { PrintOptions } from "../../controller/diagnostics/printer.ts";
import { PRINTERS } from "../../controller/diagnostics/printers.ts";

const CHANNEL = "products/agent/channels/stable.yaml";
const SOURCE = `${"# comment\n".repeat(6)}version: 2.4.1\n`;

const UNKNOWN_RELEASE: Diagnostic = {
  rule: "channel/unknown-release",
  severity: "error",
  message: "channel `stable` points to release `2.4.1`, which no file defines",
  file: CHANNEL,
  span: { line: 7, column: 10, endLine: 7, endColumn: 15 },
  label: "no such release in commit 3f9c2ab",
  related: [],
  notes: ["defined here: 2.3.0, 2.4.0"],
  help: "did you mean `2.4.0`? or add products/agent/versions/2.4.1.yaml",
};

const ACKNOWLEDGED: AcknowledgedDiagnostic = {
  rule: "channel/stale",
  severity: "warning",
  message: "it is old",
  file: CHANNEL,
  span: { line: 7, column: 10, endLine: 7, endColumn: 15 },
  related: [],
  notes: [],
  acknowledged: {
    reason: "it moves\nin spring",
    owner: "ops@acme.example",
    expires: "2027-01-31",
    file: CHANNEL,
    span: { line: 9, column: 5, endLine: 9, endColumn: 40 },
  },
};

const WHOLE_FILE: Diagnostic = {
  rule: "file/missing",
  severity: "warning",
  message: 'a <file> & "more": 100%, it\'s',
  file: "a,b:c.yaml",
  related: [],
  notes: [],
};

const options: PrintOptions = {
  textOf: (file) => (file === CHANNEL ? SOURCE : undefined),
  pathPrefix: "",
  colour: false,
  toolVersion: "1.2.3",
};

describe("the printers", () => {
  test("pretty draws the frame that the style guide shows", () => {
    assert.equal(
      PRINTERS.pretty([UNKNOWN_RELEASE], options),
      `error[channel/unknown-release]: channel \`stable\` points to release \`2.4.1\`, which no file defines
 --> products/agent/channels/stable.yaml:7:10
  |
7 | version: 2.4.1
  |          ^^^^^ no such release in commit 3f9c2ab
  |
  = note: defined here: 2.3.0, 2.4.0
  = help: did you mean \`2.4.0\`? or add products/agent/versions/2.4.1.yaml
`,
    );
  });

  test("pretty uses colours only when asked", () => {
    assert.ok(!PRINTERS.pretty([UNKNOWN_RELEASE], options).includes("\u001b"));
    const coloured = PRINTERS.pretty([UNKNOWN_RELEASE], { ...options, colour: true });
    assert.ok(coloured.includes("\u001b[31;1merror[channel/unknown-release]\u001b[0m"));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours themselves
    assert.equal(coloured.replaceAll(/\u001b\[[\d;]*m/g, ""), PRINTERS.pretty([UNKNOWN_RELEASE], options));
  });

  test("pretty lines the marks up under tabs, at the end of long lines, and shows both ends", () => {
    const text = `a:\tb\n${"x".repeat(200)}: yes\n`;
    const output = PRINTERS.pretty(
      [
        {
          ...WHOLE_FILE,
          file: "f",
          span: { line: 1, column: 4, endLine: 1, endColumn: 5 },
          related: [
            { file: "f", span: { line: 2, column: 203, endLine: 2, endColumn: 206 }, label: "other" },
          ],
        },
      ],
      { ...options, textOf: () => text },
    );
    assert.match(output, /1 \| a:\tb\n {2}\| {3}\t\^\n/);
    assert.match(output, /2 \| \.\.\.x{38}: yes\n {2}\| {44}--- other\n/);
  });

  test("line is one line each, with the place of a whole file at its start", () => {
    assert.equal(
      PRINTERS.line([UNKNOWN_RELEASE, WHOLE_FILE], { ...options, pathPrefix: "releases/" }),
      `releases/${CHANNEL}:7:10: error channel/unknown-release: channel \`stable\` points to release \`2.4.1\`, which no file defines
releases/a,b:c.yaml:1:1: warning file/missing: a <file> & "more": 100%, it's
`,
    );
  });

  test("json holds the data as it is", () => {
    assert.deepEqual(JSON.parse(PRINTERS.json([UNKNOWN_RELEASE, WHOLE_FILE], options)), {
      diagnostics: [UNKNOWN_RELEASE, WHOLE_FILE],
      acknowledged: [],
    });
  });

  test("each tells what is acknowledged in the way of its format, and none counts it", () => {
    const by = "acknowledged by ops@acme.example until 2027-01-31: it moves in spring";
    assert.match(
      PRINTERS.pretty([ACKNOWLEDGED], options),
      /^acknowledged\[channel\/stale\]: [\s\S]*= note: ack.*spring\n/,
    );
    assert.match(PRINTERS.line([ACKNOWLEDGED], options), /^\S+:7:10: acknowledged channel\/stale: /);
    const prefixed = { ...options, pathPrefix: "releases/" };
    assert.deepEqual(JSON.parse(PRINTERS.json([UNKNOWN_RELEASE, ACKNOWLEDGED], prefixed)), {
      diagnostics: [{ ...UNKNOWN_RELEASE, file: `releases/${CHANNEL}` }],
      acknowledged: [
        {
          ...ACKNOWLEDGED,
          file: `releases/${CHANNEL}`,
          acknowledged: { ...ACKNOWLEDGED.acknowledged, file: `releases/${CHANNEL}` },
        },
      ],
    });
    assert.equal(
      PRINTERS.github([ACKNOWLEDGED], options),
      `::notice file=${CHANNEL},line=7,col=10,endLine=7,endColumn=15,title=channel/stale (acknowledged)::it is old%0A${by}\n`,
    );
    const [issue] = JSON.parse(PRINTERS.gitlab([ACKNOWLEDGED], options)) as {
      severity: string;
      description: string;
    }[];
    assert.deepEqual([issue?.severity, issue?.description], ["info", `it is old (${by})`]);
    const xml = PRINTERS.junit([UNKNOWN_RELEASE, ACKNOWLEDGED], options);
    assert.match(xml, /tests="2" failures="1" skipped="1"/);
    assert.ok(xml.includes(`<skipped message="${by}"/>`), xml);
    const { runs } = JSON.parse(PRINTERS.sarif([UNKNOWN_RELEASE, ACKNOWLEDGED], options)) as {
      runs: { results: { suppressions: object[] }[] }[];
    };
    assert.deepEqual(
      runs[0]?.results.map(({ suppressions }) => suppressions),
      [
        [],
        [
          {
            kind: "inSource",
            status: "accepted",
            justification: by,
            location: {
              physicalLocation: {
                artifactLocation: { uri: CHANNEL },
                region: { startLine: 9, startColumn: 5, endLine: 9, endColumn: 40 },
              },
            },
          },
        ],
      ],
    );
  });

  test("github escapes what would end a workflow command", () => {
    assert.equal(
      PRINTERS.github([{ ...WHOLE_FILE, help: "line\nbreak" }], options),
      `::warning file=a%2Cb%3Ac.yaml,title=file/missing::a <file> & "more": 100%25, it's%0Ahelp: line%0Abreak\n`,
    );
  });

  test("gitlab gives equal mistakes different fingerprints, and the same when lines move", () => {
    const moved = { ...UNKNOWN_RELEASE, span: { line: 9, column: 10, endLine: 9, endColumn: 15 } };
    const read = (found: readonly Diagnostic[]): { fingerprint: string; severity: string }[] =>
      JSON.parse(PRINTERS.gitlab(found, options));
    const [first, second] = read([UNKNOWN_RELEASE, UNKNOWN_RELEASE]);
    assert.notEqual(first?.fingerprint, second?.fingerprint);
    assert.equal(read([moved])[0]?.fingerprint, first?.fingerprint);
    assert.equal(first?.severity, "critical");
  });

  test("junit escapes markup and fails errors only", () => {
    const xml = PRINTERS.junit([UNKNOWN_RELEASE, { ...WHOLE_FILE, message: "a\u0000<b>&" }], options);
    assert.match(xml, /tests="2" failures="1"/);
    assert.match(xml, /a\ufffd&lt;b&gt;&amp;/);
    assert.equal(xml.match(/<failure /g)?.length, 1);
    assert.match(PRINTERS.junit([], options), /tests="1" failures="0"/);
  });

  test("none shows a secret, and the marks stay where they are", () => {
    const secret = "hunter2hunter2";
    const leaking: Diagnostic = {
      ...UNKNOWN_RELEASE,
      message: `url https://bob:${secret}@acme.example`,
      notes: [`token: ${secret}`],
      help: `Bearer ${secret}`,
      acknowledged: { ...ACKNOWLEDGED.acknowledged, reason: `the password: ${secret}` },
    };
    const text = SOURCE.replace("2.4.1", `https://bob:${secret}@acme.example`);
    for (const [format, print] of Object.entries(PRINTERS)) {
      const output = print([leaking], { ...options, textOf: () => text });
      assert.ok(!output.includes(secret), `${format}: ${output}`);
    }
    assert.match(PRINTERS.pretty([leaking], { ...options, textOf: () => text }), /https:\/\/bob:\*{14}@acme/);
  });
});
