import { formatDuration } from "../../../protocol/duration.ts";
import { channelLag, isStale } from "../../state/channel-lag.ts";
import { channelsWith } from "../channels-with.ts";
import type { StateRule } from "../rule.ts";

export const channelStale: StateRule = {
  id: "channel/stale",
  severity: "warning",
  summary: "a channel has not moved for too long, and newer versions wait",
  needs: "histories",
  explanation:
    "The channel follows no other, says `staleAfter`, and was not promoted for longer than that although a newer active version exists. Needs the history of the repository. A channel with `promotion.from` is judged by `channel/behind-source`.",
  failing: {
    files: { "products/agent/channels/stable.yaml": "version: 1.0.0\nstaleAfter: 30d\n" },
    history: { "agent/stable": [{ version: "1.0.0", daysAgo: 90 }] },
  },
  passing: {
    files: { "products/agent/channels/stable.yaml": "version: 1.1.0\nstaleAfter: 30d\n" },
    history: { "agent/stable": [{ version: "1.1.0", daysAgo: 90 }] },
  },
  *check({ state, histories, now }) {
    if (histories === undefined) return;
    for (const { product, name, document } of channelsWith(state, "staleAfter")) {
      const lag = channelLag(product, name, histories);
      if (lag === undefined || lag.from !== undefined || !isStale(lag, now)) continue;
      const { version, waiting, since } = lag;
      yield {
        message: `channel \`${name}\` has been at \`${version}\` for ${formatDuration(now - since)}, and \`${waiting}\` is there`,
        at: { document, path: ["version"] },
        related: [{ at: { document, path: ["staleAfter"] }, label: "longer than this" }],
        help: `promote with \`fairlead promote ${waiting} --to ${name}\`, or pause the channel and say why`,
      };
    }
  },
};
