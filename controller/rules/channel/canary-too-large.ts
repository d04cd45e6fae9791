import type { TenantState } from "../../../schemas/state.generated.ts";
import { canaryDevices } from "../canary-devices.ts";
import { channelsWith } from "../channels-with.ts";
import type { StateRule } from "../rule.ts";

export const channelCanaryTooLarge: StateRule = {
  id: "channel/canary-too-large",
  severity: "warning",
  summary: "the canaries are all devices that their tenant names",
  explanation:
    "Canaries are few devices that try a version before the others. When every device that the tenant names elsewhere is a canary too, nobody is left for the waves to protect.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 100, after: 1d}]\n  canary: {groups: [acme/canaries]}\n",
      "tenants/acme.yaml":
        "groups:\n  canaries: {devices: [d-1, d-2, d-3]}\n  tills: {devices: [d-2, d-3]}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 100, after: 1d}]\n  canary: {groups: [acme/canaries]}\n",
      "tenants/acme.yaml": "groups:\n  canaries: {devices: [d-1]}\n  tills: {devices: [d-2, d-3]}\n",
    },
  },
  *check({ state }) {
    for (const { name, document } of channelsWith(state, "canary")) {
      const groups = document.value.rollout?.canary?.groups ?? [];
      for (const [index, reference] of groups.entries()) {
        const [tenant = "", group = ""] = reference.split("/");
        const devices = canaryDevices(state, [reference]);
        const tenantDocument = state.tenants.get(tenant);
        if (devices === undefined || tenantDocument === undefined) continue;
        const others = devicesNamedOutside(tenantDocument.value, group);
        if (others.size < 2 || !others.isSubsetOf(devices)) continue;
        yield {
          message: `all ${others.size} devices that tenant \`${tenant}\` names elsewhere are canaries of channel \`${name}\``,
          at: { document, path: ["rollout", "canary", "groups", index] },
          related: [
            {
              at: { document: tenantDocument, path: ["groups", group], part: "key" },
              label: `${devices.size} devices`,
            },
          ],
          help: "keep few devices in the canary group",
        };
      }
    }
  },
};

function devicesNamedOutside(tenant: TenantState, canaryGroup: string): Set<string> {
  const devices = new Set(Object.keys(tenant.devices ?? {}));
  for (const [name, group] of Object.entries(tenant.groups ?? {})) {
    if (name === canaryGroup) continue;
    for (const device of group.devices ?? []) devices.add(device);
  }
  return devices;
}
