import type { ReadingRule } from "../rule.ts";

export const schemaMissingKey: ReadingRule = {
  id: "schema/missing-key",
  severity: "error",
  summary: "a key is missing",
  explanation:
    "The mapping says too little to be acted on. The message points at the mapping that needs the key.",
  failing: { files: { "fleet.yaml": "schemaVersion: 1\n" } },
  passing: {
    files: {
      "fleet.yaml": `schemaVersion: 1
defaultChannel: stable
`,
    },
  },
  foundBy: "reading",
};
