import type { ReadingRule } from "../rule.ts";

export const fileByteOrderMark: ReadingRule = {
  id: "file/byte-order-mark",
  severity: "error",
  summary: "a file holds a byte order mark",
  explanation:
    "A byte order mark is invisible in most editors and becomes part of the first key in some parsers.",
  failing: { files: { "tenants/acme.yaml": { base64: "77u/Y2hhbm5lbDogc3RhYmxlCg==" } } },
  passing: { files: { "tenants/acme.yaml": "channel: stable\n" } },
  foundBy: "reading",
};
