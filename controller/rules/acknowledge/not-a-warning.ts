import type { AcknowledgingRule } from "../rule.ts";

export const acknowledgeNotAWarning: AcknowledgingRule = {
  id: "acknowledge/not-a-warning",
  severity: "error",
  summary: "an acknowledgement names a rule whose findings cannot be acknowledged",
  explanation:
    "A state with an error is never served, so an error cannot be lived with: it is corrected. What is said about acknowledgements cannot be acknowledged either, or none of them would ever end.",
  failing: {
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0}}}\nacknowledge:\n  - {rule: tenant/unknown-channel, reason: moves in spring, owner: ops@acme.example, expires: 2027-01-31}\n",
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
