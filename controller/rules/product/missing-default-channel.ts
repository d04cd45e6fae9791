import { listNames } from "../../state/product-versions.ts";
import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

export const productMissingDefaultChannel: StateRule = {
  id: "product/missing-default-channel",
  severity: "warning",
  summary: "a product does not have the fleet's default channel",
  explanation:
    "Devices for which nothing nearer says a channel follow the fleet's default. Of this product they are offered nothing.",
  failing: {
    files: {
      "products/viewer/product.yaml": "description: The viewer.\n",
      "products/viewer/channels/beta.yaml": "version: 1.0.0\n",
      "products/viewer/versions/1.0.0.yaml": versionFile("1.0.0"),
    },
  },
  passing: {
    files: {
      "products/viewer/product.yaml": "description: The viewer.\n",
      "products/viewer/channels/stable.yaml": "version: 1.0.0\n",
      "products/viewer/versions/1.0.0.yaml": versionFile("1.0.0"),
    },
  },
  *check({ state }) {
    const fleet = state.fleet;
    if (fleet === undefined) return;
    const { defaultChannel } = fleet.value;
    const isElsewhere = [...state.products.values()].some(({ channels }) => channels.has(defaultChannel));
    // Where no product has it, `fleet/unknown-channel` says so once.
    if (!isElsewhere) return;
    for (const product of state.products.values()) {
      if (product.channels.has(defaultChannel)) continue;
      if (state.files.has(`products/${product.name}/channels/${defaultChannel}.yaml`)) continue;
      yield {
        message: `product \`${product.name}\` has no channel \`${defaultChannel}\`, the fleet's default`,
        at: { document: product.product, path: [] },
        related: [{ at: { document: fleet, path: ["defaultChannel"] }, label: "the default" }],
        notes: [`channels of \`${product.name}\`: ${listNames(product.channels.keys())}`],
        help: `add products/${product.name}/channels/${defaultChannel}.yaml`,
      };
    }
  },
};
