import type { ReadingRule } from "../rule.ts";

export const yamlAlias: ReadingRule = {
  id: "yaml/alias",
  severity: "error",
  summary: "a file uses an anchor or an alias",
  explanation:
    "What a scope says must be readable where it stands, in review and in a diff. Aliases also allow a small file to expand to gigabytes, so none is ever expanded.",
  failing: {
    files: {
      "tenants/acme.yaml": `sites:
  berlin: &site {channel: stable}
  paris: *site
`,
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": `sites:
  berlin: {channel: stable}
  paris: {channel: stable}
`,
    },
  },
  foundBy: "reading",
};
