import type { ReadingRule } from "../rule.ts";

export const fileMissing: ReadingRule = {
  id: "file/missing",
  severity: "error",
  summary: "a file that the state cannot do without is not there",
  explanation:
    "Every state has a `fleet.yaml` at its root, and every folder below `products/` has a `product.yaml`. Without them nothing says by which rules the other files are to be read.",
  failing: { files: { "products/agent/product.yaml": null } },
  passing: { files: { "products/agent/product.yaml": "description: The agent.\n" } },
  foundBy: "reading",
};
