import { formatDuration, parseDuration } from "../../../protocol/duration.ts";
import { formatPpm, parsePercent } from "../../../protocol/share.ts";
import type { StateRule } from "../rule.ts";

export const channelWavesNotAscending: StateRule = {
  id: "channel/waves-not-ascending",
  severity: "error",
  summary: "a wave is not later and larger than the one before",
  explanation:
    "Waves are cumulative: each one names the share of the fleet that may have the version from its time on. A wave that is smaller or earlier than the one before would take away what was given.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 10, after: 0s}, {percent: 5, after: 4h}, {percent: 100, after: 2h}]\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 5, after: 0s}, {percent: 10, after: 2h}, {percent: 100, after: 4h}]\n",
    },
  },
  *check({ state }) {
    for (const product of state.products.values()) {
      for (const [name, document] of product.channels) {
        const waves = document.value.rollout?.waves ?? [];
        for (const [index, wave] of waves.entries()) {
          const earlier = waves[index - 1];
          if (earlier === undefined) continue;
          const share = parsePercent(wave.percent);
          const shareBefore = parsePercent(earlier.percent);
          if (share <= shareBefore) {
            yield {
              message: `wave ${index + 1} of channel \`${name}\` reaches ${formatPpm(share)}, not more than the ${formatPpm(shareBefore)} before it`,
              at: { document, path: ["rollout", "waves", index, "percent"] },
              related: [
                {
                  at: { document, path: ["rollout", "waves", index - 1, "percent"] },
                  label: "the wave before",
                },
              ],
              help: "waves are cumulative: let each share be larger than the one before",
            };
          }
          const after = parseDuration(wave.after);
          const afterBefore = parseDuration(earlier.after);
          if (after <= afterBefore) {
            yield {
              message: `wave ${index + 1} of channel \`${name}\` opens after ${formatDuration(after)}, not later than the ${formatDuration(afterBefore)} before it`,
              at: { document, path: ["rollout", "waves", index, "after"] },
              related: [
                {
                  at: { document, path: ["rollout", "waves", index - 1, "after"] },
                  label: "the wave before",
                },
              ],
              help: "times count from the promotion: let each be later than the one before",
            };
          }
        }
      }
    }
  },
};
