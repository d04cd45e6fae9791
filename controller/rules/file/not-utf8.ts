import type { ReadingRule } from "../rule.ts";

export const fileNotUtf8: ReadingRule = {
  id: "file/not-utf8",
  severity: "error",
  summary: "a file is not UTF-8",
  explanation:
    "Bytes that are not UTF-8 read differently in different programs, so none of them is guessed at.",
  failing: { files: { "tenants/acme.yaml": { base64: "Y2hhbm5lbDogc3RhYmxlICMgZvxyIEFjbWUK" } } },
  passing: { files: { "tenants/acme.yaml": "channel: stable # f\u00fcr Acme\n" } },
  foundBy: "reading",
};
