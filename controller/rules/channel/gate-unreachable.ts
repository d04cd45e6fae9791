import { parseDuration } from "../../../protocol/duration.ts";
import { parsePercent, WHOLE_PPM } from "../../../protocol/share.ts";
import type { RolloutState } from "../../../schemas/state.generated.ts";
import type { ProductRule } from "../rule.ts";

export const channelGateUnreachable: ProductRule = {
  id: "channel/gate-unreachable",
  severity: "warning",
  summary: "a gate can never halt anything",
  explanation:
    "A gate halts when failures can hardly be chance at a rate of `maxFailureRate`. At 100 % every failure is allowed. And when everybody may have the version at once, there is nobody left to protect when the reports come in.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n  gate: {maxFailureRate: 100%, minReports: 20}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n  gate: {maxFailureRate: 2%, minReports: 20}\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      const { rollout } = document.value;
      if (rollout?.gate === undefined) continue;
      if (parsePercent(rollout.gate.maxFailureRate) === WHOLE_PPM) {
        yield {
          message: `the gate of channel \`${name}\` allows 100 % failures: it never halts`,
          at: { document, path: ["rollout", "gate", "maxFailureRate"] },
          help: "set the share of failures that is too much, such as `2%`",
        };
      } else if (reachesAllAtOnce(rollout)) {
        yield {
          message: `the gate of channel \`${name}\` has nothing to stop: the first wave is everybody, at once`,
          at: { document, path: ["rollout", "waves", 0] },
          related: [{ at: { document, path: ["rollout", "gate"], part: "key" }, label: "the gate" }],
          help: "add a smaller wave before it",
        };
      }
    }
  },
};

function reachesAllAtOnce({ waves, canary }: RolloutState): boolean {
  const [first] = waves;
  if (first === undefined || parsePercent(first.percent) < WHOLE_PPM) return false;
  return canary === undefined || parseDuration(first.after) === 0;
}
