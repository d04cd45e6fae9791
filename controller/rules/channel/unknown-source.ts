import { nearestMatch } from "../../diagnostics/nearest-match.ts";
import { listNames } from "../../state/product-versions.ts";
import type { ProductRule } from "../rule.ts";

export const channelUnknownSource: ProductRule = {
  id: "channel/unknown-source",
  severity: "error",
  summary: "a channel follows one that the product does not have",
  explanation:
    "`promotion.from` names the channel of the same product whose version is to be proposed here. Without it no promotion is ever due.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 1.1.0\npromotion: {from: betta, soak: 48h}\n",
      "products/agent/channels/beta.yaml": "version: 1.1.0\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml": "version: 1.1.0\npromotion: {from: beta, soak: 48h}\n",
      "products/agent/channels/beta.yaml": "version: 1.1.0\n",
    },
  },
  *checkProduct(product, beside) {
    for (const [name, document] of product.channels) {
      const source = document.value.promotion?.from;
      if (source === undefined || product.channels.has(source)) continue;
      if (beside.files.has(`products/${product.name}/channels/${source}.yaml`)) continue;
      const near = nearestMatch(source, product.channels.keys());
      yield {
        message: `channel \`${name}\` follows \`${source}\`, which product \`${product.name}\` does not have`,
        at: { document, path: ["promotion", "from"] },
        notes: [`channels of \`${product.name}\`: ${listNames(product.channels.keys())}`],
        help: near === undefined ? "name a channel of the product" : `did you mean \`${near}\`?`,
      };
    }
  },
};
