import type { ReadingRule } from "../rule.ts";

export const yamlDuplicateKey: ReadingRule = {
  id: "yaml/duplicate-key",
  severity: "error",
  summary: "a key is given twice in one mapping",
  explanation: "Which of the two would hold depends on the parser. Both places are shown.",
  failing: {
    files: {
      "tenants/acme.yaml": `channel: stable
paused: true
channel: stable
`,
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": `channel: stable
paused: true
`,
    },
  },
  foundBy: "reading",
};
