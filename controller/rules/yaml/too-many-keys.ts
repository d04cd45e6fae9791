import type { ReadingRule } from "../rule.ts";

export const yamlTooManyKeys: ReadingRule = {
  id: "yaml/too-many-keys",
  severity: "error",
  summary: "a file has too many keys",
  explanation: "The number of keys of one file is bounded at 10,000, so that reading it takes bounded time.",
  failing: {
    files: {
      "tenants/acme.yaml": `sites:\n${Array.from({ length: 10_001 }, (_, index) => `  s${index}: {}\n`).join("")}`,
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": `sites:
  s1: {}
`,
    },
  },
  foundBy: "reading",
};
