import { pinsOfState } from "../../state/state-scopes.ts";
import type { StateRule } from "../rule.ts";

export const tenantOwnerlessPin: StateRule = {
  id: "tenant/ownerless-pin",
  severity: "warning",
  summary: "a pin has no owner",
  explanation:
    "Pins outlive the people who set them. A reason says why one was set; only an owner can say that it is needed no more. Without, nobody dares to remove it, and its devices miss every fix.",
  failing: { files: { "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0}}}\n" } },
  passing: {
    files: { "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n" },
  },
  besideTenants: () => [],
  *check({ state }) {
    for (const { label, document, path, pin } of pinsOfState(state)) {
      if (pin.owner !== undefined) continue;
      yield {
        message: `the pin of ${label} to \`${pin.version}\` has no owner`,
        at: { document, path: [...path, "pin"], part: "key" },
        help: "add `owner: ...`, a mail address or a team, and `reason: ...` where it has none",
      };
    }
  },
};
