import type { ExpectingRule } from "../rule.ts";

export const expectationNotMet: ExpectingRule = {
  id: "expectation/not-met",
  severity: "error",
  summary: "an expectation about what is decided is not met",
  explanation:
    "For a machine of its scope something else is decided than `decides` asks for, now or at a time to come: at the ends of pins, pauses and freezes, and where waves and windows open. Below it stands the trail of the decision, as `fairlead explain` prints it, with the line of state that decided. Change what decides, or the expectation, and say why in the commit.",
  failing: {
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example, expires: 2027-01-31}}}\n",
      "expectations/press-line.yaml":
        "expect:\n  - that: the press line stays on its certified build until 2030\n    for: {tenant: acme}\n    until: 2030-01-01\n    decides: {version: 1.0.0}\n",
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example, expires: 2030-01-31}}}\n",
      "expectations/press-line.yaml":
        "expect:\n  - that: the press line stays on its certified build until 2030\n    for: {tenant: acme}\n    until: 2030-01-01\n    decides: {version: 1.0.0}\n",
    },
  },
  foundBy: "expecting",
};
