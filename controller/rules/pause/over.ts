import { pausesOfState } from "../../state/pauses-of-state.ts";
import type { StateRule } from "../rule.ts";

export const pauseOver: StateRule = {
  id: "pause/over",
  severity: "warning",
  summary: "a pause is over",
  explanation:
    "A pause whose `until` has passed holds nothing any more: its machines are being updated again. Left in place, it reads as if they were not.",
  failing: {
    files: {
      "tenants/acme.yaml": "paused: {reason: stocktaking, until: 2026-10-15}\n",
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": "paused: {reason: stocktaking, until: 2026-11-30}\n",
    },
  },
  *check({ state, now }) {
    for (const { label, document, path, until } of pausesOfState(state)) {
      if (until === undefined || until.at > now) continue;
      yield {
        message: `the pause of ${label} is over since ${until.text}`,
        at: { document, path: [...path, "until"] },
        help: "take it out with `fairlead resume`, or give it a later `until`",
      };
    }
  },
};
