import type { ReadingRule } from "../rule.ts";

export const valueBadDate: ReadingRule = {
  id: "value/bad-date",
  severity: "error",
  summary: "a value is not a date",
  explanation:
    "A date is `2027-01-31` (it begins at midnight, UTC) or a date and time with a zone. A day that the calendar does not have is refused.",
  failing: {
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example, expires: 2027-02-31}}}\n",
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example, expires: 2027-02-28}}}\n",
    },
  },
  foundBy: "reading",
};
