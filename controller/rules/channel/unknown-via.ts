import { hasVersion, unknownVersion } from "../../state/product-versions.ts";
import type { ProductRule } from "../rule.ts";

export const channelUnknownVia: ProductRule = {
  id: "channel/unknown-via",
  severity: "error",
  summary: "a stepping stone is a version that no file defines",
  explanation:
    "`via` lists versions through which the channel leads machines to one that accepts only newer ones. A version that does not exist leads nowhere, and the machines that were meant would stay.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 1.1.0\nvia: [1.0.5]\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 1.1.0\nvia: [1.0.0]\n",
    },
  },
  *checkProduct(product, beside) {
    for (const [name, document] of product.channels) {
      for (const [index, version] of (document.value.via ?? []).entries()) {
        if (hasVersion(beside.files, product, version)) continue;
        yield {
          message: `channel \`${name}\` leads through \`${version}\`, which no file defines`,
          at: { document, path: ["via", index] },
          ...unknownVersion(product, version),
        };
      }
    }
  },
};
