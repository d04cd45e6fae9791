import { nearestMatch } from "../../diagnostics/nearest-match.ts";
import { listNames } from "../../state/product-versions.ts";
import type { StateRule } from "../rule.ts";

export const fleetUnknownChannel: StateRule = {
  id: "fleet/unknown-channel",
  severity: "error",
  summary: "the fleet's default channel does not exist",
  explanation:
    "Devices for which nothing nearer says a channel follow `defaultChannel`. When no product has it, they are offered nothing.",
  failing: { files: { "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stabel\n" } },
  passing: { files: { "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\n" } },
  *check({ state }) {
    const document = state.fleet;
    if (document === undefined || state.products.size === 0) return;
    const { defaultChannel } = document.value;
    const known = new Set([...state.products.values()].flatMap(({ channels }) => [...channels.keys()]));
    const isKnown = [...state.productNames].some((name) =>
      state.files.has(`products/${name}/channels/${defaultChannel}.yaml`),
    );
    if (isKnown) return;
    const near = nearestMatch(defaultChannel, known);
    yield {
      message: `the default channel \`${defaultChannel}\` does not exist in any product`,
      at: { document, path: ["defaultChannel"] },
      notes: [`channels of this state: ${listNames(known)}`],
      help: near === undefined ? "name a channel that exists, or add its file" : `did you mean \`${near}\`?`,
    };
  },
};
