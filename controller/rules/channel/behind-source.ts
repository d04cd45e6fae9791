import { formatDuration, parseDuration } from "../../../protocol/duration.ts";
import { isYanked, orderOf } from "../product-versions.ts";
import type { StateRule } from "../rule.ts";

export const channelBehindSource: StateRule = {
  id: "channel/behind-source",
  severity: "warning",
  summary: "a channel is behind the one that it follows for too long",
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
    for (const product of state.products.values()) {
      for (const [name, document] of product.channels) {
        const { promotion, staleAfter, version } = document.value;
        if (promotion === undefined || staleAfter === undefined) continue;
        const source = product.channels.get(promotion.from);
        if (source === undefined || (orderOf(product, source.value.version, version) ?? 0) <= 0) continue;
        const release = product.versions.get(source.value.version);
        if (release === undefined || isYanked(release)) continue;
        const movedOn = (histories.get(`${product.name}/${promotion.from}`) ?? []).findLast(
          (step) => (orderOf(product, step.version, version) ?? 0) > 0,
        );
        if (movedOn === undefined || now - movedOn.at <= parseDuration(staleAfter)) continue;
        yield {
          message: `channel \`${name}\` is at \`${version}\`, and \`${promotion.from}\` moved on ${formatDuration(now - movedOn.at)} ago`,
          at: { document, path: ["version"] },
          label: `\`${promotion.from}\` is at \`${source.value.version}\``,
          related: [{ at: { document, path: ["staleAfter"] }, label: "longer than this" }],
          help: `promote with \`fairlead promote --from ${promotion.from} --to ${name}\`, or pause the channel and say why`,
        };
      }
    }
  },
};
