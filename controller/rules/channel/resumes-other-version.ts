import type { ProductRule } from "../rule.ts";

export const channelResumesOtherVersion: ProductRule = {
  id: "channel/resumes-other-version",
  severity: "warning",
  summary: "a resumption is of a version that the channel does not point to",
  explanation:
    "`resumed` lets one version go on after a halt by the gate. Once the channel points to another it ends nothing, and whoever reads it may think that it does.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nresumed: {version: 1.0.0, at: 2026-11-01T06:00:00Z, reason: one site's proxy}\n",
    },
  },
  passing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nresumed: {version: 1.1.0, at: 2026-11-01T06:00:00Z, reason: one site's proxy}\n",
    },
  },
  *checkProduct(product) {
    for (const [name, document] of product.channels) {
      const { resumed, version } = document.value;
      if (resumed === undefined || resumed.version === version) continue;
      yield {
        message: `channel \`${name}\` resumes \`${resumed.version}\` and points to \`${version}\``,
        at: { document, path: ["resumed", "version"] },
        label: "ends nothing",
        related: [{ at: { document, path: ["version"] }, label: "what the channel points to" }],
        help: "remove `resumed`, or name the version that is to go on",
      };
    }
  },
};
