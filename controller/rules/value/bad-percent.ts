import type { ReadingRule } from "../rule.ts";

export const valueBadPercent: ReadingRule = {
  id: "value/bad-percent",
  severity: "error",
  summary: "a value is not a percentage",
  explanation:
    "Percentages are numbers from 0 to 100, with or without a sign, with at most four decimals. What cannot be read exactly is refused: a threshold that is not understood never halts anything.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml": `version: 1.1.0
rollout: {waves: [{percent: 1%, after: 0s}, {percent: 1000, after: 1d}]}
`,
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml": `version: 1.1.0
rollout: {waves: [{percent: 1%, after: 0s}, {percent: 100, after: 1d}]}
`,
    },
  },
  foundBy: "reading",
};
