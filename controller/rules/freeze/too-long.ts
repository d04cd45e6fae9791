import { freezesOfState } from "../../state/freezes-of-state.ts";
import type { StateRule } from "../rule.ts";

const DAY = 86_400;
const MOST_DAYS = 60;

export const freezeTooLong: StateRule = {
  id: "freeze/too-long",
  severity: "warning",
  summary: "a freeze is longer than two months",
  explanation:
    "A freeze is for holidays or an audit. One of many months is mostly a wrong year, and its machines miss security releases for as long. To hold a scope on a version, use a `pin`, which has an owner and an end.",
  failing: {
    files: {
      "tenants/acme.yaml": "freeze: [{from: 2026-12-21, to: 2028-01-07, reason: holidays}]\n",
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": "freeze: [{from: 2026-12-21, to: 2027-01-07, reason: holidays}]\n",
    },
  },
  *check({ state }) {
    for (const { label, document, path, from, to } of freezesOfState(state)) {
      const days = Math.round((to - from) / DAY);
      if (days <= MOST_DAYS) continue;
      yield {
        message: `a freeze of ${label} lasts ${days} days`,
        at: { document, path: [...path, "to"] },
        help: `check the year; keep it under ${MOST_DAYS} days, or let \`except: security\` through`,
      };
    }
  },
};
