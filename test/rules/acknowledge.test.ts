import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import type { Diagnostic } from "../../controller/diagnostics/diagnostic.ts";
import { type CheckedState, checkState } from "../../controller/rules/check-state.ts";
import { EXAMPLE_NOW, exampleFiles, snapshotOfFiles } from "../../controller/rules/example-state.ts";
import type { ExampleFile, Rule, RuleExample } from "../../controller/rules/rule.ts";
import { RULES } from "../../controller/rules/rules.ts";
import { checkWhole } from "./check-example.ts";

interface Said {
  readonly rule: string;
  readonly at?: string;
  readonly file?: string;
  readonly expires?: string;
}

/** The end of a state file that acknowledges; put after everything else, it moves no place. */
function acknowledging(entries: readonly Said[]): string {
  const lines = entries.map(({ rule, at, file, expires = "2027-01-31" }) => {
    const place = `${file === undefined ? "" : `file: ${file}, `}${at === undefined ? "" : `at: ${at}, `}`;
    return `  - {rule: ${rule}, ${place}reason: known, owner: ops@acme.example, expires: ${expires}}\n`;
  });
  return `acknowledge:\n${lines.join("")}`;
}

function check(files: Readonly<Record<string, ExampleFile>>, now = EXAMPLE_NOW): CheckedState {
  return checkState(snapshotOfFiles(exampleFiles(files)), { now });
}

function idsOf(found: readonly Diagnostic[]): string[] {
  return found.map(({ rule }) => rule);
}

const PINS =
  "devices:\n  d-1: {products: {agent: {pin: {version: 1.0.0}}}}\n  d-10: {products: {agent: {pin: {version: 1.0.0}}}}\n";
const FLEET = "schemaVersion: 1\ndefaultChannel: stable\n";

