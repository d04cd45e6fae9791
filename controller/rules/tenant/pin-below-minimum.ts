import { orderOf } from "../../state/product-versions.ts";
import { isExpired, pinsOfState } from "../../state/state-scopes.ts";
import { channelOfScope } from "../channel-of-scope.ts";
import { minimumsOf } from "../minimum-versions.ts";
import type { StateRule } from "../rule.ts";

export const tenantPinBelowMinimum: StateRule = {
  id: "tenant/pin-below-minimum",
  severity: "error",
  summary: "a pin is below a minimum version",
  explanation:
    "Devices below the minimum must update at once, and the pin keeps them from it: the two contradict each other, and the pin wins. The minimum of the fleet, of the product and of the channel that the scope follows count.",
  failing: {
    files: {
      "products/agent/product.yaml": 'description: The agent.\nminVersion: "1.1.0"\n',
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n",
    },
  },
  passing: {
    files: {
      "products/agent/product.yaml": 'description: The agent.\nminVersion: "1.0.0"\n',
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n",
    },
  },
  *check({ state, now }) {
    for (const scope of pinsOfState(state)) {
      const { label, document, path, pin } = scope;
      const product = state.products.get(scope.product);
      if (product === undefined || isExpired(pin, now)) continue;
      for (const minimum of minimumsOf(state, product, channelOfScope(state, scope, product.name))) {
        if ((orderOf(product, pin.version, minimum.version) ?? 0) >= 0) continue;
        yield {
          message: `${label} is pinned to \`${pin.version}\`, below the minimum \`${minimum.version}\``,
          at: { document, path: [...path, "pin", "version"] },
          related: [{ at: { document: minimum.document, path: ["minVersion"] }, label: "the minimum" }],
          help: "pin a version that satisfies the minimum, or lower the minimum",
        };
      }
    }
  },
};
