import type { ReadingRule } from "../rule.ts";

export const valueBadDuration: ReadingRule = {
  id: "value/bad-duration",
  severity: "error",
  summary: "a value is not a length of time",
  explanation:
    "A length of time is whole numbers with units: `90s`, `15m`, `4h`, `2d`, `1w`, or a sum such as `1h30m`, of at most ten years. A bare number is refused, since nobody knows its unit.",
  failing: {
    files: {
      "fleet.yaml": `schemaVersion: 1
defaultChannel: stable
checkInterval: 15
`,
    },
  },
  passing: {
    files: {
      "fleet.yaml": `schemaVersion: 1
defaultChannel: stable
checkInterval: 15m
`,
    },
  },
  foundBy: "reading",
};
