import type { ExpectingRule } from "../rule.ts";

const HISTORY = {
  "agent/stable": [
    { version: "1.1.0", daysAgo: 9 },
    { version: "1.0.0", daysAgo: 90 },
  ],
};

export const expectationTooManyAtOnce: ExpectingRule = {
  id: "expectation/too-many-at-once",
  severity: "error",
  summary: "more machines change their version at once than an expectation allows",
  explanation:
    "Counted is when machines may go, by waves, windows and freezes: with an inventory each of them, else each tenant, as a whole, by the waves of its channel. Of a part with few machines one may always go. Make the waves smaller or let them open further apart.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]}\n",
      "expectations/pace.yaml":
        "expect:\n  - that: a tenant is never surprised as a whole\n    for: {channel: stable}\n    atMost: {share: 10%, of: tenant, within: 1h}\n",
    },
    history: HISTORY,
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  strategy: linear\n  waves: [{percent: 1, after: 0s}, {percent: 100, after: 2d}]\n",
      "expectations/pace.yaml":
        "expect:\n  - that: a tenant is never surprised as a whole\n    for: {channel: stable}\n    atMost: {share: 10%, of: tenant, within: 1h}\n",
    },
    history: HISTORY,
  },
  foundBy: "expecting",
};
