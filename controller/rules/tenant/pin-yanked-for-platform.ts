import { listNames, yankedPlatforms } from "../../state/product-versions.ts";
import { pinsOfState } from "../../state/state-scopes.ts";
import { versionYankedOnArm } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

export const tenantPinYankedForPlatform: StateRule = {
  id: "tenant/pin-yanked-for-platform",
  severity: "warning",
  summary: "a pin holds devices at a version that is yanked for their platform",
  explanation:
    "A version that is yanked for a platform is offered to no machine of it, pinned or not: they stay at what they have. Machines of other platforms take it as pinned.",
  failing: {
    files: {
      "products/agent/versions/1.0.0.yaml": versionYankedOnArm("1.0.0"),
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n",
    },
  },
  passing: {
    files: {
      "products/agent/versions/1.0.0.yaml": versionYankedOnArm("1.0.0"),
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.1.0, owner: ops@acme.example}}}\n",
    },
  },
  *check({ state }) {
    for (const { label, document, path, product, pin } of pinsOfState(state)) {
      const release = state.products.get(product)?.versions.get(pin.version);
      const platforms = release === undefined ? [] : yankedPlatforms(release);
      if (release === undefined || platforms.length === 0) continue;
      const where = listNames(platforms);
      yield {
        message: `${label} is pinned to \`${pin.version}\`, which is yanked for ${where}: its devices there get nothing`,
        at: { document, path: [...path, "pin", "version"] },
        related: [{ at: { document: release, path: ["artifacts"], part: "key" }, label: "yanked here" }],
        help: "pin a version that is active for all of its platforms, or remove the pin",
      };
    }
  },
};
