import { freezesOfState } from "../../state/freezes-of-state.ts";
import type { StateRule } from "../rule.ts";

export const freezeBackwards: StateRule = {
  id: "freeze/backwards",
  severity: "error",
  summary: "a freeze ends before it begins",
  explanation:
    "A freeze holds updates from `from` until `to`. One that ends before it begins, or as it begins, holds nothing: most often a year is wrong.",
  failing: {
    files: {
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nfreeze: [{from: 2026-12-21, to: 2026-01-07, reason: holidays}]\n",
    },
  },
  passing: {
    files: {
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nfreeze: [{from: 2026-12-21, to: 2027-01-07, reason: holidays}]\n",
    },
  },
  *check({ state }) {
    for (const { label, document, path, freeze, from, to } of freezesOfState(state)) {
      if (to > from) continue;
      yield {
        message: `a freeze of ${label} ends ${freeze.to}, and begins ${freeze.from}`,
        at: { document, path: [...path, "to"] },
        help: "let it end after it begins; a date alone means midnight UTC, as that day begins",
      };
    }
  },
};
