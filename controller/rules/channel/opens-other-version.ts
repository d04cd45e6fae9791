import type { ProductRule } from "../rule.ts";

export const channelOpensOtherVersion: ProductRule = {
  id: "channel/opens-other-version",
  severity: "warning",
  summary: "waves are opened for a version that the channel does not point to",
  explanation:
    "A person opens the waves of one version. Once the channel points to another, `opened` has no effect: the next version begins with no wave open, and whoever reads the file may think otherwise. `fairlead promote` removes it.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {advance: manual, waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]}\nopened: {version: 1.0.0, waves: 2}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {advance: manual, waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]}\nopened: {version: 1.1.0, waves: 1}\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      const { opened, version } = document.value;
      if (opened === undefined || opened.version === version) continue;
      yield {
        message: `channel \`${name}\` opens waves of \`${opened.version}\` and points to \`${version}\``,
        at: { document, path: ["opened", "version"] },
        label: "opens nothing",
        related: [{ at: { document, path: ["version"] }, label: "what the channel points to" }],
        help: `remove \`opened\`; \`fairlead advance ${name}\` opens the first wave of \`${version}\``,
      };
    }
  },
};
