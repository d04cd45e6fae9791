import type { ReadingRule } from "../rule.ts";

export const yamlMultipleDocuments: ReadingRule = {
  id: "yaml/multiple-documents",
  severity: "error",
  summary: "a file holds more than one document",
  explanation: "One file is one document: a second one after `---` would be ignored by some programs.",
  failing: {
    files: {
      "tenants/acme.yaml": `channel: stable
---
channel: stable
`,
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": `---
channel: stable
`,
    },
  },
  foundBy: "reading",
};
