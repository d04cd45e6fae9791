import { isYanked, listNames, yankedPlatforms } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const versionYankedWithoutReason: ProductRule = {
  id: "version/yanked-without-reason",
  severity: "warning",
  summary: "a version is yanked, and nobody says why",
  explanation:
    "Who looks at a yanked version later has to know whether it may ever come back, and what its devices suffer from.",
  failing: { files: { "products/agent/versions/1.0.0.yaml": versionFile("1.0.0", "active: false\n") } },
  passing: {
    files: {
      "products/agent/versions/1.0.0.yaml": versionFile(
        "1.0.0",
        "active: false\nyankReason: loses reports\n",
      ),
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.versions) {
      if (document.value.yankReason !== undefined) continue;
      const platforms = yankedPlatforms(document);
      if (!isYanked(document) && platforms.length === 0) continue;
      const where = platforms.length === 0 ? "" : ` for ${listNames(platforms)}`;
      yield {
        message: `\`${name}\` is yanked${where} without a reason`,
        at:
          document.value.active === false
            ? { document, path: ["active"] }
            : { document, path: ["artifacts"], part: "key" },
        help: "add `yankReason: ...`",
      };
    }
  },
};
