import { nearestMatch } from "../../diagnostics/nearest-match.ts";
import { listNames } from "../../state/product-versions.ts";
import { scopesOfState } from "../../state/state-scopes.ts";
import type { StateRule } from "../rule.ts";

export const tenantUnknownChannel: StateRule = {
  id: "tenant/unknown-channel",
  severity: "error",
  summary: "a scope names a channel that no product has",
  explanation:
    "A tenant, site, group or device says which channel it follows: for all products, or for one of them under `products`. A channel that does not exist offers nothing, and the devices stay where they are.",
  failing: { files: { "tenants/acme.yaml": "sites:\n  berlin: {channel: stabel}\n" } },
  passing: { files: { "tenants/acme.yaml": "sites:\n  berlin: {channel: stable}\n" } },
  besideTenants: ({ namesText }) => [namesText],
  *check({ state }) {
    const all = state.channelNames;
    for (const { label, document, path, settings, product } of scopesOfState(state)) {
      const { channel } = settings;
      if (channel === undefined) continue;
      const isKnown =
        product === undefined
          ? all.has(channel)
          : !state.products.has(product) || state.files.has(`products/${product}/channels/${channel}.yaml`);
      if (isKnown) continue;
      const known =
        product === undefined ? all : (state.products.get(product)?.channels.keys().toArray() ?? []);
      const near = nearestMatch(channel, known);
      const owner = product === undefined ? "no product has" : `product \`${product}\` does not have`;
      yield {
        message: `${label} follows channel \`${channel}\`, which ${owner}`,
        at: { document, path: [...path, "channel"] },
        notes: [`defined here: ${listNames(known)}`],
        help:
          near === undefined ? "name a channel that exists, or add its file" : `did you mean \`${near}\`?`,
      };
    }
  },
};
