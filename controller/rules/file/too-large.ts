import type { ReadingRule } from "../rule.ts";

export const fileTooLarge: ReadingRule = {
  id: "file/too-large",
  severity: "error",
  summary: "a file is larger than is read",
  explanation:
    "State files are read in full and kept in memory, so their size is bounded: 256 KiB of YAML. A larger file is usually data that belongs elsewhere.",
  failing: {
    files: {},
    irregular: [{ path: "tenants/acme.yaml", kind: "too-large", size: 300_000, limit: 262_144 }],
  },
  passing: { files: {} },
  foundBy: "reading",
};
