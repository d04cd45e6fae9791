import type { ReadingRule } from "../rule.ts";

export const schemaUnknownKey: ReadingRule = {
  id: "schema/unknown-key",
  severity: "error",
  summary: "a key is not known where it stands",
  explanation:
    "A key with a typing mistake would have no effect, and nobody would notice: a pause that does not pause. So every unknown key is an error; the allowed ones are listed.",
  failing: { files: { "tenants/acme.yaml": "chanel: stable\n" } },
  passing: { files: { "tenants/acme.yaml": "channel: stable\n" } },
  foundBy: "reading",
};
