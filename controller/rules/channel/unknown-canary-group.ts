import { nearestMatch } from "../../diagnostics/nearest-match.ts";
import { listNames } from "../../state/product-versions.ts";
import type { SoundState } from "../../state/sound-state.ts";
import { channelsWith } from "../channels-with.ts";
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
    for (const { document } of channelsWith(state, "canary")) {
      for (const [index, group] of (document.value.rollout?.canary?.groups ?? []).entries()) {
        const tenantFile = `tenants/${group.split("/", 1)[0]}.yaml`;
        const isTenantBroken = state.files.has(tenantFile) && !isSound(state.tenants, group);
        if (isDefined(state.tenants, group) || isTenantBroken) continue;
        const known = new Set(groupsOf(state.tenants));
        const near = nearestMatch(group, known);
        yield {
          message: `canary group \`${group}\` does not exist`,
          at: { document, path: ["rollout", "canary", "groups", index] },
          notes: [`defined here: ${listNames(known)}`],
          help: near === undefined ? `define the group in ${tenantFile}` : `did you mean \`${near}\`?`,
        };
      }
    }
  },
};

function isDefined(tenants: SoundState["tenants"], reference: string): boolean {
  const slash = reference.indexOf("/");
  const groups = tenants.get(reference.slice(0, Math.max(slash, 0)))?.value.groups ?? {};
  return Object.hasOwn(groups, reference.slice(slash + 1));
}

function* groupsOf(tenants: SoundState["tenants"]): Generator<string> {
  for (const [tenant, { value }] of tenants) {
    for (const group of Object.keys(value.groups ?? {})) yield `${tenant}/${group}`;
  }
}

function isSound(tenants: ReadonlyMap<string, unknown>, group: string): boolean {
  return tenants.has(group.split("/", 1)[0] ?? "");
}
