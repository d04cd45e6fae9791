import type { ReadingRule } from "../rule.ts";

export const schemaWrongChoice: ReadingRule = {
  id: "schema/wrong-choice",
  severity: "error",
  summary: "a value is not one of those that are allowed",
  explanation:
    "The key takes one of a few words. An unknown word is refused rather than read as the default.",
  failing: { files: { "tenants/acme.yaml": "localOverrides: denied\n" } },
  passing: { files: { "tenants/acme.yaml": "localOverrides: deny\n" } },
  foundBy: "reading",
};
