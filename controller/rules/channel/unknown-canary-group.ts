import { nearestMatch } from "../../diagnostics/nearest-match.ts";
import { listNames } from "../../state/product-versions.ts";
import type { StateRule } from "../rule.ts";

export const channelUnknownCanaryGroup: StateRule = {
  id: "channel/unknown-canary-group",
  severity: "error",
  summary: "a canary group does not exist",
  explanation:
    "Canary groups are named as `tenant/group`. A group that no tenant defines has no devices, so the rollout would have no canaries and look as if it had.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 100, after: 1d}]\n  canary: {groups: [acme/canary]}\n",
      "tenants/acme.yaml": "groups: {canaries: {devices: [d-1]}}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 100, after: 1d}]\n  canary: {groups: [acme/canaries]}\n",
      "tenants/acme.yaml": "groups: {canaries: {devices: [d-1]}}\n",
    },
  },
  *check({ state }) {
    const known = new Set<string>();
    for (const [tenant, { value }] of state.tenants) {
      for (const group of Object.keys(value.groups ?? {})) known.add(`${tenant}/${group}`);
    }
    for (const product of state.products.values()) {
      for (const document of product.channels.values()) {
        for (const [index, group] of (document.value.rollout?.canary?.groups ?? []).entries()) {
          const tenantFile = `tenants/${group.split("/", 1)[0]}.yaml`;
          const isTenantBroken = state.files.has(tenantFile) && !isSound(state.tenants, group);
          if (known.has(group) || isTenantBroken) continue;
          const near = nearestMatch(group, known);
          yield {
            message: `canary group \`${group}\` does not exist`,
            at: { document, path: ["rollout", "canary", "groups", index] },
            notes: [`defined here: ${listNames(known)}`],
            help: near === undefined ? `define the group in ${tenantFile}` : `did you mean \`${near}\`?`,
          };
        }
      }
    }
  },
};

function isSound(tenants: ReadonlyMap<string, unknown>, group: string): boolean {
  return tenants.has(group.split("/", 1)[0] ?? "");
}
