import type { ReadingRule } from "../rule.ts";

export const fileCarriageReturn: ReadingRule = {
  id: "file/carriage-return",
  severity: "error",
  summary: "a line ends with a carriage return",
  explanation:
    "Files are compared and cached by their bytes. Line ends that depend on the system they were edited on make equal state look different.",
  failing: { files: { "tenants/acme.yaml": { base64: "Y2hhbm5lbDogc3RhYmxlDQo=" } } },
  passing: { files: { "tenants/acme.yaml": "channel: stable\n" } },
  foundBy: "reading",
};
