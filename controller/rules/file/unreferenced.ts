import type { ReadingRule } from "../rule.ts";

export const fileUnreferenced: ReadingRule = {
  id: "file/unreferenced",
  severity: "warning",
  summary: "nothing reads a file",
  explanation:
    "A YAML file where no state is read has no effect, however right it looks: often it is in the wrong folder.",
  failing: { files: { "tenants/eu/globex.yaml": "channel: stable\n" } },
  passing: { files: { "tenants/globex.yaml": "channel: stable\n" } },
  foundBy: "reading",
};
