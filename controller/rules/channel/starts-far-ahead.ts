import { parseDate } from "../../../protocol/date.ts";
import { formatDuration } from "../../../protocol/duration.ts";
import { channelsWith } from "../channels-with.ts";
import type { StateRule } from "../rule.ts";

const YEAR = 365 * 86_400;

export const channelStartsFarAhead: StateRule = {
  id: "channel/starts-far-ahead",
  severity: "warning",
  summary: "a rollout begins in more than a year",
  explanation:
    "Until `rollout.startsAt` nobody gets what the channel points to, canaries included. A date more than a year ahead is usually a wrong year, and nobody notices until somebody asks why the fleet stands still.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {startsAt: 2028-11-23T08:00:00Z, waves: [{percent: 100, after: 0s}]}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {startsAt: 2026-11-23T08:00:00Z, waves: [{percent: 100, after: 0s}]}\n",
    },
  },
  *check({ state, now }) {
    for (const { name, document } of channelsWith(state, "startsAt")) {
      const startsAt = document.value.rollout?.startsAt;
      if (startsAt === undefined || parseDate(startsAt) <= now + YEAR) continue;
      yield {
        message: `the rollout of channel \`${name}\` begins in ${formatDuration(parseDate(startsAt) - now)}`,
        at: { document, path: ["rollout", "startsAt"] },
        label: "until then nobody gets the version",
        help: "check the year; to stop a rollout without an end, pause the channel",
      };
    }
  },
};
