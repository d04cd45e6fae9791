import { isBarrier, isYanked, listNames, yankedPlatforms } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const versionYankedBarrier: ProductRule = {
  id: "version/yanked-barrier",
  severity: "warning",
  summary: "a barrier is yanked, so that it holds nobody any more",
  explanation:
    "Once the release key has signed the yank, older machines pass the version by: those of every platform, or of the platforms that it is yanked for. What it was a barrier for does not happen on them. Until then they stay below it.",
  failing: {
    files: {
      "products/agent/versions/1.0.0.yaml": versionFile(
        "1.0.0",
        "active: false\nyankReason: loses reports\nbarrier: {reason: moves the database}\n",
      ),
    },
  },
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
      if (!isBarrier(document)) continue;
      const isWhole = isYanked(document);
      const platforms = yankedPlatforms(document);
      if (!isWhole && platforms.length === 0) continue;
      const where = isWhole ? "" : ` for ${listNames(platforms)}`;
      const reason = typeof document.value.barrier === "object" ? document.value.barrier.reason : undefined;
      yield {
        message: `\`${name}\` is a barrier and is yanked${where}: older machines${isWhole ? "" : " there"} pass it by`,
        at: { document, path: ["barrier"] },
        notes: reason === undefined ? [] : [`it is a barrier because: ${reason}`],
        help: "make a version that does the same the barrier, and take `barrier` out of this one",
      };
    }
  },
};
