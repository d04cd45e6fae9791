import { formatDuration, parseDuration } from "../../../protocol/duration.ts";
import { countsAtGate } from "../../../protocol/gate/failure-causes.ts";
import type { ProductRule } from "../rule.ts";

export const channelDeferredAsSilent: ProductRule = {
  id: "channel/deferred-as-silent",
  severity: "warning",
  summary: "a gate counts machines as failed while people may still put the update off",
  explanation:
    "A machine that was offered a version and reports nothing within `silentAfter` counts as failed. One on which somebody puts the update off reports nothing either, until it is installed. So where `deferAtMost` allows as much or more, people who say later can halt a good rollout.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\ndeferAtMost: 2d\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n  gate: {maxFailureRate: 2%, minReports: 20, silentAfter: 24h}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\ndeferAtMost: 12h\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n  gate: {maxFailureRate: 2%, minReports: 20, silentAfter: 24h}\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      const { deferAtMost, rollout } = document.value;
      const { silentAfter, causes } = rollout?.gate ?? {};
      if (deferAtMost === undefined || silentAfter === undefined) continue;
      if (!countsAtGate(causes === undefined ? {} : { causes }, "silent")) continue;
      const [allowed, silent] = [parseDuration(deferAtMost), parseDuration(silentAfter)];
      if (allowed < silent) continue;
      yield {
        message: `channel \`${name}\` lets people put a version off for ${formatDuration(allowed)}, and its gate counts them as failed after ${formatDuration(silent)}`,
        at: { document, path: ["deferAtMost"] },
        related: [{ at: { document, path: ["rollout", "gate", "silentAfter"] }, label: "the gate" }],
        help: "raise `silentAfter` above it, or let people put it off for less",
      };
    }
  },
};
