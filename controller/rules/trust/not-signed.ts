import { exampleTrust } from "../example-trust.ts";
import type { RuleExample, StateRule } from "../rule.ts";
import { trustFindings } from "../trust-findings.ts";

export const trustNotSigned: StateRule = {
  id: "trust/not-signed",
  severity: "error",
  summary: "a signed file is not signed by the keys that may",
  explanation:
    "`targets.json` is signed by the offline keys that the root names, and each release index by the key that `targets.json` delegates to. Anything else is refused by every agent, so it is refused here first.",
  get failing(): RuleExample {
    return { files: exampleTrust({ isForged: true }) };
  },
  get passing(): RuleExample {
    return { files: exampleTrust() };
  },
  check(context) {
    return trustFindings(
      context,
      ["unreadable", "not-signed"],
      ({ file }) => !file.startsWith("trust/root/"),
    );
  },
};
