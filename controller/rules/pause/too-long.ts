import { parseDuration } from "../../../protocol/duration.ts";
import { pausesOfState } from "../../state/pauses-of-state.ts";
import type { StateRule } from "../rule.ts";

export const pauseTooLong: StateRule = {
  id: "pause/too-long",
  severity: "error",
  summary: "a tenant pauses its machines for longer than the fleet allows",
  explanation:
    "`longestPause` in fleet.yaml is how far ahead a tenant may pause its machines: whoever runs the fleet answers for machines that miss security releases. A pause in a tenant's file then needs an `until`, no later than that. The vendor's own pauses, of the fleet, a product or a channel, have no such end.",
  failing: {
    files: {
      "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\nlongestPause: 30d\n",
      "tenants/acme.yaml":
        "paused: {reason: stocktaking}\nsites: {berlin: {paused: {reason: move, until: 2027-11-30}}}\n",
    },
  },
  passing: {
    files: {
      "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\nlongestPause: 30d\n",
      "tenants/acme.yaml": "paused: {reason: stocktaking, until: 2026-11-30}\n",
    },
  },
  *check({ state, now }) {
    const longest = state.fleet?.value.longestPause;
    if (state.fleet === undefined || longest === undefined) return;
    const latest = now + parseDuration(longest);
    const ceiling = {
      at: { document: state.fleet, path: ["longestPause"] },
      label: "the longest that tenants may pause",
    };
    for (const { label, tenant, document, path, until } of pausesOfState(state)) {
      if (tenant === undefined || (until !== undefined && until.at <= latest)) continue;
      yield {
        message:
          until === undefined
            ? `${label} is paused without an end, and may be for ${longest} at most`
            : `${label} is paused until ${until.text}, further ahead than the ${longest} that it may be`,
        at: { document, path: until === undefined ? path : [...path, "until"] },
        related: [ceiling],
        help: `write \`until\` with a day within ${longest}: \`fairlead pause ... --for ${longest}\``,
      };
    }
  },
};
