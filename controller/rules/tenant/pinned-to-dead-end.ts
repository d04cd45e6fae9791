import { isYanked } from "../../state/product-versions.ts";
import { pinsOfState } from "../../state/state-scopes.ts";
import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

const DEAD_END = versionFile("1.0.0", "deadEnd: {reason: cannot update itself}\n");

export const tenantPinnedToDeadEnd: StateRule = {
  id: "tenant/pinned-to-dead-end",
  severity: "warning",
  summary: "a pin names a dead end",
  explanation:
    "No way leads up from a dead end, so no machine is sent there, pinned or not: devices that run another version stay at what they have, and a new one gets nothing.",
  failing: {
    files: {
      "products/agent/versions/1.0.0.yaml": DEAD_END,
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n",
    },
  },
  passing: {
    files: {
      "products/agent/versions/1.0.0.yaml": DEAD_END,
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.1.0, owner: ops@acme.example}}}\n",
    },
  },
  *check({ state }) {
    for (const { label, document, path, product, pin } of pinsOfState(state)) {
      const release = state.products.get(product)?.versions.get(pin.version);
      // Of a yanked one `tenant/yanked-pin` says that it is given to nobody.
      if (release?.value.deadEnd === undefined || isYanked(release)) continue;
      yield {
        message: `${label} is pinned to \`${pin.version}\`, which is a dead end: no device is sent there`,
        at: { document, path: [...path, "pin", "version"] },
        related: [{ at: { document: release, path: ["deadEnd"] }, label: "a dead end" }],
        help: "pin another version, or remove the pin",
      };
    }
  },
};
