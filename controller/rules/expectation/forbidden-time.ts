import type { ExpectingRule } from "../rule.ts";

/** Promoted on a Tuesday. */
const HISTORY = {
  "agent/stable": [
    { version: "1.1.0", daysAgo: 3 },
    { version: "1.0.0", daysAgo: 90 },
  ],
};

export const expectationForbiddenTime: ExpectingRule = {
  id: "expectation/forbidden-time",
  severity: "error",
  summary: "a machine changes its version when none may",
  explanation:
    "At a time that `notDuring` names a machine of its scope may install something else than it runs. Below it stands the trail of the decision, as `fairlead explain` prints it, with the line of state that decided. Looked at is the second from which a machine may go: it goes when it asks next. A `window` of the scope, or another `after` of the wave, keeps it from that time.",
  failing: {
    files: {
      "expectations/fridays.yaml":
        'expect:\n  - that: nobody is updated before a weekend\n    notDuring: {days: [fri], start: "12:00", duration: 12h, timeZone: Europe/Berlin}\n',
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {waves: [{percent: 10, after: 0s}, {percent: 100, after: 10d}]}\n",
    },
    history: HISTORY,
  },
  passing: {
    files: {
      "expectations/fridays.yaml":
        'expect:\n  - that: nobody is updated before a weekend\n    notDuring: {days: [fri], start: "12:00", duration: 12h, timeZone: Europe/Berlin}\n',
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout: {waves: [{percent: 10, after: 0s}, {percent: 100, after: 7d}]}\n",
    },
    history: HISTORY,
  },
  foundBy: "expecting",
};
