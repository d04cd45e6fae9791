import { pinsOfState } from "../../state/state-scopes.ts";
import { earlierPin } from "../earlier-pin.ts";
import type { StateRule } from "../rule.ts";

export const tenantPinMoved: StateRule = {
  id: "tenant/pin-moved",
  severity: "warning",
  summary: "a pin moves to another version, and its reason stays",
  needs: "before",
  explanation:
    "A pin is there for a reason that is usually about its version (a certified build, a vendor's case). When the version changes and the reason does not, one of the two is likely to be wrong. Needs the state before the change (`--base`).",
  failing: {
    before: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0, reason: certified build, owner: ops@acme.example}}}\n",
    },
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.1.0, reason: certified build, owner: ops@acme.example}}}\n",
    },
  },
  passing: {
    before: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.0.0, reason: certified build, owner: ops@acme.example}}}\n",
    },
    files: {
      "tenants/acme.yaml":
        "products: {agent: {pin: {version: 1.1.0, reason: certified again in May, owner: ops@acme.example}}}\n",
    },
  },
  *check({ state, before }) {
    if (before === undefined) return;
    for (const scope of pinsOfState(state)) {
      const { label, document, path, pin } = scope;
      const earlier = earlierPin(before, scope);
      if (earlier === undefined || earlier.version === pin.version) continue;
      if (pin.reason === undefined || pin.reason !== earlier.reason) continue;
      yield {
        message: `the pin of ${label} moves from \`${earlier.version}\` to \`${pin.version}\`, and its reason stays`,
        at: { document, path: [...path, "pin", "version"] },
        label: `was \`${earlier.version}\``,
        related: [{ at: { document, path: [...path, "pin", "reason"] }, label: "unchanged" }],
        help: "say why the new version is the right one",
      };
    }
  },
};
