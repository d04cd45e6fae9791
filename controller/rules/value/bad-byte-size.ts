import { versionFile } from "../example-state.ts";
import type { ReadingRule } from "../rule.ts";

export const valueBadByteSize: ReadingRule = {
  id: "value/bad-byte-size",
  severity: "error",
  summary: "a value is not a number of bytes",
  explanation:
    "Memory and disk space are whole numbers of bytes, or whole numbers with a unit: `500MiB`, `2GiB`. Units are powers of 1024, and a decimal one such as `GB` is refused, since people mean either by it.",
  failing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "requires: {memory: 2GB}\n"),
    },
  },
  passing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "requires: {memory: 2GiB}\n"),
    },
  },
  foundBy: "reading",
};
