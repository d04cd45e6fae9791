import { formatPpm, parsePercent, WHOLE_PPM } from "../../../protocol/share.ts";
import { spreadsOf } from "../rollout-spreads.ts";
import type { ProductRule } from "../rule.ts";

export const channelWavesIncomplete: ProductRule = {
  id: "channel/waves-incomplete",
  severity: "error",
  summary: "the last wave does not end at 100 percent",
  explanation:
    "A rollout that ends below 100 percent leaves the same devices on the old version for ever, and nobody sees it. To stop a rollout on purpose, pause the channel.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 50, after: 1d}]\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      for (const { spread, path, wave } of spreadsOf(document.value)) {
        const last = spread.waves.at(-1);
        const share = last === undefined ? WHOLE_PPM : parsePercent(last.percent);
        if (share === WHOLE_PPM) continue;
        yield {
          message: `the ${wave}s of channel \`${name}\` end at ${formatPpm(share)}`,
          at: { document, path: [...path, "waves", spread.waves.length - 1, "percent"] },
          label: "expected 100%",
          help: "add a wave with `percent: 100`; to stop a rollout, pause the channel",
        };
      }
    }
  },
};
