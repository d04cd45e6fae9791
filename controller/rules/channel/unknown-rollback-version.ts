import { hasVersion, unknownVersion } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { ProductRule } from "../rule.ts";

export const channelUnknownRollbackVersion: ProductRule = {
  id: "channel/unknown-rollback-version",
  severity: "error",
  summary: "a rollback leaves a version that no file defines",
  explanation:
    "A rollback names exactly the versions that devices may leave downwards. A version that does not exist is a typing mistake, and the devices that were meant would stay.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.0.0\nrollback: {from: [1.1.1], reason: loses reports}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.0.0\nrollback: {from: [1.1.0], reason: loses reports}\n",
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", 'rollbackTo: ">=1.0.0"\n'),
    },
  },
  *checkProduct(product, beside) {
    for (const [name, document] of product.channels) {
      for (const [index, version] of (document.value.rollback?.from ?? []).entries()) {
        if (hasVersion(beside.files, product, version)) continue;
        yield {
          message: `channel \`${name}\` rolls back from \`${version}\`, which no file defines`,
          at: { document, path: ["rollback", "from", index] },
          ...unknownVersion(product, version),
        };
      }
    }
  },
};
