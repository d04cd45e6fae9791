import type { ReadingRule } from "../rule.ts";

export const schemaOutOfRange: ReadingRule = {
  id: "schema/out-of-range",
  severity: "error",
  summary: "a number, text or list is too small or too large",
  explanation: "The value is outside the bounds that the schema names.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml": `version: 1.1.0
rollout: {waves: []}
`,
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml": `version: 1.1.0
rollout: {waves: [{percent: 100, after: 0s}]}
`,
    },
  },
  foundBy: "reading",
};
