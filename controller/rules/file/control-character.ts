import type { ReadingRule } from "../rule.ts";

export const fileControlCharacter: ReadingRule = {
  id: "file/control-character",
  severity: "error",
  summary: "a file holds a control character",
  explanation:
    "Control characters, NUL among them, are invisible in review and can change what a terminal shows.",
  failing: { files: { "tenants/acme.yaml": { base64: "Y2hhbm5lbDogc3RhAGJsZQo=" } } },
  passing: { files: { "tenants/acme.yaml": "channel: stable\n" } },
  foundBy: "reading",
};
