import { versionFile } from "../example-state.ts";
import type { ReadingRule } from "../rule.ts";

export const schemaUnquotedVersion: ReadingRule = {
  id: "schema/unquoted-version",
  severity: "error",
  summary: "a version without quotes reads as a number",
  explanation:
    "YAML reads `1.10` as the number 1.1, so version 1.10 would become version 1.1. A version that looks like a number needs quotes.",
  failing: {
    files: {
      "products/agent/product.yaml": `description: The agent.
versionScheme: dotted
minVersion: 1.10
`,
      "products/agent/channels/stable.yaml": 'version: "1.10"\n',
      "products/agent/versions/1.1.0.yaml": null,
      "products/agent/versions/1.0.0.yaml": null,
      "products/agent/versions/1.10.yaml": versionFile('"1.10"'),
    },
  },
  passing: {
    files: {
      "products/agent/product.yaml": `description: The agent.
versionScheme: dotted
minVersion: "1.10"
`,
      "products/agent/channels/stable.yaml": 'version: "1.10"\n',
      "products/agent/versions/1.1.0.yaml": null,
      "products/agent/versions/1.0.0.yaml": null,
      "products/agent/versions/1.10.yaml": versionFile('"1.10"'),
    },
  },
  foundBy: "reading",
};
