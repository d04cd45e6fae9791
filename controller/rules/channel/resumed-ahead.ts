import { parseDate } from "../../../protocol/date.ts";
import { channelsWith } from "../channels-with.ts";
import type { StateRule } from "../rule.ts";

/** Seconds by which two clocks may differ. */
const TOLERANCE = 300;

export const channelResumedAhead: StateRule = {
  id: "channel/resumed-ahead",
  severity: "error",
  summary: "a resumption says that reports were looked at which have not come yet",
  explanation:
    "`resumed.at` says until when somebody has looked at reports: halts up to then end, and the gate counts what comes after. A time that is later than its commit would end halts that nobody has seen, and keep the gate from counting until then.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nresumed: {version: 1.1.0, at: 2036-11-01T06:00:00Z, reason: one site's proxy}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nresumed: {version: 1.1.0, at: 2026-11-01T06:00:00Z, reason: one site's proxy}\n",
    },
  },
  *check({ state }) {
    for (const { name, document } of channelsWith(state, "resumed")) {
      const { resumed } = document.value;
      if (resumed === undefined || parseDate(resumed.at) <= state.committedAt + TOLERANCE) continue;
      yield {
        message: `channel \`${name}\` is resumed at a time that is still to come`,
        at: { document, path: ["resumed", "at"] },
        label: "later than its commit",
        help: "write the time of now; `fairlead resume --halt` does it",
      };
    }
  },
};
