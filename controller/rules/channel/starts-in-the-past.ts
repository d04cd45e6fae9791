import { parseDate } from "../../../protocol/date.ts";
import { formatDuration } from "../../../protocol/duration.ts";
import { channelsWith } from "../channels-with.ts";
import type { StateRule } from "../rule.ts";

const YEAR = 365 * 86_400;

export const channelStartsInThePast: StateRule = {
  id: "channel/starts-in-the-past",
  needs: "before",
  severity: "warning",
  summary: "a rollout is told to begin at a time that is over",
  explanation:
    "`rollout.startsAt` holds back what begins before it. Set to a time that is over it holds nothing: waves count from the promotion. One that was ahead when it was set may stay for a year; then it only puzzles its readers.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {startsAt: 2026-11-16T08:00:00Z, waves: [{percent: 100, after: 0s}]}\n",
    },
    before: { "products/agent/channels/stable.yaml": "version: 1.0.0\n" },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {startsAt: 2026-11-23T08:00:00Z, waves: [{percent: 100, after: 0s}]}\n",
    },
    before: { "products/agent/channels/stable.yaml": "version: 1.0.0\n" },
  },
  *check({ state, before, now }) {
    for (const { product, name, document } of channelsWith(state, "startsAt")) {
      const startsAt = document.value.rollout?.startsAt;
      const past = startsAt === undefined ? 0 : now - parseDate(startsAt);
      const known = before?.products.get(product.name)?.channels.get(name)?.value.rollout?.startsAt;
      const isNew = before !== undefined && known !== startsAt;
      if (past <= (isNew ? 0 : YEAR)) continue;
      yield {
        message: `the rollout of channel \`${name}\` is told to begin ${formatDuration(past)} ago`,
        at: { document, path: ["rollout", "startsAt"] },
        label: "holds nothing back",
        help: "check the date, or remove `startsAt`",
      };
    }
  },
};
