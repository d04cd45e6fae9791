import type { ReadingRule } from "../rule.ts";

export const yamlComplexKey: ReadingRule = {
  id: "yaml/complex-key",
  severity: "error",
  summary: "a key is not plain text",
  explanation: "A list or a mapping as a key cannot be named in a path, in a schema or in JSON.",
  failing: {
    files: {
      "tenants/acme.yaml": `? [channel]
: stable
`,
    },
  },
  passing: { files: { "tenants/acme.yaml": "channel: stable\n" } },
  foundBy: "reading",
};
