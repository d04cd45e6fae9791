import type { ReadingRule } from "../rule.ts";

export const yamlMergeKey: ReadingRule = {
  id: "yaml/merge-key",
  severity: "error",
  summary: "a file uses a merge key",
  explanation: "`<<` is not part of YAML 1.2, and parsers differ in what it does. Write the keys out.",
  failing: {
    files: {
      "tenants/acme.yaml": `sites:
  berlin: {<<: {channel: stable}}
`,
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": `sites:
  berlin: {channel: stable}
`,
    },
  },
  foundBy: "reading",
};
