import { listNames, yankedPlatforms } from "../../state/product-versions.ts";
import { exampleTrust } from "../example-trust.ts";
import { indexDifferences } from "../index-differences.ts";
import type { RuleExample, StateRule } from "../rule.ts";

export const trustIndexOutdated: StateRule = {
  id: "trust/index-outdated",
  severity: "warning",
  summary: "a yank or new notes are not signed yet",
  explanation:
    "A yank acts at once through policy, which the controller signs. Until the release key signs it too, it holds only as long as nobody steals the online key; and a version that was made active again stays yanked. Notes that changed reach nobody.",
  get failing(): RuleExample {
    return { files: exampleTrust({ yanked: ["1.0.0"] }) };
  },
  get passing(): RuleExample {
    return { files: exampleTrust() };
  },
  *check(context) {
    for (const { document, difference, product } of indexDifferences(context)) {
      if (difference.severity !== "warning" || document === undefined) continue;
      const { kind, version, field = "version" } = difference;
      const platforms = yankedPlatforms(document);
      const where = platforms.length === 0 ? "" : ` for ${listNames(platforms)}`;
      const isOfArtifact = kind === "yank-unsigned" && document.value.active === undefined;
      yield {
        message:
          kind === "unyank-unsigned"
            ? `the signed index still yanks \`${version}\`: it stays yanked`
            : kind === "yank-unsigned"
              ? `the yank of \`${version}\`${where} is not in the signed index yet`
              : `the signed index has other release notes of \`${version}\``,
        at: isOfArtifact ? { document, path: ["artifacts"], part: "key" } : { document, path: [field] },
        help: `sign it with \`fairlead release sign ${product}\``,
      };
    }
  },
};
