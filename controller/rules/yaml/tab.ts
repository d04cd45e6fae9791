import type { ReadingRule } from "../rule.ts";

export const yamlTab: ReadingRule = {
  id: "yaml/tab",
  severity: "error",
  summary: "a tab is used for indentation",
  explanation: "YAML allows no tabs in indentation, since their width differs from editor to editor.",
  failing: {
    files: {
      "tenants/acme.yaml": `sites:
	berlin: {channel: stable}
`,
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": `sites:
  berlin: {channel: stable}
`,
    },
  },
  foundBy: "reading",
};
