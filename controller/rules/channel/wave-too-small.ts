import { parsePercent } from "../../../protocol/share.ts";
import type { SeverityWavesState } from "../../../schemas/state.generated.ts";
import { spreadsOf } from "../rollout-spreads.ts";
import type { ProductRule } from "../rule.ts";

/** Below one device in ten thousand, a share is a typing mistake rather than a plan. */
const SMALLEST_PPM = 100;

export const channelWaveTooSmall: ProductRule = {
  id: "channel/wave-too-small",
  severity: "warning",
  summary: "a wave is smaller than one device",
  explanation:
    "A share below 0.01 % is less than one device of ten thousand: the wave opens and reaches nobody, and the next one is the first that tells anything. It is usually a fraction (`0.005`) where a percentage was meant. `0` reaches nobody at all; as the first wave of a `linear` rollout it says when the rise begins.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 0.005, after: 0s}, {percent: 100, after: 1d}]\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  strategy: linear\n  waves: [{percent: 0, after: 4h}, {percent: 0.5%, after: 5h}, {percent: 100, after: 1d}]\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      for (const { spread, path, wave } of spreadsOf(document.value)) {
        for (const [index, { percent }] of spread.waves.entries()) {
          const share = parsePercent(percent);
          if (share >= SMALLEST_PPM || isStartOfRise(spread, index, share)) continue;
          yield {
            message:
              share === 0
                ? `${wave} ${index + 1} of channel \`${name}\` reaches no device`
                : `${wave} ${index + 1} of channel \`${name}\` is less than one device of 10,000`,
            at: { document, path: [...path, "waves", index, "percent"] },
            help: "percentages, not fractions: write `0.5%` for one device of 200",
          };
        }
      }
    }
  },
};

/** `{percent: 0, after: 4h}` before anything else: nobody yet, and from then on evenly up to the next wave. */
function isStartOfRise({ strategy }: SeverityWavesState, index: number, share: number): boolean {
  return strategy === "linear" && index === 0 && share === 0;
}
