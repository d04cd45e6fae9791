import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv } from "ajv";
import { printSarif } from "../../controller/diagnostics/print-sarif.ts";
import { acknowledgeExpired } from "../../controller/rules/acknowledge/expired.ts";
import { RULES } from "../../controller/rules/rules.ts";
import { checkExample, checkWhole } from "../rules/check-example.ts";

/**
 * The parts of the SARIF 2.1.0 schema (OASIS, errata 01) that a log of ours uses, closed against everything else: what
 * satisfies this satisfies the whole schema, which has no required property besides these.
 */
const text = {
  type: "object",
  additionalProperties: false,
  required: ["text"],
  properties: { text: { type: "string" } },
};
const positive = { type: "integer", minimum: 1 };
const physicalLocation = {
  type: "object",
  additionalProperties: false,
  required: ["artifactLocation"],
  properties: {
    artifactLocation: {
      type: "object",
      additionalProperties: false,
      // A URI reference (RFC 3986) that is a relative path: no scheme, and nothing that would have to be escaped.
      properties: { uri: { type: "string", pattern: "^(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+$" } },
    },
    region: {
      type: "object",
      additionalProperties: false,
      properties: { startLine: positive, startColumn: positive, endLine: positive, endColumn: positive },
    },
  },
};
const suppression = {
  type: "object",
  additionalProperties: false,
  required: ["kind"],
  properties: {
    kind: { enum: ["inSource", "external"] },
    status: { enum: ["accepted", "underReview", "rejected"] },
    justification: { type: "string" },
    location: { type: "object", additionalProperties: false, properties: { physicalLocation } },
  },
};
const result = {
  type: "object",
  additionalProperties: false,
  required: ["message"],
  properties: {
    ruleId: { type: "string" },
    ruleIndex: { type: "integer", minimum: 0 },
    level: { enum: ["none", "note", "warning", "error"] },
    message: text,
    locations: {
      type: "array",
      items: { type: "object", additionalProperties: false, properties: { physicalLocation } },
    },
    suppressions: { type: "array", uniqueItems: true, items: suppression },
    relatedLocations: {
      type: "array",
      uniqueItems: true,
      items: {
        type: "object",
        additionalProperties: false,
        properties: { id: { type: "integer", minimum: 0 }, physicalLocation, message: text },
      },
    },
  },
};
const driver = {
  type: "object",
  additionalProperties: false,
  required: ["name"],
  properties: {
    name: { type: "string" },
    semanticVersion: { type: "string" },
    rules: {
      type: "array",
      uniqueItems: true,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["id"],
        properties: { id: { type: "string" } },
      },
    },
  },
};
const SARIF = {
  type: "object",
  additionalProperties: false,
  required: ["version", "runs"],
  properties: {
    $schema: { type: "string", pattern: "sarif-schema-2\\.1\\.0\\.json$" },
    version: { const: "2.1.0" },
    runs: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["tool"],
        properties: {
          tool: { type: "object", additionalProperties: false, required: ["driver"], properties: { driver } },
          columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
          results: { type: "array", items: result },
        },
      },
    },
  },
};

test("what every rule finds makes a SARIF 2.1.0 log, and so does nothing at all", () => {
  const isSarif = new Ajv({ strict: false }).compile(SARIF);
  const options = { textOf: () => undefined, pathPrefix: "releases/", colour: false, toolVersion: "1.2.3" };
  const { acknowledged } = checkWhole(acknowledgeExpired.passing);
  assert.equal(acknowledged.length, 1);
  for (const diagnostics of [[], acknowledged, ...RULES.map(({ failing }) => checkExample(failing))]) {
    const log: unknown = JSON.parse(printSarif(diagnostics, options));
    assert.ok(isSarif(log), JSON.stringify(isSarif.errors));
  }
});
