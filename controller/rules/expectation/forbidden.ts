import type { ExpectingRule } from "../rule.ts";

export const expectationForbidden: ExpectingRule = {
  id: "expectation/forbidden",
  severity: "error",
  summary: "something is decided that must never be",
  explanation:
    "For a machine of its scope something is decided that `never` forbids, now or at a time to come. Below it stands the trail of the decision, as `fairlead explain` prints it, with the line of state that decided. A label counts for every tenant: a machine with it may be in any group, at any site.",
  failing: {
    files: {
      "products/agent/channels/beta.yaml": "version: 1.1.0\n",
      "tenants/acme.yaml": "sites:\n  berlin: {channel: beta}\n",
      "expectations/clinics.yaml":
        "expect:\n  - that: no clinic gets what is in test\n    for: {labels: {kind: clinic}}\n    never: {channel: beta}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/beta.yaml": "version: 1.1.0\n",
      "tenants/acme.yaml":
        "groups:\n  clinics: {channel: stable, match: {kind: clinic}}\nsites:\n  berlin: {channel: beta}\n",
      "expectations/clinics.yaml":
        "expect:\n  - that: no clinic gets what is in test\n    for: {labels: {kind: clinic}}\n    never: {channel: beta}\n",
    },
  },
  foundBy: "expecting",
};
