import type { AcknowledgingRule } from "../rule.ts";

export const acknowledgeNoLongerApplies: AcknowledgingRule = {
  id: "acknowledge/no-longer-applies",
  severity: "warning",
  summary: "an acknowledgement has nothing to silence",
  explanation:
    "What it was written for is corrected, or `at` names another place. If it stayed, it would hide the next warning of that rule from whoever brings it about. Said only where the rule could have spoken: rules about a change need the state before it (`--base`), and rules about time the history of the repository.",
  failing: {
    files: {
      "tenants/acme.yaml":
        "channel: stable\nacknowledge:\n  - {rule: tenant/ownerless-pin, reason: moves in spring, owner: ops@acme.example, expires: 2027-01-31}\n",
    },
  },
  passing: { files: { "tenants/acme.yaml": "channel: stable\n" } },
  foundBy: "acknowledging",
};
