import type { ProductRule } from "../rule.ts";

export const channelHaltedAndResumed: ProductRule = {
  id: "channel/halted-and-resumed",
  severity: "warning",
  summary: "one version is halted and resumed in one file",
  explanation:
    "`resumed` ends halts by the gate, which stand in no file. `halted` is a commit's own word and holds as long as it stands there, so the version goes nowhere, whatever `resumed` says. To stop a version again that was resumed, remove `resumed`: halts that it has ended stay ended.",
  failing: {
    files: {
      "products/agent/channels/stable.yaml":
        "version: 1.1.0\nhalted: {version: 1.1.0, reason: loses reports}\nresumed: {version: 1.1.0, at: 2026-11-01T06:00:00Z, reason: one site's proxy}\n",
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
      const { halted, resumed, version } = document.value;
      if (halted?.version !== version || resumed?.version !== version) continue;
      yield {
        message: `channel \`${name}\` halts and resumes \`${version}\``,
        at: { document, path: ["halted", "version"] },
        label: "holds",
        related: [{ at: { document, path: ["resumed", "version"] }, label: "does not end it" }],
        help: "remove `halted` to let it go on, or `resumed` to leave it stopped",
      };
    }
  },
};
