import { formatDuration, parseDuration } from "../../../protocol/duration.ts";
import { isYanked, orderOf, versionsNewestFirst } from "../product-versions.ts";
import type { StateRule } from "../rule.ts";

export const channelStale: StateRule = {
  id: "channel/stale",
  severity: "warning",
  summary: "a channel has not moved for too long, and newer versions wait",
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
    for (const product of state.products.values()) {
      for (const [name, document] of product.channels) {
        const { promotion, staleAfter, version } = document.value;
        if (promotion !== undefined || staleAfter === undefined) continue;
        const promoted = histories.get(`${product.name}/${name}`)?.[0];
        if (promoted?.version !== version || now - promoted.at <= parseDuration(staleAfter)) continue;
        const newest = versionsNewestFirst(product).find((release) => !isYanked(release))?.value.version;
        if (newest === undefined || (orderOf(product, newest, version) ?? 0) <= 0) continue;
        yield {
          message: `channel \`${name}\` has been at \`${version}\` for ${formatDuration(now - promoted.at)}, and \`${newest}\` is there`,
          at: { document, path: ["version"] },
          related: [{ at: { document, path: ["staleAfter"] }, label: "longer than this" }],
          help: `promote with \`fairlead promote ${newest} --to ${name}\`, or pause the channel and say why`,
        };
      }
    }
  },
};
