import { parsePercent, WHOLE_PPM } from "../../../protocol/share.ts";
import type { ProductRule } from "../rule.ts";

export const channelGateOutOfRange: ProductRule = {
  id: "channel/gate-out-of-range",
  severity: "error",
  summary: "a gate is as sure as nobody can be, or counts no tenant",
  explanation:
    "`confidence` is above 50 % and below 100 %: at 100 % no number of failures would ever be enough, and at 50 % a coin would do as well. `maxTenantShare` is above 0 %: at 0 % nobody's failures would count.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n  gate: {maxFailureRate: 2%, minReports: 20, confidence: 100%, maxTenantShare: 0%}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 100, after: 1d}]\n  gate: {maxFailureRate: 2%, minReports: 20, confidence: 99%, maxTenantShare: 30%}\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      const { confidence, maxTenantShare } = document.value.rollout?.gate ?? {};
      const sure = confidence === undefined ? undefined : parsePercent(confidence);
      if (sure !== undefined && (sure <= WHOLE_PPM / 2 || sure >= WHOLE_PPM)) {
        yield {
          message: `the confidence of the gate of channel \`${name}\` is not between 50 % and 100 %`,
          at: { document, path: ["rollout", "gate", "confidence"] },
          help: "write `95%`, or `99%` where a false halt costs more than some failures",
        };
      }
      if (maxTenantShare !== undefined && parsePercent(maxTenantShare) === 0) {
        yield {
          message: `the gate of channel \`${name}\` counts the failures of no tenant`,
          at: { document, path: ["rollout", "gate", "maxTenantShare"] },
          help: "write the largest share of the failures that may be one tenant's, such as `50%`",
        };
      }
    }
  },
};
