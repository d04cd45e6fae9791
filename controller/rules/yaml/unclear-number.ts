import type { ReadingRule } from "../rule.ts";

export const yamlUnclearNumber: ReadingRule = {
  id: "yaml/unclear-number",
  severity: "error",
  summary: "a number is not written in plain decimal digits",
  explanation:
    "`010` is 10 to one reader and 8 to another, `0x10` is 16, `1e1` is 10, and digits beyond 2^53 are rounded. State says numbers as people write them, such as `10` or `0.5`.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 010, after: 0s}, {percent: 100, after: 1d}]\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n",
    },
  },
  foundBy: "reading",
};
