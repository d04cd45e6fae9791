import { pinsOfState } from "../../state/state-scopes.ts";
import type { StateRule } from "../rule.ts";

export const tenantOwnerlessPin: StateRule = {
  id: "tenant/ownerless-pin",
  severity: "warning",
  summary: "a pin has neither an owner nor a reason",
  explanation:
    "Pins outlive the people who set them. Without an owner or a reason nobody dares to remove one, and its devices miss every fix.",
  failing: { files: { "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0}}}\n" } },
  passing: {
    files: { "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n" },
  },
  besideTenants: () => [],
  *check({ state }) {
    for (const { label, document, path, pin } of pinsOfState(state)) {
      if (pin.owner !== undefined || pin.reason !== undefined) continue;
      yield {
        message: `the pin of ${label} to \`${pin.version}\` has neither an owner nor a reason`,
        at: { document, path: [...path, "pin"], part: "key" },
        help: "add `owner: ...` and `reason: ...`",
      };
    }
  },
};
