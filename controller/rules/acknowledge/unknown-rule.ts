import type { AcknowledgingRule } from "../rule.ts";

export const acknowledgeUnknownRule: AcknowledgingRule = {
  id: "acknowledge/unknown-rule",
  severity: "error",
  summary: "an acknowledgement names a rule that does not exist",
  explanation:
    "A rule id with a typing error silences nothing, and whoever wrote it believes that it does. `fairlead rules` lists every id.",
  failing: {
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0}}}\nacknowledge:\n  - {rule: tenant/ownerles-pin, reason: moves in spring, owner: ops@acme.example, expires: 2027-01-31}\n",
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
