import type { ReadingRule } from "../rule.ts";

export const fileConflictMarker: ReadingRule = {
  id: "file/conflict-marker",
  severity: "error",
  summary: "a file holds what git could not merge",
  explanation:
    "Both sides of a conflict stand in the file, between markers. Which of them is meant, nobody can tell but the person who merges.",
  failing: {
    files: {
      "tenants/acme.yaml": "<<<<<<< HEAD\nchannel: stable\n=======\nchannel: beta\n>>>>>>> promote\n",
    },
  },
  passing: { files: { "tenants/acme.yaml": "channel: stable\n" } },
  foundBy: "reading",
};
