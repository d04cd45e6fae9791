import type { ReadingRule } from "../rule.ts";

export const yamlTooDeep: ReadingRule = {
  id: "yaml/too-deep",
  severity: "error",
  summary: "a file is nested too deeply",
  explanation:
    "No state file needs more than eight levels; 32 are read. More is a mistake or an attack on the parser.",
  failing: { files: { "tenants/acme.yaml": `sites: ${"[".repeat(40)}${"]".repeat(40)}\n` } },
  passing: { files: { "tenants/acme.yaml": "sites: {berlin: {products: {agent: {channel: stable}}}}\n" } },
  foundBy: "reading",
};
