import { exampleTrust } from "../example-trust.ts";
import type { RuleExample, StateRule } from "../rule.ts";
import { trustFindings } from "../trust-findings.ts";

export const trustBadDelegation: StateRule = {
  id: "trust/bad-delegation",
  severity: "error",
  summary: "the delegations give away what they should not",
  explanation:
    "`targets.json` does nothing but delegate: for each product its releases to one release key, and policy to the online key. A key of the controller that may also sign releases, or an index that lists what is not its own, would let a stolen controller run its own code on the fleet.",
  get failing(): RuleExample {
    return { files: { ...exampleTrust(), "trust/releases/other.json": "{}\n" } };
  },
  get passing(): RuleExample {
    return { files: exampleTrust() };
  },
  check(context) {
    return trustFindings(context, ["bad-delegation", "bad-key", "online-key-overreach", "bad-target"]);
  },
};
