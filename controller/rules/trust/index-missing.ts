import { KeptByIdentity } from "../../../protocol/kept-by-identity.ts";
import { releaseRoleName } from "../../../protocol/manifest-names.ts";
import type { TargetsRole } from "../../../protocol/tuf/roles.ts";
import { exampleTrust } from "../example-trust.ts";
import { indexDifferences } from "../index-differences.ts";
import type { Finding, RuleContext, RuleExample, StateRule } from "../rule.ts";
import { trustFindings } from "../trust-findings.ts";
import { trustVerdict } from "../trust-verdict.ts";

export const trustIndexMissing: StateRule = {
  id: "trust/index-missing",
  severity: "error",
  summary: "a version is not in the signed index",
  explanation:
    "Agents install only what the release key signed. A version whose file is in `versions/` and that is not in `trust/releases/<product>.json` can be promoted, and no agent will take it.",
  get failing(): RuleExample {
    return { files: exampleTrust({ versions: ["1.0.0"] }) };
  },
  get passing(): RuleExample {
    return { files: exampleTrust() };
  },
  *check(context) {
    yield* trustFindings(context, ["missing"], ({ file }) => !file.startsWith("trust/root/"));
    yield* undelegatedProducts(context);
    for (const { document, difference, product } of indexDifferences(context)) {
      if (difference.kind !== "unsigned" || document === undefined) continue;
      yield {
        message: `the release key has not signed \`${difference.version}\` of \`${product}\``,
        at: { document, path: ["version"] },
        label: `not in trust/releases/${product}.json`,
        notes: [`missing: ${difference.target}`],
        help: `sign it with \`fairlead release sign ${product}\``,
      };
    }
  },
};

const delegatedBy = new KeptByIdentity<TargetsRole, ReadonlySet<string>>();

/** Products whose versions nobody may sign. A delegation whose file is missing is reported by `verifyTrust`. */
function* undelegatedProducts(context: RuleContext): Generator<Finding> {
  const targets = trustVerdict(context)?.roles.targets;
  if (targets === undefined) return;
  const delegated = delegatedBy.of(
    targets,
    () => new Set(targets.delegations?.roles.map(({ name }) => name)),
  );
  for (const [product, { versions }] of context.state.products) {
    if (versions.size === 0 || delegated.has(releaseRoleName(product))) continue;
    yield {
      message: `product \`${product}\` has versions, and no key may sign them`,
      at: { file: "trust/targets.json" },
      help: `run \`fairlead keys add-product ${product}\``,
    };
  }
}
