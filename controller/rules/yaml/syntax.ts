import type { ReadingRule } from "../rule.ts";

export const yamlSyntax: ReadingRule = {
  id: "yaml/syntax",
  severity: "error",
  summary: "a file is not YAML",
  explanation:
    "The file cannot be read from the marked place on. Common causes are a `: ` inside a text without quotes, a bracket or a quote that is not closed, and indentation that fits no level above.",
  failing: { files: { "products/agent/product.yaml": "description: The agent: collects reports\n" } },
  passing: { files: { "products/agent/product.yaml": 'description: "The agent: collects reports"\n' } },
  foundBy: "reading",
};