describe("an acknowledgement", () => {
  test("takes the warnings of its rule in its file out of what counts, and says who answers for them", () => {
    const { model, diagnostics, acknowledged } = check({
      "tenants/acme.yaml": PINS + acknowledging([{ rule: "tenant/ownerless-pin" }]),
      "tenants/globex.yaml": "products: {agent: {pin: {version: 1.0.0}}}\n",
    });
    assert.notEqual(model, undefined);
    assert.deepEqual(
      diagnostics.map(({ rule, file }) => [rule, file]),
      [["tenant/ownerless-pin", "tenants/globex.yaml"]],
    );
    assert.equal(acknowledged.length, 2);
    const [first] = acknowledged;
    assert.deepEqual(first?.acknowledged, {
      reason: "known",
      owner: "ops@acme.example",
      expires: "2027-01-31",
      file: "tenants/acme.yaml",
      span: { line: 5, column: 5, endLine: 5, endColumn: 94 },
    });
  });

  test("with `at` speaks of that place and what is below it, and of no place whose name only begins alike", () => {
    const { diagnostics, acknowledged } = check({
      "tenants/acme.yaml": PINS + acknowledging([{ rule: "tenant/ownerless-pin", at: "/devices/d-1" }]),
    });
    assert.deepEqual(
      acknowledged.map(({ pointer }) => pointer),
      ["/devices/d-1/products/agent/pin"],
    );
    assert.deepEqual(
      diagnostics.map(({ pointer }) => pointer),
      ["/devices/d-10/products/agent/pin"],
    );
  });

  test("ends in the second in which it expires, by the time that is handed in, and the warning is back", () => {
    const files = { "tenants/acme.yaml": PINS + acknowledging([{ rule: "tenant/ownerless-pin" }]) };
    const end = Date.UTC(2027, 0, 31) / 1000;
    assert.deepEqual(check(files, end - 1).diagnostics, []);
    const after = check(files, end);
    assert.deepEqual(idsOf(after.diagnostics), [
      "tenant/ownerless-pin",
      "tenant/ownerless-pin",
      "acknowledge/expired",
    ]);
    assert.deepEqual(after.acknowledged, []);
    const renewed = [
      { rule: "tenant/ownerless-pin" },
      { rule: "tenant/ownerless-pin", expires: "2028-01-31" },
    ];
    const again = check({ "tenants/acme.yaml": PINS + acknowledging(renewed) }, end);
    assert.deepEqual(idsOf(again.diagnostics), ["acknowledge/expired"], "the one that is left over");
    assert.equal(again.acknowledged.length, 2);
  });

  test("in fleet.yaml speaks for files that can hold none: signed, stray, or gone", () => {
    const stray = { rule: "file/unreferenced", file: "tenants/eu/globex.yaml" };
    const gone = { rule: "version/removed", file: "products/agent/versions/1.0.0.yaml" };
    const { diagnostics, acknowledged } = checkWhole({
      before: {},
      files: {
        "fleet.yaml": FLEET + acknowledging([stray, gone]),
        "tenants/eu/globex.yaml": "channel: stable\n",
        "products/agent/versions/1.0.0.yaml": null,
      },
    });
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(idsOf(acknowledged).sort(), ["file/unreferenced", "version/removed"]);
  });

  test("is not called needless where its rule had nothing to speak from, or a file could not be read", () => {
    const of = (rule: string): Record<string, string> => ({
      "products/agent/channels/stable.yaml": `version: 1.1.0\n${acknowledging([{ rule }])}`,
    });
    assert.deepEqual(idsOf(check(of("channel/lowered-without-rollback")).diagnostics), []);
    assert.deepEqual(idsOf(check(of("channel/stale")).diagnostics), []);
    assert.deepEqual(
      idsOf(checkWhole({ files: of("channel/lowered-without-rollback"), before: {} }).diagnostics),
      ["acknowledge/no-longer-applies"],
    );
    assert.deepEqual(idsOf(check(of("channel/empty-canary")).diagnostics), ["acknowledge/no-longer-applies"]);
    const broken = { ...of("channel/empty-canary"), "tenants/acme.yaml": "chanel: stable\n" };
    assert.deepEqual(idsOf(check(broken).diagnostics), ["schema/unknown-key"]);
  });

  test("must say who, why and until when, and its place must be a JSON pointer", () => {
    const { diagnostics } = check({
      "tenants/acme.yaml": "acknowledge:\n  - {rule: tenant/ownerless-pin, at: devices, expires: soon}\n",
      "tenants/globex.yaml": acknowledging([{ rule: "file/unreferenced", file: "tenants/x.yml" }]),
    });
    assert.deepEqual(
      diagnostics.map(({ rule, message }) => [rule, message]),
      [
        ["schema/missing-key", "key `owner` is missing"],
        ["schema/missing-key", "key `reason` is missing"],
        ["schema/bad-name", "`devices` cannot be a place in the file"],
        ["value/bad-date", "`soon` is not a date of the calendar"],
        ["schema/unknown-key", "unknown key `file`"],
      ],
    );
  });

  test("is in no policy that is signed", () => {
    const files: Record<string, string> = {
      "fleet.yaml": FLEET,
      "products/agent/product.yaml": "description: The agent.\n",
      "products/agent/channels/stable.yaml": "version: 1.1.0\n",
      "tenants/acme.yaml": PINS,
    };
    const policiesOf = (state: CheckedState): unknown => {
      if (state.model === undefined) throw new Error("the state has errors");
      const { products, tenants } = desiredPolicies(state.model);
      return [[...products], [...tenants]];
    };
    const plain = policiesOf(check(files));
    const entries = acknowledging([{ rule: "tenant/ownerless-pin" }]);
    const said = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text + entries]));
    assert.deepEqual(policiesOf(check(said)), plain);
  });
});

