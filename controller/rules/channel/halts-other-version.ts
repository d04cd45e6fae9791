import type { ProductRule } from "../rule.ts";

export const channelHaltsOtherVersion: ProductRule = {
  id: "channel/halts-other-version",
  severity: "warning",
  summary: "a halt is for a version that the channel does not point to",
  explanation:
    "A halt stops the rollout of one version. Once the channel points to another it stops nothing, and whoever reads it may think that it does.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nhalted: {version: 1.0.0, reason: loses reports}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nhalted: {version: 1.1.0, reason: loses reports}\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      const { halted, version } = document.value;
      if (halted === undefined || halted.version === version) continue;
      yield {
        message: `channel \`${name}\` halts \`${halted.version}\` and points to \`${version}\``,
        at: { document, path: ["halted", "version"] },
        label: "stops nothing",
        related: [{ at: { document, path: ["version"] }, label: "what the channel points to" }],
        help: "remove the halt, or name the version that is to be stopped",
      };
    }
  },
};
