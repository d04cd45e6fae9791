import type { VersionState } from "../../../schemas/state.generated.ts";
import type { StateDocument } from "../../state/fleet-model.ts";
import { isYanked, listNames, yankedPlatforms } from "../../state/product-versions.ts";
import { changedProducts } from "../changed-products.ts";
import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

export const versionReactivatedWithoutReason: StateRule = {
  id: "version/reactivated-without-reason",
  severity: "error",
  summary: "a yanked version is active again, and nobody says why",
  explanation:
    "A yank that disappears is usually an accident: a merge of two branches, or a file that was written anew. Whoever makes a version active again on purpose writes why into `yankReason`. Needs the state before the change (`--base`).",
  failing: {
    before: {
      "products/agent/versions/1.1.0.yaml": versionFile(
        "1.1.0",
        "active: false\nyankReason: loses reports\n",
      ),
    },
    files: {},
  },
  passing: {
    before: {
      "products/agent/versions/1.1.0.yaml": versionFile(
        "1.1.0",
        "active: false\nyankReason: loses reports\n",
      ),
    },
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile(
        "1.1.0",
        "yankReason: the reports were lost by a proxy\n",
      ),
    },
  },
  *check(context) {
    for (const [product, earlierProduct] of changedProducts(context)) {
      for (const [name, document] of product.versions) {
        const earlier = earlierProduct?.versions.get(name);
        if (earlier === undefined) continue;
        const platforms = reactivated(earlier, document);
        if (platforms.length === 0) continue;
        const { yankReason } = document.value;
        if (yankReason !== undefined && yankReason !== earlier.value.yankReason) continue;
        const reason = earlier.value.yankReason;
        const isWhole = isYanked(earlier) && yankedPlatforms(document).length === 0;
        const where = isWhole
          ? "was yanked and is active again"
          : `is active again for ${listNames(platforms)}`;
        yield {
          message: `\`${name}\` ${where} without a reason`,
          at: { document, path: yankReason === undefined ? ["version"] : ["yankReason"] },
          ...(yankReason === undefined ? {} : { label: "the reason of the yank, unchanged" }),
          notes: reason === undefined ? [] : [`yanked because: ${reason}`],
          help: `yank it again, or say why it is good with \`fairlead unyank ${name} --reason ...\``,
        };
      }
    }
  },
};

/** The platforms for which a version was yanked and is no more. */
function reactivated(
  earlier: StateDocument<VersionState>,
  now: StateDocument<VersionState>,
): readonly string[] {
  if (isYanked(now)) return [];
  const was = isYanked(earlier)
    ? earlier.value.artifacts.map(({ platform }) => platform)
    : yankedPlatforms(earlier);
  const still = yankedPlatforms(now);
  return [...new Set(was)].filter((platform) => !still.includes(platform));
}
