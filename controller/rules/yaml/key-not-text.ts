import type { ReadingRule } from "../rule.ts";

export const yamlKeyNotText: ReadingRule = {
  id: "yaml/key-not-text",
  severity: "error",
  summary: "a key without quotes is a number, a yes or no, or nothing",
  explanation:
    "YAML reads `0012345` as the number 12345 and `1e5` as 100000, so the key would name another device than the one that stands there. Keys are text: one that looks like something else needs quotes.",
  failing: { files: { "tenants/acme.yaml": "channel: stable\ndevices:\n  0012345: {channel: stable}\n" } },
  passing: { files: { "tenants/acme.yaml": 'channel: stable\ndevices:\n  "0012345": {channel: stable}\n' } },
  foundBy: "reading",
};
