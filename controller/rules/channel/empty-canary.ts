import { parsePercent } from "../../../protocol/share.ts";
import { canaryDevices } from "../canary-devices.ts";
import { channelsWith } from "../channels-with.ts";
import type { StateRule } from "../rule.ts";

export const channelEmptyCanary: StateRule = {
  id: "channel/empty-canary",
  severity: "warning",
  summary: "a rollout has canaries, and no device is one",
  explanation:
    "Canaries get a version before the waves. When the groups that are named list no devices, and no share of the fleet is taken, the first wave is the first test.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nrollout:\n  waves: [{percent: 100, after: 1d}]\n  canary: {groups: [acme/canaries]}\n",
      "tenants/acme.yaml": "groups: {canaries: {}}\n",
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
    for (const { name, document } of channelsWith(state, "canary")) {
      const canary = document.value.rollout?.canary;
      if (canary === undefined) continue;
      const groups = canary.groups ?? [];
      const isKnown = groups.every((group) => canaryDevices(state, [group]) !== undefined);
      const share = canary.share === undefined ? 0 : parsePercent(canary.share);
      if (
        share > 0 ||
        !isKnown ||
        (canary.devices ?? []).length > 0 ||
        (canaryDevices(state, groups)?.size ?? 0) > 0
      )
        continue;
      yield {
        message: `the rollout of channel \`${name}\` has canaries, and no device is one`,
        at: { document, path: ["rollout", "canary"], part: "key" },
        help: "list devices in the group (`devices:`), select them (`match:`), or take a share: `canary: {share: 1%}`",
      };
    }
  },
};
