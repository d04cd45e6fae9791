import type { ReadingRule } from "../rule.ts";

export const fileTooMany: ReadingRule = {
  id: "file/too-many",
  severity: "error",
  summary: "the state has more files than are read",
  explanation:
    "The number of files of a state is bounded, so that a mistaken state root (the top of a large repository) cannot fill the memory of the controller.",
  failing: { files: {}, irregular: [{ path: "", kind: "too-many", size: 100_001, limit: 100_000 }] },
  passing: { files: {} },
  foundBy: "reading",
};
