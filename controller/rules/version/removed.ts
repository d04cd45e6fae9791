import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

export const versionRemoved: StateRule = {
  id: "version/removed",
  severity: "warning",
  summary: "the file of a published version is gone",
  needs: "before",
  explanation:
    "Devices that still run the version lose their way: no path starts at it and no rollback from it is allowed, since both are said by its file. Yank a version that should not be installed any more, and keep its file. Needs the state before the change (`--base`).",
  failing: {
    before: {},
    files: { "products/agent/versions/1.0.0.yaml": null },
  },
  passing: {
    before: {},
    files: {
      "products/agent/versions/1.0.0.yaml": versionFile(
        "1.0.0",
        "active: false\nyankReason: loses reports\n",
      ),
    },
  },
  *check({ state, before }) {
    if (before === undefined) return;
    for (const [productName, product] of before.products) {
      // Of a product that is gone, `product/removed` speaks.
      if (state.products.get(productName) === product || !state.productNames.has(productName)) continue;
      for (const [name, document] of product.versions) {
        if (state.files.has(document.file)) continue;
        yield {
          message: `version \`${name}\` of \`${productName}\` was published, and its file is gone`,
          at: { file: document.file },
          help: `put it back; use \`fairlead yank ${name}\` to offer it to nobody`,
        };
      }
    }
  },
};
