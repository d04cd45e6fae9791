import { parseDate } from "../../../protocol/date.ts";
import { formatDuration } from "../../../protocol/duration.ts";
import { isExpired, pinsOfState } from "../../state/state-scopes.ts";
import type { StateRule } from "../rule.ts";

export const tenantExpiredPin: StateRule = {
  id: "tenant/expired-pin",
  severity: "warning",
  summary: "a pin has expired",
  explanation:
    "An expired pin holds nothing: its devices follow their channel again, though the file still looks as if they were held.",
  failing: {
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example, expires: 2026-10-31}}}\n",
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example, expires: 2027-10-31}}}\n",
    },
  },
  *check({ state, now }) {
    for (const { label, document, path, pin } of pinsOfState(state)) {
      if (pin.expires === undefined || !isExpired(pin, now)) continue;
      yield {
        message: `the pin of ${label} to \`${pin.version}\` expired ${formatDuration(now - parseDate(pin.expires))} ago`,
        at: { document, path: [...path, "pin", "expires"] },
        label: "holds nothing any more",
        help: "remove the pin, or give it a new date and say why",
      };
    }
  },
};
