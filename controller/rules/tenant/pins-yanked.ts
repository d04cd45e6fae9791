import { isYanked } from "../../state/product-versions.ts";
import { pinsOfState } from "../../state/state-scopes.ts";
import { earlierPin } from "../earlier-pin.ts";
import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

const YANKED = versionFile("1.0.0", "active: false\nyankReason: loses reports\n");

export const tenantPinsYanked: StateRule = {
  id: "tenant/pins-yanked",
  severity: "error",
  summary: "a change pins a version that is yanked",
  explanation:
    "A yank beats a pin: the version is offered to nobody, so a new pin to it holds devices at nothing. Needs the state before the change (`--base`).",
  failing: {
    before: {},
    files: {
      "products/agent/versions/1.0.0.yaml": YANKED,
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n",
    },
  },
  passing: {
    before: { "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n" },
    files: {
      "products/agent/versions/1.0.0.yaml": YANKED,
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n",
    },
  },
  *check({ state, before }) {
    if (before === undefined) return;
    for (const scope of pinsOfState(state)) {
      const { label, document, path, product, pin } = scope;
      const release = state.products.get(product)?.versions.get(pin.version);
      if (release === undefined || !isYanked(release)) continue;
      if (earlierPin(before, scope)?.version === pin.version) continue;
      yield {
        message: `${label} gets a pin to \`${pin.version}\`, which is yanked`,
        at: { document, path: [...path, "pin", "version"] },
        related: [{ at: { document: release, path: ["active"] }, label: "yanked here" }],
        help: "pin an active version; a yank beats a pin",
      };
    }
  },
};
