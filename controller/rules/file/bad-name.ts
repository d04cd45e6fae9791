import type { ReadingRule } from "../rule.ts";

export const fileBadName: ReadingRule = {
  id: "file/bad-name",
  severity: "error",
  summary: "a name that state may not have",
  explanation:
    "Names become parts of signed target paths and of addresses, so they are plain: lower-case letters, digits and dashes, at most 63 characters. Paths with `..`, control characters or names that some system reserves are not read at all.",
  failing: { files: { "tenants/Acme.yaml": "channel: stable\n" } },
  passing: { files: { "tenants/acme-west.yaml": "channel: stable\n" } },
  foundBy: "reading",
};
