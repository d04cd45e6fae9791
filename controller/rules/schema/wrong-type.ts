import type { ReadingRule } from "../rule.ts";

export const schemaWrongType: ReadingRule = {
  id: "schema/wrong-type",
  severity: "error",
  summary: "a value is of the wrong kind",
  explanation:
    "The value is text where a list is expected, a number where text is expected, and so on. Nothing is converted silently.",
  failing: { files: { "tenants/acme.yaml": "sites: [berlin, paris]\n" } },
  passing: { files: { "tenants/acme.yaml": "sites: {berlin: {}, paris: {}}\n" } },
  foundBy: "reading",
};
