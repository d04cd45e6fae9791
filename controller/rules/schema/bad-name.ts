import type { ReadingRule } from "../rule.ts";

export const schemaBadName: ReadingRule = {
  id: "schema/bad-name",
  severity: "error",
  summary: "a name inside a file has the wrong form",
  explanation:
    "Names of channels, products, sites and groups are lower-case letters, digits and dashes and start with a letter, since they become parts of signed paths. Ids of devices may hold more.",
  failing: { files: { "tenants/acme.yaml": "sites: {Berlin: {}}\n" } },
  passing: { files: { "tenants/acme.yaml": "sites: {berlin: {}}\n" } },
  foundBy: "reading",
};
