import { nearestMatch } from "../../diagnostics/nearest-match.ts";
import { listNames } from "../../state/product-versions.ts";
import { scopesOfState } from "../../state/state-scopes.ts";
import type { StateRule } from "../rule.ts";

export const tenantUnknownProduct: StateRule = {
  id: "tenant/unknown-product",
  severity: "error",
  summary: "a scope speaks of a product that does not exist",
  explanation:
    "What a scope says under `products` is about a product of this state. For any other name it has no effect.",
  failing: { files: { "tenants/acme.yaml": "products: {agnet: {autoUpdate: false}}\n" } },
  passing: { files: { "tenants/acme.yaml": "products: {agent: {autoUpdate: false}}\n" } },
  besideTenants: ({ namesText }) => [namesText],
  *check({ state }) {
    for (const { label, document, path, product } of scopesOfState(state)) {
      if (product === undefined || state.productNames.has(product)) continue;
      const near = nearestMatch(product, state.productNames);
      yield {
        message: `${label} speaks of product \`${product}\`, which does not exist`,
        at: { document, path, part: "key" },
        notes: [`products of this state: ${listNames(state.productNames)}`],
        help: near === undefined ? `add products/${product}/product.yaml` : `did you mean \`${near}\`?`,
      };
    }
  },
};
