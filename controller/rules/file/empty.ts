import type { ReadingRule } from "../rule.ts";

export const fileEmpty: ReadingRule = {
  id: "file/empty",
  severity: "error",
  summary: "a state file is empty",
  explanation:
    "An empty file says nothing, and it is more often a failed write than a wish. A tenant that has nothing to say of its own is written as `{}`.",
  failing: { files: { "tenants/acme.yaml": "# nothing yet\n" } },
  passing: { files: { "tenants/acme.yaml": "{}\n" } },
  foundBy: "reading",
};
