import type { ReadingRule } from "../rule.ts";

export const schemaNewerVersion: ReadingRule = {
  id: "schema/newer-version",
  severity: "error",
  summary: "the state is written for a newer program",
  explanation:
    "`schemaVersion` is higher than this program reads. It may hold rules that this program would not obey, so the whole commit is refused.",
  failing: {
    files: {
      "fleet.yaml": `schemaVersion: 2
defaultChannel: stable
`,
    },
  },
  passing: {
    files: {
      "fleet.yaml": `schemaVersion: 1
defaultChannel: stable
`,
    },
  },
  foundBy: "reading",
};
