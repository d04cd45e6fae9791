import { EXAMPLE_NOW } from "../example-state.ts";
import { exampleTrust } from "../example-trust.ts";
import type { RuleExample, StateRule } from "../rule.ts";
import { trustFindings } from "../trust-findings.ts";

export const trustNearExpiry: StateRule = {
  id: "trust/near-expiry",
  severity: "warning",
  summary: "a signed file expires soon",
  explanation:
    "Offline keys take people and days to get out of the safe. The alarm comes early enough for that: sign the file again before it expires, or every agent stops updating. `fairlead keys status` says when each file expires, and with which command it is signed again.",
  get failing(): RuleExample {
    return { files: exampleTrust({ signedAt: EXAMPLE_NOW - 360 * 86_400 }) };
  },
  get passing(): RuleExample {
    return { files: exampleTrust() };
  },
  check(context) {
    return trustFindings(context, ["near-expiry"]);
  },
};
