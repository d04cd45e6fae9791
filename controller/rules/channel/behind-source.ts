import { formatDuration } from "../../../protocol/duration.ts";
import { channelLag, isStale } from "../../state/channel-lag.ts";
import { channelsWith } from "../channels-with.ts";
import type { StateRule } from "../rule.ts";

export const channelBehindSource: StateRule = {
  id: "channel/behind-source",
  severity: "warning",
  summary: "a channel is behind the one that it follows for too long",
  needs: "histories",
  explanation:
    "The channel in `promotion.from` has moved on, and this one has not for longer than `staleAfter`: a promotion was forgotten, or something holds it that should be written down as a pause. Needs the history of the repository.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.0.0\npromotion: {from: beta, soak: 48h}\nstaleAfter: 30d\n",
      "products/agent/channels/beta.yaml": "version: 1.1.0\n",
    },
    history: {
      "agent/beta": [{ version: "1.1.0", daysAgo: 45 }],
      "agent/stable": [{ version: "1.0.0", daysAgo: 90 }],
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.0.0\npromotion: {from: beta, soak: 48h}\nstaleAfter: 30d\n",
      "products/agent/channels/beta.yaml": "version: 1.1.0\n",
    },
    history: {
      "agent/beta": [{ version: "1.1.0", daysAgo: 10 }],
      "agent/stable": [{ version: "1.0.0", daysAgo: 90 }],
    },
  },
  *check({ state, histories, now }) {
    if (histories === undefined) return;
    for (const { product, name, document } of channelsWith(state, "staleAfter")) {
      const lag = channelLag(product, name, histories);
      if (lag?.from === undefined || !isStale(lag, now)) continue;
      const { version, waiting, from, since } = lag;
      yield {
        message: `channel \`${name}\` is at \`${version}\`, and \`${from}\` moved on ${formatDuration(now - since)} ago`,
        at: { document, path: ["version"] },
        label: `\`${from}\` is at \`${waiting}\``,
        related: [{ at: { document, path: ["staleAfter"] }, label: "longer than this" }],
        help: `promote with \`fairlead promote --from ${from} --to ${name}\`, or pause the channel and say why`,
      };
    }
  },
};
