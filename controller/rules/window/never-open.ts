import { parseDuration } from "../../../protocol/duration.ts";
import { scopesOfState } from "../../state/state-scopes.ts";
import type { StateRule } from "../rule.ts";

export const windowNeverOpen: StateRule = {
  id: "window/never-open",
  severity: "error",
  summary: "a window never opens",
  explanation:
    "A window of no length never lets an update through: its devices wait for ever and look as if they were about to update.",
  failing: {
    files: {
      "tenants/acme.yaml":
        'window: {days: [sat, sun], start: "02:00", duration: 0s, timeZone: Europe/Berlin}\n',
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml":
        'window: {days: [sat, sun], start: "02:00", duration: 4h, timeZone: Europe/Berlin}\n',
    },
  },
  besideTenants: () => [],
  *check({ state }) {
    for (const { label, document, path, settings } of scopesOfState(state)) {
      const { window } = settings;
      if (window === undefined || !(parseDuration(window.duration) === 0)) continue;
      yield {
        message: `the window of ${label} is open for 0 s`,
        at: { document, path: [...path, "window", "duration"] },
        help: "give it a length such as `4h`; to stop updates, use `paused`",
      };
    }
  },
};
