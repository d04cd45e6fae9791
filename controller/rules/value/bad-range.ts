import { isRange } from "../../../protocol/version.ts";
import { schemeOf } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const valueBadRange: ProductRule = {
  id: "value/bad-range",
  severity: "error",
  summary: "a value is not a range of versions",
  explanation:
    "`upgradeFrom` and `rollbackTo` are ranges: comparators such as `>=1.2.0 <2.0.0`, alternatives joined by `||`, in the product's version scheme. A range that cannot be read would match nothing, or everything.",
  failing: {
    files: { "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'upgradeFrom: "from 1.0.0 on"\n') },
  },
  passing: {
    files: { "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'upgradeFrom: ">=1.0.0"\n') },
  },
  *checkProduct(product) {
    const scheme = schemeOf(product);
    const sound = new Set<string>();
    for (const document of product.versions.values()) {
      for (const key of ["upgradeFrom", "rollbackTo"] as const) {
        const range = document.value[key];
        if (range === undefined || sound.has(range)) continue;
        if (isRange(scheme, range)) {
          sound.add(range);
          continue;
        }
        yield {
          message: `\`${range}\` is not a range of ${scheme} versions`,
          at: { document, path: [key] },
          help: "write comparators such as `>=1.2.0 <2.0.0`, alternatives joined by `||`",
        };
      }
    }
  },
};
