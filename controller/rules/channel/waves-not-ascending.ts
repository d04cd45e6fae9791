import { formatDuration, parseDuration } from "../../../protocol/duration.ts";
import { formatPpm, parsePercent } from "../../../protocol/share.ts";
import type { ChannelState } from "../../../schemas/state.generated.ts";
import type { StateDocument } from "../../state/fleet-model.ts";
import { type PlacedSpread, spreadsOf } from "../rollout-spreads.ts";
import type { Finding, Place, ProductRule } from "../rule.ts";

export const channelWavesNotAscending: ProductRule = {
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
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      for (const placed of spreadsOf(document.value)) yield* checkWaves(name, document, placed);
    }
  },
};

function* checkWaves(
  channel: string,
  document: StateDocument<ChannelState>,
  { spread, path, wave: called }: PlacedSpread,
): Iterable<Finding> {
  const at = (index: number, key: string): Place => ({ document, path: [...path, "waves", index, key] });
  for (const [index, wave] of spread.waves.entries()) {
    const earlier = spread.waves[index - 1];
    if (earlier === undefined) continue;
    const share = parsePercent(wave.percent);
    const shareBefore = parsePercent(earlier.percent);
    if (share <= shareBefore) {
      yield {
        message: `${called} ${index + 1} of channel \`${channel}\` reaches ${formatPpm(share)}, not more than the ${formatPpm(shareBefore)} before it`,
        at: at(index, "percent"),
        related: [{ at: at(index - 1, "percent"), label: "the wave before" }],
        help: "waves are cumulative: let each share be larger than the one before",
      };
    }
    const after = parseDuration(wave.after);
    const afterBefore = parseDuration(earlier.after);
    if (after <= afterBefore) {
      yield {
        message: `${called} ${index + 1} of channel \`${channel}\` opens after ${formatDuration(after)}, not later than the ${formatDuration(afterBefore)} before it`,
        at: at(index, "after"),
        related: [{ at: at(index - 1, "after"), label: "the wave before" }],
        help: "times count from the promotion: let each be later than the one before",
      };
    }
  }
}