describe("every rule that warns", () => {
  const warnings = RULES.filter(
    ({ id, severity }) => severity === "warning" && !id.startsWith("acknowledge/"),
  );

  test("can be acknowledged, in the file that it is about or in fleet.yaml", () => {
    for (const { id, failing } of warnings) {
      const found = checkWhole(failing).diagnostics.filter(({ rule }) => rule === id);
      assert.notEqual(found.length, 0, id);
      const { diagnostics, acknowledged } = checkWhole(withEntries(failing, found.map(entryFor)));
      assert.deepEqual(
        diagnostics.filter(({ rule }) => rule === id || rule.startsWith("acknowledge/")),
        [],
        id,
      );
      assert.deepEqual(idsOf(acknowledged), idsOf(found));
    }
  });

  test("names what it cannot speak without", () => {
    for (const { id, failing, needs } of warnings) {
      for (const what of ["before", "histories", "artifacts"] as const) {
        const { before, history, artifacts, ...rest } = failing;
        const without = {
          ...rest,
          ...(before === undefined || what === "before" ? {} : { before }),
          ...(history === undefined || what === "histories" ? {} : { history }),
          ...(artifacts === undefined || what === "artifacts" ? {} : { artifacts }),
        };
        const isSilent = checkWhole(without).diagnostics.every(({ rule }) => rule !== id);
        assert.equal(isSilent, needs === what, `${id} without ${what}`);
      }
    }
  });
});

/** What acknowledges a finding, and the file that says it. */
function entryFor({ rule, file }: Diagnostic): [file: string, said: Said] {
  const holdsItsOwn =
    !file.startsWith("trust/") && rule !== "file/unreferenced" && rule !== "version/removed";
  return holdsItsOwn ? [file, { rule }] : ["fleet.yaml", { rule, file }];
}

function withEntries(example: RuleExample, entries: readonly (readonly [string, Said])[]): RuleExample {
  const files = Object.fromEntries(
    [...exampleFiles(example.files)].map(([path, bytes]): [string, ExampleFile] => {
      const own = entries.flatMap(([file, said]) => (file === path ? [said] : []));
      return [
        path,
        own.length === 0 ? { base64: bytes.toString("base64") } : bytes.toString("utf8") + acknowledging(own),
      ];
    }),
  );
  return { ...example, files: { ...example.files, ...files } };
}

describe("acknowledging, whatever is acknowledged", () => {
  /**
   * Rules whose bad state can be written on: what is huge, or no YAML at all, has no room for a list. What a state expects is
   * looked at only where nothing else is wrong with it, and an entry may be.
   */
  const sound = (rule: Rule): boolean => {
    const files = [...exampleFiles(rule.failing.files).values()];
    return (
      !/^(yaml|file|schema|value|acknowledge)\//.test(rule.id) &&
      !("foundBy" in rule && rule.foundBy === "expecting") &&
      files.every(({ length }) => length < 100_000)
    );
  };
  const rules = RULES.filter(sound);
  const places = ["/version", "/devices", "/products/agent/pin", "/rollout", "/nowhere"];
  const entry = fc.record(
    {
      rule: fc.constantFrom(...RULES.map(({ id }) => id), "no/such-rule"),
      at: fc.constantFrom(...places),
      expires: fc.constantFrom("2020-01-01", "2026-11-20T12:00:00Z", "2027-01-31"),
    },
    { requiredKeys: ["rule", "expires"] },
  );

  test("hides no error, and leaves the same findings as without it, each counted or set aside", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...rules),
        fc.array(fc.tuple(fc.nat(), entry), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        ({ id, failing }, drawn, asksForIt) => {
          const plain = checkWhole(failing);
          const paths = [...exampleFiles(failing.files).keys()].filter((path) => path.endsWith(".yaml"));
          const entries = drawn.map(([n, said]): [string, Said] => [
            paths[n % paths.length] ?? "fleet.yaml",
            asksForIt ? { ...said, rule: id } : said,
          ]);
          const with_ = checkWhole(withEntries(failing, entries));
          const counted = with_.diagnostics.filter(({ rule }) => !rule.startsWith("acknowledge/"));
          const setAside = with_.acknowledged.map(({ acknowledged: _, ...diagnostic }) => diagnostic);
          const texts = (found: readonly Diagnostic[]): string[] =>
            found.map((one) => JSON.stringify(one)).sort();
          assert.deepEqual(texts([...counted, ...setAside]), texts(plain.diagnostics));
          assert.ok(with_.acknowledged.every(({ severity }) => severity === "warning"));
          const isRefused = with_.diagnostics.some(({ severity }) => severity === "error");
          assert.equal(with_.model === undefined, isRefused);
          if (plain.model === undefined) assert.equal(with_.model, undefined);
        },
      ),
      { numRuns: 400 },
    );
  });
});
