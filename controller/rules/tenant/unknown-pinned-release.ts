import { hasVersion, unknownVersion } from "../../state/product-versions.ts";
import { pinsOfState } from "../../state/state-scopes.ts";
import { commitName } from "../commit-name.ts";
import type { StateRule } from "../rule.ts";

export const tenantUnknownPinnedRelease: StateRule = {
  id: "tenant/unknown-pinned-release",
  severity: "error",
  summary: "a pin names a version that no file defines",
  explanation:
    "A pin holds devices at exactly one version. When that version does not exist, the devices follow neither the pin nor the channel.",
  failing: {
    files: { "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.1, owner: ops@acme.example}}}\n" },
  },
  passing: {
    files: { "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n" },
  },
  *check({ state }) {
    for (const { label, document, path, product, pin } of pinsOfState(state)) {
      const model = state.products.get(product);
      if (model === undefined || hasVersion(state.files, model, pin.version)) continue;
      yield {
        message: `${label} is pinned to release \`${pin.version}\`, which no file defines`,
        at: { document, path: [...path, "pin", "version"] },
        label: `no such release in ${commitName(state)}`,
        ...unknownVersion(model, pin.version),
      };
    }
  },
};
