import { channelsWith } from "../channels-with.ts";
import { versionFile } from "../example-state.ts";
import type { StateRule } from "../rule.ts";

const UNPROMOTABLE = versionFile("1.1.0", "promotable: false\n");

export const channelPromotesUnpromotable: StateRule = {
  id: "channel/promotes-unpromotable",
  severity: "error",
  summary: "a change promotes a version that is to go to no further channel",
  explanation:
    "`promotable: false` lets a version stay where it is and takes it to no further channel: it is on trial, built for one customer, or on its way out. A channel that pointed to it before may go on doing so; one that moved on and comes back counts as a further one. Needs the state before the change (`--base`).",
  failing: {
    before: { "products/agent/channels/stable.yaml": "version: 1.0.0\n" },
    files: { "products/agent/versions/1.1.0.yaml": UNPROMOTABLE },
  },
  passing: {
    before: { "products/agent/channels/stable.yaml": "version: 1.1.0\n" },
    files: { "products/agent/versions/1.1.0.yaml": UNPROMOTABLE },
  },
  *check({ state, before }) {
    if (before === undefined) return;
    for (const { product, name, document } of channelsWith(state, "unpromotableVersion")) {
      const { version } = document.value;
      const release = product.versions.get(version);
      if (release?.value.promotable !== false) continue;
      const earlier = before.products.get(product.name)?.channels.get(name)?.value.version;
      if (earlier === version) continue;
      yield {
        message: `channel \`${name}\` is promoted to \`${version}\`, which may go to no further channel`,
        at: { document, path: ["version"] },
        label: earlier === undefined ? "new channel" : `was \`${earlier}\``,
        related: [{ at: { document: release, path: ["promotable"] }, label: "not promotable" }],
        help: "promote another version, or take `promotable: false` out of its file first",
      };
    }
  },
};
