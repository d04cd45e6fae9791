import { exampleTrust } from "../example-trust.ts";
import type { RuleExample, StateRule } from "../rule.ts";
import { trustFindings } from "../trust-findings.ts";

export const trustExpired: StateRule = {
  id: "trust/expired",
  severity: "error",
  summary: "a signed file has expired",
  explanation:
    "Agents accept nothing that has expired, so that nobody can hold them at an old state. Sign the file again with its offline keys: `fairlead keys renew` for root and `targets.json`, `fairlead release sign` for the releases of a product.",
  get failing(): RuleExample {
    return { files: exampleTrust({ signedAt: 1_600_000_000 }) };
  },
  get passing(): RuleExample {
    return { files: exampleTrust() };
  },
  check(context) {
    return trustFindings(context, ["expired"]);
  },
};
