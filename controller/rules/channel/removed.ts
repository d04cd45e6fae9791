import type { StateRule } from "../rule.ts";

export const channelRemoved: StateRule = {
  id: "channel/removed",
  severity: "error",
  summary: "a channel is gone and nobody says why",
  needs: "before",
  explanation:
    "What state says of a channel that there is not is found by other rules. But machines choose channels, too, where `localOverrides` lets them: those that follow one that is gone are offered nothing more, and no fix reaches them. Where no machine follows it any more, name it under `removed` in fleet.yaml with the reason, as `fairlead channel remove` does. Needs the state before the change (`--base`).",
  failing: {
    before: { "products/agent/channels/beta.yaml": "version: 1.1.0\n" },
    files: {},
  },
  passing: {
    before: { "products/agent/channels/beta.yaml": "version: 1.1.0\n" },
    files: {
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nremoved: {channels: {agent/beta: {reason: nobody follows it}}}\n",
    },
  },
  *check({ state, before }) {
    if (before === undefined || state.fleet === undefined || before.products === state.products) return;
    const removed = state.fleet.value.removed?.channels ?? {};
    for (const [productName, earlier] of before.products) {
      // Of a product that is gone, `product/removed` speaks.
      if (state.products.get(productName) === earlier || !state.productNames.has(productName)) continue;
      for (const [name, { file }] of earlier.channels) {
        const channel = `${productName}/${name}`;
        if (state.files.has(file) || Object.hasOwn(removed, channel)) continue;
        yield {
          message: `channel \`${channel}\` is gone: machines that chose it get no update any more`,
          at: { file },
          help: `put it back; where nobody follows it, \`fairlead channel remove ${name} --product ${productName} --reason ...\` says so in fleet.yaml`,
        };
      }
    }
  },
};
