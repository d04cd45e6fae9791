import type { AcknowledgingRule } from "../rule.ts";

export const acknowledgeExpired: AcknowledgingRule = {
  id: "acknowledge/expired",
  severity: "warning",
  summary: "an acknowledgement has expired",
  explanation:
    "Whoever acknowledged the warning said until when. From then on the warning counts again: correct what it is about, or ask again and write a new date.",
  failing: {
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0}}}\nacknowledge:\n  - {rule: tenant/ownerless-pin, reason: moves in spring, owner: ops@acme.example, expires: 2026-10-31}\n",
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0}}}\nacknowledge:\n  - {rule: tenant/ownerless-pin, reason: moves in spring, owner: ops@acme.example, expires: 2027-01-31}\n",
    },
  },
  foundBy: "acknowledging",
};
