import type { ReadingRule } from "../rule.ts";

export const yamlCustomTag: ReadingRule = {
  id: "yaml/custom-tag",
  severity: "error",
  summary: "a file uses a tag",
  explanation:
    "A tag such as `!!str` or `!secret` asks the parser for a type that depends on the program. State needs none: quotes make text.",
  failing: { files: { "tenants/acme.yaml": "channel: !!str stable\n" } },
  passing: { files: { "tenants/acme.yaml": 'channel: "stable"\n' } },
  foundBy: "reading",
};
