import { freezesOfState } from "../../state/freezes-of-state.ts";
import type { StateRule } from "../rule.ts";

export const freezeOver: StateRule = {
  id: "freeze/over",
  severity: "warning",
  summary: "a freeze is over",
  explanation:
    "A freeze whose end has passed holds nothing any more. Left in place, it hides the one that is meant to hold, and a typing error in its year goes unseen.",
  failing: {
    files: {
      "tenants/acme.yaml": "freeze: [{from: 2026-10-01, to: 2026-10-15, reason: audit}]\n",
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": "freeze: [{from: 2026-11-16, to: 2026-11-30, reason: audit}]\n",
    },
  },
  *check({ state, now }) {
    for (const { label, document, path, freeze, from, to } of freezesOfState(state)) {
      if (to > now || to <= from) continue;
      yield {
        message: `the freeze of ${label} (${freeze.reason}) is over since ${freeze.to}`,
        at: { document, path: [...path, "to"] },
        help: "take it out, or correct its dates",
      };
    }
  },
};
