import { hasVersion, unknownVersion } from "../../state/product-versions.ts";
import { channelsWith } from "../channels-with.ts";
import { commitName } from "../commit-name.ts";
import type { StateRule } from "../rule.ts";

export const channelUnknownRelease: StateRule = {
  id: "channel/unknown-release",
  severity: "error",
  summary: "a channel points to a version that no file defines",
  explanation:
    "A channel names the version that its devices should run. Without a file for it in `versions/` there is nothing to install, and devices would stay where they are without anybody knowing why.",
  failing: { files: { "products/agent/channels/stable.yaml": "version: 1.1.1\n" } },
  passing: { files: { "products/agent/channels/stable.yaml": "version: 1.1.0\n" } },
  *check({ state }) {
    for (const { product, name, document } of channelsWith(state, "unknownVersion")) {
      const { version } = document.value;
      if (hasVersion(state.files, product, version)) continue;
      yield {
        message: `channel \`${name}\` points to release \`${version}\`, which no file defines`,
        at: { document, path: ["version"] },
        label: `no such release in ${commitName(state)}`,
        ...unknownVersion(product, version),
      };
    }
  },
};
