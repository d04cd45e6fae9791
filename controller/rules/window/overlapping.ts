import { parseDuration } from "../../../protocol/duration.ts";
import { MAX_WINDOW_SECONDS } from "../../../protocol/update-window.ts";
import { scopesOfState } from "../../state/state-scopes.ts";
import type { StateRule } from "../rule.ts";

export const windowOverlapping: StateRule = {
  id: "window/overlapping",
  severity: "error",
  summary: "a window overlaps itself",
  explanation:
    "A window of more than a day is still open when it opens again, so that when it ends cannot be told. For an update at any time of a day, `24h` is enough.",
  failing: {
    files: {
      "tenants/acme.yaml":
        'window: {days: [sat, sun], start: "02:00", duration: 2d, timeZone: Europe/Berlin}\n',
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml":
        'window: {days: [sat, sun], start: "02:00", duration: 24h, timeZone: Europe/Berlin}\n',
    },
  },
  besideTenants: () => [],
  *check({ state }) {
    for (const { label, document, path, settings } of scopesOfState(state)) {
      const { window } = settings;
      if (window === undefined || !(parseDuration(window.duration) > MAX_WINDOW_SECONDS)) continue;
      yield {
        message: `the window of ${label} is open for more than 24 h and overlaps itself`,
        at: { document, path: [...path, "window", "duration"] },
        help: "use at most `24h`, and name more days",
      };
    }
  },
};
