import type { ExpectingRule } from "../rule.ts";

export const expectationLooksAtNobody: ExpectingRule = {
  id: "expectation/looks-at-nobody",
  severity: "error",
  summary: "an expectation is about no machine",
  explanation:
    "Neither the inventory has a machine that fits what its `for` says, nor could there be one by what state says. An expectation that looks at nobody always passes, and reads as if it held something. A label that nobody is known to have counts as one that somebody may have, unless it is nearly one that groups select by or the inventory has.",
  failing: {
    files: {
      "expectations/arm.yaml":
        "expect:\n  - that: arm stays where it is\n    for: {platform: linux-arm64}\n    decides: {action: stay}\n",
    },
  },
  passing: {
    files: {
      "expectations/arm.yaml":
        "expect:\n  - that: everybody runs what they should\n    for: {platform: linux-x64}\n    decides: {action: stay}\n",
    },
  },
  foundBy: "expecting",
};
