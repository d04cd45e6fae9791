import type { ProductRule } from "../rule.ts";

export const channelOpenedWithoutAdvance: ProductRule = {
  id: "channel/opened-without-advance",
  severity: "warning",
  summary: "waves are opened by hand where time opens them",
  explanation:
    "`opened` counts only with `rollout.advance: manual` or `healthy`. Without it each wave opens at its time, whatever `opened` says: whoever wrote it to hold the later waves back holds nothing.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]}\nopened: {version: 1.1.0, waves: 1}\n",
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
      const { opened, rollout } = document.value;
      if (opened === undefined || (rollout?.advance ?? "time") !== "time") continue;
      yield {
        message:
          rollout === undefined
            ? `channel \`${name}\` opens waves and has none`
            : `channel \`${name}\` opens waves that time opens`,
        at: { document, path: ["opened"], part: "key" },
        label: "has no effect",
        help: "set `rollout.advance: manual`, or remove `opened`",
      };
    }
  },
};
