import type { ReadingRule } from "../rule.ts";

export const fileMisplaced: ReadingRule = {
  id: "file/misplaced",
  severity: "error",
  summary: "a file that looks like state is where nothing reads it",
  explanation:
    "A folder called `tenant`, an ending in `.yml` or `.YAML`: such a file has no effect, however right it looks, and the pause or pin in it holds nobody.",
  failing: { files: { "tenants/globex.yml": "channel: stable\n" } },
  passing: { files: { "tenants/globex.yaml": "channel: stable\n" } },
  foundBy: "reading",
};
