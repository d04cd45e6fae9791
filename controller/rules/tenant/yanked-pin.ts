import { isYanked } from "../../state/product-versions.ts";
import { pinsOfState } from "../../state/state-scopes.ts";
import { earlierPin } from "../earlier-pin.ts";
import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

export const tenantYankedPin: StateRule = {
  id: "tenant/yanked-pin",
  severity: "warning",
  summary: "a pin holds devices at a yanked version",
  explanation:
    "A yanked version is offered to nobody, pinned or not: the devices stay at what they have. A yank must never have to wait for pins, so this is a warning; a change that pins a yanked version is an error (`tenant/pins-yanked`).",
  failing: {
    files: {
      "products/agent/versions/1.0.0.yaml": versionFile(
        "1.0.0",
        "active: false\nyankReason: loses reports\n",
      ),
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n",
    },
  },
  passing: {
    files: { "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n" },
  },
  *check({ state, before }) {
    for (const scope of pinsOfState(state)) {
      const { label, document, path, product, pin } = scope;
      const release = state.products.get(product)?.versions.get(pin.version);
      if (release === undefined || !isYanked(release)) continue;
      // A new pin to it is an error of its own: `tenant/pins-yanked`.
      if (before !== undefined && earlierPin(before, scope)?.version !== pin.version) continue;
      yield {
        message: `${label} is pinned to \`${pin.version}\`, which is yanked: its devices get nothing`,
        at: { document, path: [...path, "pin", "version"] },
        related: [{ at: { document: release, path: ["active"] }, label: "yanked here" }],
        help: "pin an active version, or remove the pin",
      };
    }
  },
};
