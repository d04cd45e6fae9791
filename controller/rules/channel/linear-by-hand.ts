import type { ProductRule } from "../rule.ts";

export const channelLinearByHand: ProductRule = {
  id: "channel/linear-by-hand",
  severity: "error",
  summary: "waves rise evenly with time, and a person is to open them",
  explanation:
    "With `strategy: linear` the share grows every minute, so there is no moment at which a person could open the next step. Waves that are opened by hand, or by the health of the ones before, are `steps`. Waves for urgent releases open by time and may be `linear`.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  strategy: linear\n  advance: manual\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  advance: manual\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      const { strategy, advance = "time" } = document.value.rollout ?? {};
      if (strategy !== "linear" || advance === "time") continue;
      yield {
        message: `the waves of channel \`${name}\` are \`linear\` and \`advance\` is \`${advance}\``,
        at: { document, path: ["rollout", "strategy"] },
        related: [{ at: { document, path: ["rollout", "advance"] }, label: "opens them one by one" }],
        help: "write the steps as waves with `strategy: steps`, or let time open them: `advance: time`",
      };
    }
  },
};
