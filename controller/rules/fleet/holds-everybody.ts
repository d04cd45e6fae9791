import type { StateRule } from "../rule.ts";

export const fleetHoldsEverybody: StateRule = {
  id: "fleet/holds-everybody",
  severity: "warning",
  summary: "unknown devices are held, and there is no tenant that could name one",
  explanation:
    "With `unknownDevices: hold` only devices of tenants that state has are updated. Without any tenant that is nobody.",
  failing: {
    files: {
      "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\nunknownDevices: hold\n",
      "tenants/acme.yaml": null,
    },
  },
  passing: {
    files: { "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\nunknownDevices: hold\n" },
  },
  *check({ state }) {
    if (state.fleet?.value.unknownDevices !== "hold" || state.tenants.size > 0) return;
    yield {
      message: "no device is updated: unknown ones are held, and no tenant names any",
      at: { document: state.fleet, path: ["unknownDevices"] },
      help: "add a tenant with `fairlead tenant`, or take `unknownDevices` out",
    };
  },
};
