import { orderOf } from "../../state/product-versions.ts";
import { minimumsOf } from "../minimum-versions.ts";
import type { ProductRule } from "../rule.ts";

export const channelBelowMinimum: ProductRule = {
  id: "channel/below-minimum",
  severity: "error",
  summary: "a minimum version is above what a channel offers",
  explanation:
    "Devices below the minimum must update at once, past waves and windows. When the channel offers nothing that high, they can never satisfy it.",
  failing: { files: { "products/agent/channels/stable.yaml": "version: 1.1.0\nminVersion: 1.2.0\n" } },
  passing: { files: { "products/agent/channels/stable.yaml": "version: 1.1.0\nminVersion: 1.1.0\n" } },
  *checkProduct(product, beside) {
    for (const [name, document] of product.channels) {
      const { version } = document.value;
      for (const minimum of minimumsOf(beside, product, name)) {
        if ((orderOf(product, version, minimum.version) ?? 0) >= 0) continue;
        yield {
          message: `the minimum \`${minimum.version}\` is above what channel \`${name}\` offers, \`${version}\``,
          at: { document: minimum.document, path: ["minVersion"] },
          related: [{ at: { document, path: ["version"] }, label: `what \`${name}\` offers` }],
          help: `promote \`${minimum.version}\` or newer to \`${name}\` first, or lower the minimum`,
        };
      }
    }
  },
};
