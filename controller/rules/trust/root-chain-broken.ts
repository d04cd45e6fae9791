import { exampleTrust } from "../example-trust.ts";
import type { RuleExample, StateRule } from "../rule.ts";
import { trustFindings } from "../trust-findings.ts";

export const trustRootChainBroken: StateRule = {
  id: "trust/root-chain-broken",
  severity: "error",
  summary: "the chain of root files is broken",
  explanation:
    "Agents follow the chain of roots from the first one they know: each next root is signed by the one before it and by itself. With a gap, a wrong number or a missing signature no agent can follow, and none accepts anything that comes after. The files are never edited: restore them from git.",
  get failing(): RuleExample {
    return { files: { ...exampleTrust(), "trust/root/1.root.json": null, "trust/root/2.root.json": "{}\n" } };
  },
  get passing(): RuleExample {
    return { files: exampleTrust() };
  },
  check(context) {
    return trustFindings(context, ["broken-chain", "missing", "unreadable", "not-signed"], ({ file }) =>
      file.startsWith("trust/root/"),
    );
  },
};
