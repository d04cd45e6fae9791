import type { ProductRule } from "../rule.ts";

export const channelOpensTooManyWaves: ProductRule = {
  id: "channel/opens-too-many-waves",
  severity: "error",
  summary: "more waves are opened than the channel has",
  explanation:
    "`opened.waves` counts waves from the first. A number beyond the last one is a mistake, and would open at once whatever wave somebody adds later. `fairlead advance` writes the number that is meant.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {advance: manual, waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]}\nopened: {version: 1.1.0, waves: 3}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {advance: manual, waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]}\nopened: {version: 1.1.0, waves: 2}\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      const { opened, rollout, version } = document.value;
      if (opened?.version !== version || rollout === undefined) continue;
      const { length } = rollout.waves;
      if (opened.waves <= length) continue;
      yield {
        message: `channel \`${name}\` has ${length} waves, and ${opened.waves} are opened`,
        at: { document, path: ["opened", "waves"] },
        label: `expected at most ${length}`,
        related: [{ at: { document, path: ["rollout", "waves"], part: "key" }, label: "the waves" }],
        help: `write ${length} to open all of them`,
      };
    }
  },
};
